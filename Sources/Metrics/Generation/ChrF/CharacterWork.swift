internal import Glibc

/// One worker's tools for character n-grams: code points numbered from 0 in order of first sight,
/// and words as chrF++ takes them.
final class CharacterWork {
  /// Number and stamp of every code point; zeroed by the system page by page as they are touched.
  private let numbers: UnsafeMutablePointer<UInt64>
  private var stamp: UInt64 = 0
  private var lowered: [UInt8] = []
  private var ids: [Int32] = []
  private var ends: [Int] = []
  private var count = 0
  /// Distinct code points of text 0.
  private(set) var distinct = 0
  let matcher = NGramMatcher()
  /// The words of all texts.
  var words = TokenList()
  let index = TokenIndex()
  /// Distinct words of text 0.
  private(set) var distinctWords = 0

  init() {
    let memory = calloc(0x110000, MemoryLayout<UInt64>.stride)
    numbers =
      memory?.assumingMemoryBound(to: UInt64.self)
      ?? {
        // The system is out of memory: the same, allocated the way that ends the process.
        let pointer = UnsafeMutablePointer<UInt64>.allocate(capacity: 0x110000)
        pointer.initialize(repeating: 0, count: 0x110000)
        return pointer
      }()
  }

  deinit { free(numbers) }

  /// Reads an example: text 0 is the hypothesis.
  func read(_ hypothesis: String, _ references: [String], _ options: ChrFOptions) {
    stamp += 1
    count = 0
    ids.removeAll(keepingCapacity: true)
    ends.removeAll(keepingCapacity: true)
    words.removeAll()
    append(hypothesis, options)
    distinct = count
    for reference in references { append(reference, options) }
    guard options.wordOrder > 0 else { return }
    index.removeAll(expected: words.ranges.count)
    index.append(words, text: 0)
    distinctWords = index.count
    for text in 1..<max(1, words.ends.count) { index.append(words, text: text) }
  }

  /// Numbers of a text's code points, and whether the body's result is wanted of the words instead.
  func withCharacters<Result>(
    _ text: Int, _ body: (UnsafeBufferPointer<Int32>) -> Result
  ) -> Result {
    let start = text > 0 ? ends[text - 1] : 0
    return ids.withUnsafeBufferPointer {
      body(UnsafeBufferPointer(rebasing: $0[start..<ends[text]]))
    }
  }

  /// Numbers of a text's words, valid until the next example.
  func wordNumbers(_ text: Int) -> UnsafeBufferPointer<Int32> {
    let range = words.tokens(ofText: text)
    return UnsafeBufferPointer(start: index.numbers.base + range.lowerBound, count: range.count)
  }

  private func append(_ text: String, _ options: ChrFOptions) {
    var text = text
    text.withUTF8 { utf8 in
      let bytes = UnsafeRawBufferPointer(utf8)
      if options.isLowercase {
        lowered.removeAll(keepingCapacity: true)
        PythonLower.table.append(bytes, to: &lowered)
        let copy = lowered
        copy.withUnsafeBytes { append($0, options) }
      } else {
        append(bytes, options)
      }
    }
    ends.append(ids.count)
  }

  private func append(_ bytes: UnsafeRawBufferPointer, _ options: ChrFOptions) {
    ids.reserveCapacity(ids.count + bytes.count)
    var index = 0
    while index < bytes.count {
      let blank = options.keepsWhitespace ? 0 : PythonBlank.length(bytes, index)
      if blank > 0 {
        index += blank
        continue
      }
      let (scalar, length) = Scalars.read(bytes, index)
      let entry = numbers + Int(min(scalar, 0x10ffff))
      if entry.pointee >> 32 != stamp {
        entry.pointee = stamp << 32 | UInt64(count)
        count += 1
      }
      ids.append(Int32(truncatingIfNeeded: entry.pointee))
      index += length
    }
    if options.wordOrder > 0 { appendWords(bytes) }
  }

  /// One ASCII punctuation mark is taken off the end of a word, or else off its start: `(hi)` is
  /// `(hi` and `)`.
  private func appendWords(_ bytes: UnsafeRawBufferPointer) {
    let base = words.appendBytes(bytes)
    func append(_ start: Int, _ end: Int) {
      let isSingle = Scalars.read(bytes, start).length == end - start
      if isSingle {
        words.append(base + start, base + end)
      } else if Self.isPunctuation(bytes[end - 1]) {
        words.append(base + start, base + end - 1)
        words.append(base + end - 1, base + end)
      } else if Self.isPunctuation(bytes[start]) {
        words.append(base + start, base + start + 1)
        words.append(base + start + 1, base + end)
      } else {
        words.append(base + start, base + end)
      }
    }
    var start = 0
    var index = 0
    while index < bytes.count {
      let length = PythonBlank.length(bytes, index)
      if length == 0 {
        index += 1
        continue
      }
      if start < index { append(start, index) }
      index += length
      start = index
    }
    if start < index { append(start, index) }
    words.endText()
  }

  private static func isPunctuation(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x21...0x2f, 0x3a...0x40, 0x5b...0x60, 0x7b...0x7e: true
    default: false
    }
  }
}
