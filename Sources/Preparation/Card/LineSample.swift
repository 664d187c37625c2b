internal import Glibc

/// A uniform sample of the lines of all kept documents, from which the most repeated ones are told.
///
/// Every line gets a number from a hash of its place (input, byte and text of its document, count); the
/// sample holds the `capacity` lines with the smallest numbers. So it is a function of the set of lines
/// alone: parts merge in any order, and up to `capacity` lines all are in it and all counts exact. Above,
/// a line that makes up a share p of all lines is missed with the probability (1 - p)^capacity: 1 in 26
/// at p = 0.01 %, never to speak of at 0.1 %; its count has the relative standard error
/// 1 / sqrt(p * capacity).
struct LineSample: Sendable {
  /// One line at one place. Its text lies in `texts`: entries that are moved about while they are
  /// sorted count no references.
  struct Entry: BitwiseCopyable, Sendable {
    var order: UInt64
    /// A hash of the whole line.
    var hash: UInt64
    /// Where its first bytes lie.
    var start: Int32
    var count: Int32

    var range: Range<Int> { Int(start)..<Int(start) + Int(count) }

    /// Lines of one number and one hash are one line: their texts need no order.
    static func precedes(_ one: Entry, _ two: Entry) -> Bool {
      one.order != two.order ? one.order < two.order : one.hash < two.hash
    }
  }

  /// The most lines kept.
  static let capacity = 1 << 15
  /// Bytes kept of a line, at most.
  static let textBytes = 96

  /// All lines seen.
  private(set) var lines = 0
  private var entries: [Entry] = []
  private var texts: [UInt8] = []
  /// Higher numbers are not in the sample.
  private var threshold = UInt64.max

  init() {}

  /// From `lines`, and what `forEach` gave: at most `capacity` lines of a few hundred bytes.
  init(lines: Int, entries: [(order: UInt64, hash: UInt64, text: [UInt8])]) {
    self.lines = lines
    for entry in entries {
      entry.text.withUnsafeBytes { append(entry.order, entry.hash, $0) }
    }
    trim()
  }

  /// Calls `body` with the number, the hash and the first bytes of each line of the sample, in the order
  /// of their numbers.
  func forEach(_ body: (UInt64, UInt64, UnsafeRawBufferPointer) -> Void) {
    let sample = ordered
    sample.texts.withUnsafeBytes { texts in
      for entry in sample.entries {
        body(entry.order, entry.hash, UnsafeRawBufferPointer(rebasing: texts[entry.range]))
      }
    }
  }

  /// Whether all lines are in it.
  var isComplete: Bool { lines <= Self.capacity }

  /// Takes the lines of a document; blanks around a line do not count, empty lines are none.
  mutating func add(_ text: UnsafeRawBufferPointer, place: DocumentPlace) {
    guard let base = text.baseAddress else { return }
    // Texts that were cut from one document have one place: their beginnings tell them apart.
    let document = Mixing.combine(
      Mixing.combine(
        UInt64(truncatingIfNeeded: place.input), UInt64(truncatingIfNeeded: place.byte)),
      Mixing.bytes(text, 0..<min(text.count, 256)) &+ UInt64(text.count))
    var (start, number) = (0, UInt64(0))
    while start < text.count {
      let feed = memchr(base + start, 0x0a, text.count - start)
      let next = feed.map { UnsafeRawPointer($0) - base } ?? text.count
      var (first, end) = (start, next)
      start = next + 1
      while first < end, text[first] <= 0x20 { first += 1 }
      guard first < end else { continue }
      number += 1
      lines += 1
      let order = Mixing.combine(document, number)
      guard order <= threshold else { continue }
      while end > first, text[end - 1] <= 0x20 { end -= 1 }
      var cut = min(end, first + Self.textBytes)
      while cut < end, cut > first, text[cut] & 0xc0 == 0x80 { cut -= 1 }
      append(
        order, Mixing.bytes(text, first..<end), UnsafeRawBufferPointer(rebasing: text[first..<cut]))
      if entries.count >= Self.capacity * 2 { trim() }
    }
  }

  mutating func merge(_ other: LineSample) {
    guard !entries.isEmpty else {
      let own = lines
      self = other
      lines += own
      return
    }
    lines += other.lines
    other.texts.withUnsafeBytes { texts in
      for entry in other.entries where entry.order <= threshold {
        append(entry.order, entry.hash, UnsafeRawBufferPointer(rebasing: texts[entry.range]))
      }
    }
    trim()
  }

  private mutating func append(_ order: UInt64, _ hash: UInt64, _ text: UnsafeRawBufferPointer) {
    // At most `textBytes` of each of some 100,000 lines: far from the end of Int32.
    entries.append(
      Entry(order: order, hash: hash, start: Int32(texts.count), count: Int32(text.count)))
    texts.append(contentsOf: text)
  }

  /// Keeps the `capacity` lines with the smallest numbers, in no order.
  private mutating func trim() {
    guard entries.count >= Self.capacity else { return }
    threshold = SmallestNumbers.largest(of: Self.capacity, in: entries.map(\.order))
    guard entries.count > Self.capacity else { return }
    // Lines of the last number are those of places that cannot be told apart: hashes order them.
    var last = entries.filter { $0.order == threshold }
    entries.removeAll { $0.order >= threshold }
    if last.count > 1 { last.sort(by: Entry.precedes) }
    entries.append(contentsOf: last.prefix(Self.capacity - entries.count))
    compact()
  }

  /// The sample in the order of its numbers.
  private var ordered: LineSample {
    var copy = self
    copy.trim()
    copy.entries.sort(by: Entry.precedes)
    return copy
  }

  /// Drops the texts of entries that are no more.
  private mutating func compact() {
    var kept: [UInt8] = []
    kept.reserveCapacity(Self.capacity * Self.textBytes)
    texts.withUnsafeBytes { texts in
      for index in entries.indices {
        let range = entries[index].range
        entries[index].start = Int32(kept.count)
        kept.append(contentsOf: texts[range])
      }
    }
    texts = kept
  }

  /// The lines that are in the sample more than once, most first (then by text): how often, and the
  /// first bytes.
  func repeated(_ limit: Int) -> [(count: Int, text: String)] {
    var counts: [UInt64: (count: Int, first: Int)] = [:]
    let sample = ordered
    counts.reserveCapacity(sample.entries.count)
    for (index, entry) in sample.entries.enumerated() {
      counts[entry.hash, default: (0, index)].count += 1
    }
    var found: [(count: Int, text: ArraySlice<UInt8>)] = []
    for (count, first) in counts.values where count > 1 {
      found.append((count, sample.texts[sample.entries[first].range]))
    }
    found.sort { one, two in
      one.count != two.count
        ? one.count > two.count : one.text.lexicographicallyPrecedes(two.text)
    }
    return found.prefix(limit).map { ($0.count, String(decoding: $0.text, as: UTF8.self)) }
  }
}
