/// Which slots and bases of a double array are taken, and where the children of a node fit.
///
/// 64 places are tried at once: the bits of the taken slots, shifted by each child's code, are or-ed, and
/// a bit that stays 0 is a place for all children.
struct SlotMap {
  private var slots: [UInt64]
  private var bases: [UInt64]
  /// The highest slot that is taken.
  private(set) var highest = 0

  /// An empty map; slot 0 and base 0 are never given.
  init() {
    slots = [1]
    bases = [1]
  }

  /// The map of an array that is in use.
  init(_ units: UnsafeBufferPointer<TrieUnit>, rootBase: Int) {
    self.init()
    room(for: units.count + 128)
    takeBase(rootBase)
    for (slot, unit) in units.enumerated() where !unit.isFree {
      takeSlot(slot)
      if unit.base > 0 { takeBase(unit.base) }
    }
  }

  /// Finds a base for children with these codes (rising, not empty) and takes base and slots.
  ///
  /// `hint` is where the search for nodes of about this size starts; it moves on when that
  /// neighbourhood is crowded. The array may have to grow up to `highest`.
  mutating func place(_ codes: [UInt16], hint: inout Int) -> Int {
    let first = Int(codes[0])
    let span = Int(codes[codes.count - 1]) - first
    var start = max(hint, first + 1)
    var tried = 0
    while true {
      room(for: start + span + 192)
      var taken = Self.window(slots, start)
      if taken != .max {
        taken |= Self.window(bases, start - first)
        var index = 1
        while taken != .max, index < codes.count {
          taken |= Self.window(slots, start + Int(codes[index]) - first)
          index += 1
        }
      } else if start == hint {
        hint += 64
      }
      if taken != .max {
        let slot = start + (~taken).trailingZeroBitCount
        if tried > 64 { hint = start }
        let base = slot - first
        takeBase(base)
        for code in codes { takeSlot(base + Int(code)) }
        return base
      }
      tried += 1
      start += 64
    }
  }

  /// Whether a slot is free.
  func isFree(_ slot: Int) -> Bool {
    slot >> 6 >= slots.count || slots[slot >> 6] >> UInt64(slot & 63) & 1 == 0
  }

  /// Takes a free slot.
  mutating func takeSlot(_ slot: Int) {
    room(for: slot)
    slots[slot >> 6] |= 1 << UInt64(slot & 63)
    highest = max(highest, slot)
  }

  /// Gives a slot back.
  mutating func freeSlot(_ slot: Int) { slots[slot >> 6] &= ~(1 << UInt64(slot & 63)) }

  /// Gives a base back.
  mutating func freeBase(_ base: Int) { bases[base >> 6] &= ~(1 << UInt64(base & 63)) }

  private mutating func takeBase(_ base: Int) {
    room(for: base)
    bases[base >> 6] |= 1 << UInt64(base & 63)
  }

  /// The 64 bits from `index` on.
  @inline(__always)
  private static func window(_ bits: [UInt64], _ index: Int) -> UInt64 {
    let (word, shift) = (index >> 6, UInt64(index & 63))
    return shift == 0 ? bits[word] : bits[word] >> shift | bits[word + 1] << (64 - shift)
  }

  private mutating func room(for slot: Int) {
    let words = slot >> 6 + 2
    guard words > slots.count else { return }
    let more = max(words, slots.count * 2) - slots.count
    slots.append(contentsOf: repeatElement(0, count: more))
    bases.append(contentsOf: repeatElement(0, count: more))
  }
}
