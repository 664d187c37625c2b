/// Shuffles as NumPy's `Generator` draws them, so that choices documented with a NumPy seed can be repeated.
extension PCG64 {
  /// Shuffles in place: Fisher-Yates from the back, `Generator.shuffle` on a one-dimensional array.
  ///
  /// Arrays of up to 2^32 - 1 elements; longer ones are left as they are.
  public mutating func shuffle<Element>(_ values: inout [Element]) {
    guard values.count > 1, let last = UInt32(exactly: values.count - 1), last < .max else {
      return
    }
    for index in stride(from: last, through: 1, by: -1) {
      values.swapAt(Int(index), Int(interval(index)))
    }
  }

  /// The numbers `0..<count` in random order: `Generator.permutation(count)`.
  public mutating func permutation(_ count: Int) -> [Int] {
    var numbers = Array(0..<max(0, count))
    shuffle(&numbers)
    return numbers
  }

  /// A uniform integer in `0...last` by masked rejection: what NumPy's shuffles draw from, and not what
  /// `Generator.integers` does.
  private mutating func interval(_ last: UInt32) -> UInt32 {
    let mask = UInt32.max >> UInt32(last.leadingZeroBitCount)
    while true {
      let word = next32() & mask
      if word <= last { return word }
    }
  }
}
