internal import Glibc

/// Numbers for the distinct tokens of one example, dense from 0 in order of first sight.
///
/// Exact: a token of up to eight bytes is its own key; a longer one is compared byte by byte. The
/// table is never cleared: a slot counts when it carries the example's stamp.
final class TokenIndex {
  private struct Slot {
    var key: UInt64
    var stamp: UInt32
    var start: Int32
    var length: Int32
    var number: Int32
  }
  private var slots = GrowingBuffer<Slot>(capacity: 1)
  private var mask = 0
  private var stamp: UInt32 = 0
  /// Distinct tokens so far.
  private(set) var count = 0
  /// The number of each token of the list, in order.
  private(set) var numbers = GrowingBuffer<Int32>()
  /// Tokens numbered so far.
  private(set) var tokenCount = 0

  init() { rebuild(1024) }

  private func rebuild(_ size: Int) {
    slots = GrowingBuffer<Slot>(capacity: size)
    let empty = Slot(key: 0, stamp: 0, start: 0, length: 0, number: 0)
    slots.base.initialize(repeating: empty, count: size)
    mask = size - 1
    stamp = 0
  }

  /// Forgets all tokens; `expected` is how many may come.
  func removeAll(expected: Int) {
    if expected * 2 > mask + 1 {
      var size = mask + 1
      while size < expected * 2 { size *= 2 }
      rebuild(size)
    }
    if stamp == .max { rebuild(mask + 1) }
    stamp += 1
    count = 0
    tokenCount = 0
    numbers.reserve(expected)
  }

  /// Numbers the tokens of one more text; the list must be the one of this example, and hold no
  /// more tokens than were expected.
  func append(_ list: borrowing TokenList, text: Int) {
    let range = list.tokens(ofText: text)
    let slots = slots.base
    let numbers = numbers.base
    let (mask, stamp) = (mask, stamp)
    var (count, at) = (count, tokenCount)
    list.bytes.withUnsafeBytes { bytes in
      list.ranges.withUnsafeBufferPointer { ranges in
        guard let base = bytes.baseAddress else { return }
        for place in ranges[range] {
          let length = place.count
          let start = base + Int(place.start)
          let key = length <= 8 ? Self.word(start, length) : Self.hash(start, length)
          var slot = Int(truncatingIfNeeded: (key &+ UInt64(length)) &* 0x9e37_79b9_7f4a_7c15 >> 20)
          while true {
            slot &= mask
            let found = slots[slot]
            if found.stamp != stamp {
              slots[slot] = Slot(
                key: key, stamp: stamp, start: place.start, length: Int32(length),
                number: Int32(truncatingIfNeeded: count))
              numbers[at] = Int32(truncatingIfNeeded: count)
              count += 1
              break
            }
            if found.key == key, found.length == Int32(length),
              length <= 8 || memcmp(start, base + Int(found.start), length) == 0
            {
              numbers[at] = found.number
              break
            }
            slot += 1
          }
          at += 1
        }
      }
    }
    (self.count, tokenCount) = (count, at)
  }

  /// Up to eight bytes as a number. Eight bytes can be read at every token.
  @inline(__always)
  private static func word(_ start: UnsafeRawPointer, _ length: Int) -> UInt64 {
    let word = start.loadUnaligned(as: UInt64.self)
    return length == 8 ? word : word & (1 << UInt64(8 * length) - 1)
  }

  private static func hash(_ start: UnsafeRawPointer, _ length: Int) -> UInt64 {
    var hash: UInt64 = 0x51_7c_c1_b7_27_22_0a_95
    var offset = 0
    while offset < length {
      hash = (hash ^ word(start + offset, min(8, length - offset))) &* 0xff51_afd7_ed55_8ccd
      hash ^= hash >> 32
      offset += 8
    }
    return hash
  }
}
