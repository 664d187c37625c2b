internal import DSXCore
internal import Glibc

/// The words of a jieba dictionary file: UTF-8 lines `word frequency [tag]`.
///
/// As jieba's `gen_pfdict`: blanks at both ends of a line are dropped, the line is split at single
/// ASCII blanks, the last frequency of a word wins, and every line counts in the total.
struct DictionaryText {
  /// One line: where its word lies in the file, and its frequency.
  struct Entry {
    var word: Range<Int>
    var frequency: UInt64
  }
  /// Longer words are refused; the longest of jieba's own has 48 bytes.
  static let maximumWordBytes = 4096
  /// Up to here a double holds every integer, so that the logarithms are Python's.
  static let maximumFrequency: UInt64 = 1 << 53
  /// The lines in order.
  private(set) var entries: [Entry] = []
  /// The sum of all frequencies.
  private(set) var total: UInt64 = 0

  init(_ bytes: UnsafeRawBufferPointer) throws(DSXError) {
    if let bad = UTF8Validation.firstInvalid(bytes) {
      throw DSXError(.malformed, "the dictionary is not valid UTF-8", byte: bad)
    }
    entries.reserveCapacity(bytes.count / 14)
    var start = 0
    var line = 0
    while start < bytes.count, let base = bytes.baseAddress {
      line += 1
      let feed = memchr(base + start, 0x0a, bytes.count - start)
      let end = feed.map { UnsafeRawPointer($0) - base } ?? bytes.count
      let entry = try Self.entry(bytes, start..<end, line: line)
      entries.append(entry)
      let (sum, overflow) = total.addingReportingOverflow(entry.frequency)
      guard !overflow, sum <= UInt64(Int64.max) else {
        throw DSXError(.malformed, "the frequencies add up to more than 63 bits", line: line)
      }
      total = sum
      start = end + 1
    }
    guard total > 0 else {
      throw DSXError(.malformed, "the dictionary holds no word with a frequency above 0")
    }
  }

  /// ASCII white space as Python's `bytes.strip`.
  static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || (byte >= 0x09 && byte <= 0x0d) }

  private static func entry(_ bytes: UnsafeRawBufferPointer, _ line: Range<Int>, line number: Int)
    throws(DSXError) -> Entry
  {
    var (start, end) = (line.lowerBound, line.upperBound)
    while start < end, isBlank(bytes[start]) { start += 1 }
    while end > start, isBlank(bytes[end - 1]) { end -= 1 }
    var wordEnd = start
    while wordEnd < end, bytes[wordEnd] != 0x20 { wordEnd += 1 }
    var index = wordEnd + 1
    var value: UInt64 = 0
    while index < end, bytes[index] &- 0x30 <= 9, value <= maximumFrequency {
      value = value * 10 + UInt64(bytes[index] &- 0x30)
      index += 1
    }
    let closed = index >= end || bytes[index] == 0x20
    guard wordEnd > start, wordEnd - start <= maximumWordBytes, index > wordEnd + 1, closed,
      value <= maximumFrequency
    else {
      throw DSXError(
        .malformed, "not a dictionary line", line: number,
        hint: "a line is a word, one blank and its frequency (a number up to 2^53)")
    }
    return Entry(word: start..<wordEnd, frequency: value)
  }
}
