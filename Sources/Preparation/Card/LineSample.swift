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
  /// One line at one place.
  struct Entry: Hashable, Sendable, Comparable {
    var order: UInt64
    /// A hash of the whole line.
    var hash: UInt64
    /// Its first bytes.
    var text: [UInt8]

    static func < (one: Entry, two: Entry) -> Bool {
      (one.order, one.hash) < (two.order, two.hash)
    }
  }

  /// The most lines kept.
  static let capacity = 1 << 15
  /// Bytes kept of a line.
  static let textBytes = 96

  /// All lines seen.
  private(set) var lines = 0
  private var entries: [Entry] = []
  /// Higher numbers are not in the sample.
  private var threshold = UInt64.max

  init() {}

  /// From what `lines` and `sorted` gave.
  init(lines: Int, entries: [Entry]) {
    self.lines = lines
    self.entries = entries
    trim()
  }

  /// The sample in the order of its numbers.
  var sorted: [Entry] {
    var copy = self
    copy.trim()
    return copy.entries
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
      entries.append(
        Entry(
          order: order, hash: Mixing.bytes(text, first..<end), text: Array(text[first..<cut])))
      if entries.count >= Self.capacity * 2 { trim() }
    }
  }

  mutating func merge(_ other: LineSample) {
    lines += other.lines
    entries.append(contentsOf: other.entries)
    trim()
  }

  private mutating func trim() {
    entries.sort()
    guard entries.count >= Self.capacity else { return }
    entries.removeLast(entries.count - Self.capacity)
    threshold = entries[Self.capacity - 1].order
  }

  /// The lines that are in the sample more than once, most first (then by text): how often, and the
  /// first bytes.
  func repeated(_ limit: Int) -> [(count: Int, text: String)] {
    var counts: [UInt64: (count: Int, text: [UInt8])] = [:]
    for entry in sorted { counts[entry.hash, default: (0, entry.text)].count += 1 }
    let many = counts.values.filter { $0.count > 1 }.sorted { one, two in
      one.count != two.count
        ? one.count > two.count : one.text.lexicographicallyPrecedes(two.text)
    }
    return many.prefix(limit).map { ($0.count, String(decoding: $0.text, as: UTF8.self)) }
  }
}
