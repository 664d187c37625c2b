/// The codes of all children of a double array by their base.
struct ChildLists {
  private let starts: [Int32]
  private let list: [UInt16]

  init(_ units: UnsafeBufferPointer<TrieUnit>) {
    var starts = [Int32](repeating: 0, count: units.count + 1)
    for (slot, unit) in units.enumerated() where !unit.isFree {
      starts[slot - Int(unit.check) + 1] += 1
    }
    for index in 1..<starts.count { starts[index] += starts[index - 1] }
    var fill = starts
    var list = [UInt16](repeating: 0, count: Int(starts[starts.count - 1]))
    for (slot, unit) in units.enumerated() where !unit.isFree {
      let base = slot - Int(unit.check)
      list[Int(fill[base])] = UInt16(truncatingIfNeeded: unit.check)
      fill[base] += 1
    }
    self.starts = starts
    self.list = list
  }

  /// Slots of the array.
  var slotCount: Int { starts.count - 1 }

  /// The codes of the children at `base`, rising.
  func codes(_ base: Int) -> [UInt16] {
    guard base + 1 < starts.count else { return [] }
    return Array(list[Int(starts[base])..<Int(starts[base + 1])])
  }
}
