/// How much of a document is repeated (Gopher, table A1): lines, paragraphs, n-grams.
struct RepetitionScan {
  /// Repeated elements and their code points, each relative to all.
  struct Shares: Hashable {
    var elements = 0.0
    var characters = 0.0
  }

  private var table = CountTable()
  /// Units at which an n-gram begins that occurs more than once; longer ones can only begin there.
  private var repeated: [Bool] = []
  private var windows: [(start: Int, end: Int, hash: UInt64)] = []
  private static let powers = WeightedWindow.powers(10)

  /// Lines or paragraphs that are equal to one before.
  mutating func shares(_ parts: HashedParts) -> Shares {
    guard parts.count > 1 else { return Shares() }
    table.reset(parts.count)
    var (elements, characters, all) = (0, 0, 0)
    for index in 0..<parts.count {
      let length = Int(parts.lengths[index])
      all += length
      if table.add(parts.hashes[index]) > 0 {
        elements += 1
        characters += length
      }
    }
    return Shares(
      elements: Double(elements) / Double(parts.count),
      characters: all > 0 ? Double(characters) / Double(all) : 0)
  }

  /// Calls `judge` with n and the share of the text's letters that repeated n-grams hold, for n = 2 to
  /// 10, until it says to stop: up to 4 of the most frequent n-gram that occurs at least twice (ties: of
  /// the longest), from 5 on of all n-grams that occurred before and do not overlap each other.
  mutating func ngrams(_ units: UnitList, _ judge: (Int, Double) -> Bool) {
    let letters = units.characters
    repeated.removeAll(keepingCapacity: true)
    repeated.append(contentsOf: repeatElement(true, count: units.count))
    for n in 2...10 {
      let value =
        units.hashes.withUnsafeBufferPointer { hashes in
          units.lengths.withUnsafeBufferPointer { lengths in
            Self.powers.withUnsafeBufferPointer { powers in
              share(n, hashes, lengths, powers)
            }
          }
        }
      if judge(n, letters > 0 ? Double(value) / Double(letters) : 0) { return }
    }
  }

  /// The code points held by repeated n-grams.
  private mutating func share(
    _ n: Int, _ hashes: UnsafeBufferPointer<UInt64>, _ lengths: UnsafeBufferPointer<UInt32>,
    _ powers: UnsafeBufferPointer<UInt64>
  ) -> Int {
    windows.removeAll(keepingCapacity: true)
    let candidates = repeated
    candidates.withUnsafeBufferPointer { candidates in
      WeightedWindow.forEach(n, hashes: hashes, lengths: lengths, powers: powers) {
        start, end, hash in
        if candidates[start] { windows.append((start, end, hash)) }
      }
    }
    for index in repeated.indices { repeated[index] = false }
    guard windows.count > 1 else { return 0 }
    table.reset(windows.count)
    for window in windows { _ = table.add(window.hash) }
    var (topCount, topLength) = (UInt32(1), 0)
    windows.removeAll { window in
      let count = table.count(window.hash)
      guard count > 1 else { return true }
      repeated[window.start] = true
      if count >= topCount, n < 5 {
        let length = Self.length(lengths, window.start, window.end)
        if count > topCount || length > topLength { (topCount, topLength) = (count, length) }
      }
      return false
    }
    if n < 5 { return topCount > 1 ? Int(topCount) * topLength : 0 }
    return duplicates(lengths)
  }

  /// Walks over the n-grams that occur more than once; one seen before is counted and jumped over.
  private mutating func duplicates(_ lengths: UnsafeBufferPointer<UInt32>) -> Int {
    guard !windows.isEmpty else { return 0 }
    table.reset(windows.count)
    var (free, characters) = (0, 0)
    for window in windows where window.start >= free {
      if table.add(window.hash) > 0 {
        characters += Self.length(lengths, window.start, window.end)
        free = window.end
      }
    }
    return characters
  }

  @inline(__always)
  private static func length(
    _ lengths: UnsafeBufferPointer<UInt32>, _ start: Int, _ end: Int
  ) -> Int {
    var sum = 0
    for index in start..<end { sum += Int(lengths[index] & ~UnitList.wordBit) }
    return sum
  }
}
