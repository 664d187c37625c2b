/// The tokens of the texts of one example, one text behind the other.
///
/// | part | content |
/// |---|---|
/// | `bytes` | what the tokens are made of, and eight zero bytes behind each text |
/// | `ranges` | one range of `bytes` a token |
/// | `ends` | behind the last token of each text |
///
/// So a load of eight bytes at any token stays inside.
struct TokenList {
  /// Where a token lies in `bytes`.
  struct Place {
    var start: Int32
    var end: Int32
    var count: Int { Int(end - start) }
  }
  /// The most bytes of an example: offsets and the numbers of its n-grams, up to 16 a byte, are 32
  /// bits.
  static let limit = 1 << 27

  private(set) var bytes: [UInt8] = []
  private(set) var ranges: [Place] = []
  private(set) var ends: [Int] = []

  /// No text.
  mutating func removeAll() {
    bytes.removeAll(keepingCapacity: true)
    ranges.removeAll(keepingCapacity: true)
    ends.removeAll(keepingCapacity: true)
  }

  /// Appends the bytes of a text; what it returns is added to the offsets of its tokens.
  mutating func appendBytes(_ text: UnsafeRawBufferPointer) -> Int {
    let base = bytes.count
    bytes.append(contentsOf: text)
    bytes.append(contentsOf: repeatElement(0, count: 8))
    return base
  }

  /// Appends one token by its place in `bytes`.
  @inline(__always)
  mutating func append(_ start: Int, _ end: Int) {
    ranges.append(
      Place(start: Int32(truncatingIfNeeded: start), end: Int32(truncatingIfNeeded: end)))
  }

  /// Ends a text.
  mutating func endText() { ends.append(ranges.count) }

  /// The tokens of one text, as places in `ranges`.
  func tokens(ofText text: Int) -> Range<Int> { (text > 0 ? ends[text - 1] : 0)..<ends[text] }

  /// A token as a string.
  func string(_ token: Int) -> String {
    let place = ranges[token]
    return String(decoding: bytes[Int(place.start)..<Int(place.end)], as: UTF8.self)
  }
}
