/// Text on its way through normalizers and pre-tokenizers, with the place in the original that each
/// byte came from, where that is asked for.
struct AlignedText {
  /// Valid UTF-8.
  var bytes: [UInt8] = []
  /// For each byte `start << 32 | end` of the original bytes that it stands for; empty when places are
  /// not kept.
  var spans: [UInt64] = []
  /// Whether places are kept.
  var keepsSpans: Bool
  /// The original place of the text's start: what has nothing before it is taken to come from there.
  var origin: Int = 0

  init(keepsSpans: Bool) { self.keepsSpans = keepsSpans }

  /// `start << 32 | end`.
  @inline(__always)
  static func span(_ start: Int, _ end: Int) -> UInt64 {
    UInt64(UInt32(truncatingIfNeeded: start)) << 32 | UInt64(UInt32(truncatingIfNeeded: end))
  }

  /// A part of an original text, as it is.
  init(_ text: UnsafeRawBufferPointer, _ range: Range<Int>, keepsSpans: Bool) {
    self.keepsSpans = keepsSpans
    origin = range.lowerBound
    set(text, range)
  }

  /// Takes over a part of an original text, as it is; storage is used again.
  mutating func set(_ text: UnsafeRawBufferPointer, _ range: Range<Int>) {
    bytes.removeAll(keepingCapacity: true)
    spans.removeAll(keepingCapacity: true)
    origin = range.lowerBound
    bytes.append(contentsOf: UnsafeRawBufferPointer(rebasing: text[range]))
    guard keepsSpans else { return }
    var index = range.lowerBound
    while index < range.upperBound {
      let next = min(UTF8Scalars.read(text, index).next, range.upperBound)
      spans.append(contentsOf: repeatElement(Self.span(index, next), count: next - index))
      index = next
    }
  }

  /// The original bytes that a range stands for; a range without bytes has the place of what it begins at.
  func original(_ range: Range<Int>) -> Range<Int> {
    guard !range.isEmpty, range.upperBound <= spans.count else { return origin..<origin }
    let start = Int(spans[range.lowerBound] >> 32)
    let end = Int(spans[range.upperBound - 1] & 0xffff_ffff)
    return start..<max(start, end)
  }
}

/// Rewrites an `AlignedText` from front to back, code point by code point.
struct TextRewriter {
  private let source: AlignedText
  private var offset = 0
  private(set) var result: AlignedText

  init(_ source: AlignedText) {
    self.source = source
    result = AlignedText(keepsSpans: source.keepsSpans)
    result.origin = source.origin
    result.bytes.reserveCapacity(source.bytes.count + 16)
    if source.keepsSpans { result.spans.reserveCapacity(source.bytes.count + 16) }
  }

  /// The bytes that are rewritten.
  var bytes: [UInt8] { source.bytes }

  /// Puts a code point in the place of the next one.
  mutating func replace(with code: UInt32) {
    append(code, at: offset)
    skip()
  }

  /// Puts a code point between: it belongs to what was read last.
  mutating func insert(_ code: UInt32) {
    append(code, at: offset - 1)
  }

  private mutating func append(_ code: UInt32, at place: Int) {
    let first = result.bytes.count
    UTF8Scalars.append(code, to: &result.bytes)
    guard result.keepsSpans else { return }
    let span =
      place < 0 || source.spans.isEmpty
      ? AlignedText.span(source.origin, source.origin)
      : source.spans[min(place, source.spans.count - 1)]
    result.spans.append(contentsOf: repeatElement(span, count: result.bytes.count - first))
  }

  /// Leaves the next code point out.
  mutating func skip() {
    guard offset < source.bytes.count else { return }
    offset += 1
    while offset < source.bytes.count, source.bytes[offset] & 0xc0 == 0x80 { offset += 1 }
  }

  /// Keeps everything up to byte `end` as it is.
  mutating func copy(to end: Int) {
    guard end > offset else { return }
    result.bytes.append(contentsOf: source.bytes[offset..<end])
    if result.keepsSpans { result.spans.append(contentsOf: source.spans[offset..<end]) }
    offset = end
  }

  /// Leaves everything up to byte `end` out.
  mutating func skip(to end: Int) { offset = max(offset, end) }

  /// Applies changes as `UnicodeNormalizer` gives them.
  mutating func apply(_ change: Int32, _ code: UInt32) {
    if change > 0 {
      insert(code)
    } else {
      replace(with: code)
      var left = change
      while left < 0 {
        skip()
        left += 1
      }
    }
  }
}
