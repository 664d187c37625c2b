/// Counts the n-grams that a hypothesis shares with its references, of all orders at once and
/// exactly.
///
/// An n-gram is a pair: the number of its first n - 1 tokens and its last token. So a 64-bit key is
/// the n-gram itself and no hash can mistake one for another. Only n-grams of the references whose
/// tokens all occur in the hypothesis are kept, and in the hypothesis an n-gram is looked up only
/// when its beginning was found.
///
/// Tokens are numbered so that those of the hypothesis are 0..<distinct. Time is linear in tokens x
/// order.
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
  /// An n-gram that may become a longer one.
  private struct Beginning {
    var start: Int
    var number: Int32
  }
  private var active = GrowingBuffer<Beginning>()
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

  /// The room is there: nothing moves while the pointers are held. Order by order, so that the
  /// look-ups of one order do not wait for each other.
  private func add(
    _ tokens: UnsafeBufferPointer<Int32>, from first: Int, to last: Int, order: Int
  ) {
    active.reserve(last - first)
    let (slots, counters, active) = (slots.base, counters.base, active.base)
    let (mask, stamp, reference) = (mask, stamp, reference)
    let known = Int32(truncatingIfNeeded: distinct)
    var next = counterCount
    @inline(__always)
    func count(_ number: Int32) {
      let counter = counters + Int(number)
      if reference == 1 {
        counter.pointee.most += 1
        return
      }
      if counter.pointee.reference != reference {
        counter.pointee.reference = reference
        counter.pointee.current = 0
      }
      counter.pointee.current += 1
      counter.pointee.most = max(counter.pointee.most, counter.pointee.current)
    }
    var alive = 0
    for start in first..<last where tokens[start] < known {
      count(tokens[start])
      active[alive] = Beginning(start: start, number: tokens[start])
      alive += 1
    }
    for length in stride(from: 2, through: order, by: 1) {
      let end = tokens.count - length
      var kept = 0
      for index in 0..<alive {
        let beginning = active[index]
        guard beginning.start <= end else { break }
        let token = tokens[beginning.start + length - 1]
        guard token < known else { continue }
        let key = Self.key(beginning.number, token)
        var slot = Self.slot(key) & mask
        while slots[slot].stamp == stamp, slots[slot].key != key { slot = (slot + 1) & mask }
        var number = slots[slot].number
        if slots[slot].stamp != stamp {
          number = Int32(truncatingIfNeeded: next)
          slots[slot] = Slot(key: key, stamp: stamp, number: number)
          counters[next] = .none
          next += 1
        }
        count(number)
        active[kept] = Beginning(start: beginning.start, number: number)
        kept += 1
      }
      alive = kept
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

  /// Adds to `correct[n - 1]` the n-grams of the hypothesis that are matched, each as often as the
  /// references have it at most.
  func match(
    hypothesis tokens: UnsafeBufferPointer<Int32>, order: Int,
    into correct: UnsafeMutablePointer<Int>
  ) {
    active.reserve(tokens.count)
    let (slots, counters, active) = (slots.base, counters.base, active.base)
    let (mask, stamp) = (mask, stamp)
    @inline(__always)
    func isTaken(_ number: Int32) -> Int {
      let counter = counters + Int(number)
      let isFree = counter.pointee.used < counter.pointee.most
      counter.pointee.used += isFree ? 1 : 0
      return isFree ? 1 : 0
    }
    var alive = 0
    var matches = 0
    for start in tokens.indices where counters[Int(tokens[start])].most > 0 {
      matches += isTaken(tokens[start])
      active[alive] = Beginning(start: start, number: tokens[start])
      alive += 1
    }
    correct[0] += matches
    for length in stride(from: 2, through: order, by: 1) {
      let end = tokens.count - length
      var kept = 0
      matches = 0
      for index in 0..<alive {
        let beginning = active[index]
        guard beginning.start <= end else { break }
        let key = Self.key(beginning.number, tokens[beginning.start + length - 1])
        var slot = Self.slot(key) & mask
        while slots[slot].stamp == stamp, slots[slot].key != key { slot = (slot + 1) & mask }
        guard slots[slot].stamp == stamp else { continue }
        let number = slots[slot].number
        matches += isTaken(number)
        active[kept] = Beginning(start: beginning.start, number: number)
        kept += 1
      }
      correct[length - 1] += matches
      alive = kept
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
