/// Counts the n-grams that a hypothesis shares with its references, of all orders at once and exactly.
///
/// An n-gram is a pair: the number of its first n - 1 tokens and its last token. So a 64-bit key is the n-gram
/// itself and no hash can mistake one for another. Only n-grams of the references whose tokens all occur in
/// the hypothesis are kept, and in the hypothesis an n-gram is looked up only when its beginning was found.
///
/// Tokens are numbered so that those of the hypothesis are 0..<distinct. Time is linear in tokens x order.
final class NGramMatcher {
  private struct Slot {
    var key: UInt64
    var stamp: UInt32
    var number: Int32
  }
  /// Counts of an n-gram.
  private struct Counter {
    /// In the reference that had it most often.
    var most: Int32
    /// In the reference that is being read.
    var current: Int32
    /// Which one that is.
    var reference: Int32
    /// Matched in the hypothesis so far.
    var used: Int32
    static let none = Counter(most: 0, current: 0, reference: 0, used: 0)
  }
  private var slots = GrowingBuffer<Slot>(capacity: 1)
  private var mask = 0
  private var stamp: UInt32 = 0
  private var counters = GrowingBuffer<Counter>()
  private var counterCount = 0
  private var distinct = 0
  private var reference: Int32 = 0
  /// n-grams in the table: those of order 2 and above.
  private var entryCount = 0

  init() { rebuild(2048) }

  private func rebuild(_ size: Int) {
    slots = GrowingBuffer<Slot>(capacity: size)
    slots.base.initialize(repeating: Slot(key: 0, stamp: 0, number: 0), count: size)
    mask = size - 1
    stamp = 0
  }

  /// Starts with a hypothesis of so many distinct tokens and no reference.
  func start(distinct: Int) {
    if stamp == .max { rebuild(mask + 1) }
    stamp += 1
    entryCount = 0
    reference = 0
    self.distinct = distinct
    counters.reserve(distinct)
    counters.base.update(repeating: .none, count: distinct)
    counterCount = distinct
  }

  @inline(__always)
  private static func slot(_ key: UInt64) -> Int {
    Int(truncatingIfNeeded: key &* 0x9e37_79b9_7f4a_7c15 >> 24)
  }

  @inline(__always)
  private static func key(_ beginning: Int32, _ token: Int32) -> UInt64 {
    UInt64(UInt32(bitPattern: beginning)) << 32 | UInt64(UInt32(bitPattern: token))
  }

  /// Start positions that are read between two looks at the room that is left.
  private static let chunk = 4096

  /// Reads one reference: per n-gram the count of the reference with most of them is kept.
  func add(reference tokens: UnsafeBufferPointer<Int32>, order: Int) {
    reference += 1
    for first in stride(from: 0, to: tokens.count, by: Self.chunk) {
      let end = min(first + Self.chunk, tokens.count)
      let most = (end - first) * (order - 1)
      while (entryCount + most) * 2 > mask { grow() }
      counters.reserve(counterCount + most, keeping: counterCount)
      add(tokens, from: first, to: end, order: order)
    }
  }

  /// The room is there: nothing moves while the pointers are held.
  private func add(
    _ tokens: UnsafeBufferPointer<Int32>, from first: Int, to last: Int, order: Int
  ) {
    let (slots, counters) = (slots.base, counters.base)
    let (mask, stamp, reference) = (mask, stamp, reference)
    let known = Int32(truncatingIfNeeded: distinct)
    var next = counterCount
    @inline(__always)
    func count(_ number: Int) {
      let counter = counters + number
      if counter.pointee.reference != reference {
        counter.pointee.reference = reference
        counter.pointee.current = 0
      }
      counter.pointee.current += 1
      counter.pointee.most = max(counter.pointee.most, counter.pointee.current)
    }
    for start in first..<last {
      var number = tokens[start]
      guard number < known else { continue }
      count(Int(number))
      let end = min(tokens.count, start + order)
      var index = start + 1
      while index < end {
        let token = tokens[index]
        guard token < known else { break }
        let key = Self.key(number, token)
        var slot = Self.slot(key) & mask
        while slots[slot].stamp == stamp, slots[slot].key != key { slot = (slot + 1) & mask }
        if slots[slot].stamp == stamp {
          number = slots[slot].number
        } else {
          number = Int32(truncatingIfNeeded: next)
          slots[slot] = Slot(key: key, stamp: stamp, number: number)
          counters[next] = .none
          next += 1
        }
        count(Int(number))
        index += 1
      }
    }
    entryCount += next - counterCount
    counterCount = next
  }

  private func grow() {
    let old = slots.take(replacing: GrowingBuffer<Slot>(capacity: (mask + 1) * 2))
    let oldSize = mask + 1
    slots.base.initialize(
      repeating: Slot(key: 0, stamp: 0, number: 0), count: oldSize * 2)
    mask = oldSize * 2 - 1
    for index in 0..<oldSize where old.base[index].stamp == stamp {
      var slot = Self.slot(old.base[index].key) & mask
      while slots.base[slot].stamp == stamp { slot = (slot + 1) & mask }
      slots.base[slot] = old.base[index]
    }
  }

  /// Adds to `correct[n - 1]` the n-grams of the hypothesis that are matched, each as often as the references
  /// have it at most.
  func match(
    hypothesis tokens: UnsafeBufferPointer<Int32>, order: Int,
    into correct: UnsafeMutablePointer<Int>
  ) {
    let (slots, counters) = (slots.base, counters.base)
    let (mask, stamp) = (mask, stamp)
    for start in tokens.indices {
      var number = tokens[start]
      guard counters[Int(number)].most > 0 else { continue }
      if counters[Int(number)].used < counters[Int(number)].most {
        counters[Int(number)].used += 1
        correct[0] += 1
      }
      let end = min(tokens.count, start + order)
      var index = start + 1
      search: while index < end {
        let key = Self.key(number, tokens[index])
        var slot = Self.slot(key)
        while true {
          slot &= mask
          guard slots[slot].stamp == stamp else { break search }
          if slots[slot].key == key { break }
          slot += 1
        }
        number = slots[slot].number
        if counters[Int(number)].used < counters[Int(number)].most {
          counters[Int(number)].used += 1
          correct[index - start] += 1
        }
        index += 1
      }
    }
  }
}

extension GrowingBuffer {
  /// Puts another buffer in place of this one and returns what was there.
  mutating func take(replacing other: consuming GrowingBuffer) -> GrowingBuffer {
    let old = self
    self = other
    return old
  }
}
