extension ExampleMatrix {
  /// Row numbers sorted by the rows' numbers, ties by row number: the same multiset of rows gives the
  /// same sequence of rows in whatever order they came. Nil when they are in that order already.
  ///
  /// Whole numbers: column by column from the last, 11 bits at a time, in linear time.
  func canonicalOrder() -> [Int]? {
    switch storage {
    case .whole(let numbers):
      return numbers.withUnsafeBufferPointer { numbers in
        if Self.isSorted(numbers, rows, stride) { return nil }
        if rows < 256 || rows > Int(UInt32.max) { return Self.sorted(rows, numbers, stride) }
        return Self.sortedByDigits(rows, numbers, stride)
      }
    case .real(let numbers):
      return numbers.withUnsafeBufferPointer { numbers in
        Self.isSorted(numbers, rows, stride) ? nil : Self.sorted(rows, numbers, stride)
      }
    }
  }

  private static func isSorted<Number: Comparable>(
    _ numbers: UnsafeBufferPointer<Number>, _ rows: Int, _ stride: Int
  ) -> Bool {
    var row = 1
    while row < rows {
      let (one, two) = ((row - 1) * stride, row * stride)
      var column = 0
      while column < stride, numbers[one + column] == numbers[two + column] { column += 1 }
      guard column == stride || numbers[one + column] < numbers[two + column] else { return false }
      row += 1
    }
    return true
  }

  private static func sorted<Number: Comparable>(
    _ rows: Int, _ numbers: UnsafeBufferPointer<Number>, _ stride: Int
  ) -> [Int] {
    (0..<rows).sorted { left, right in
      for column in 0..<stride {
        let a = numbers[left * stride + column]
        let b = numbers[right * stride + column]
        if a != b { return a < b }
      }
      return left < right
    }
  }

  private static let digitBits = 11

  private static func sortedByDigits(
    _ rows: Int, _ numbers: UnsafeBufferPointer<Int32>, _ stride: Int
  ) -> [Int] {
    var order = (0..<UInt32(rows)).map { $0 }
    var other = order
    var starts = [Int](repeating: 0, count: 1 << digitBits)
    for column in Swift.stride(from: stride - 1, through: 0, by: -1) {
      var (low, high) = (Int32.max, Int32.min)
      for row in 0..<rows {
        let number = numbers[row &* stride &+ column]
        low = min(low, number)
        high = max(high, number)
      }
      let range = UInt32(bitPattern: high &- low)
      var shift: UInt32 = 0
      while shift < 32, range >> shift > 0 {
        sort(&order, &other, &starts) { row in
          let number = numbers[Int(row) &* stride &+ column]
          return Int(truncatingIfNeeded: UInt32(bitPattern: number &- low) >> shift)
            & (1 << digitBits - 1)
        }
        swap(&order, &other)
        shift += UInt32(digitBits)
      }
    }
    return order.map(Int.init)
  }

  /// Puts the rows of `order` into `other`, sorted by a digit; equal ones keep their order.
  @inline(__always)
  private static func sort(
    _ order: inout [UInt32], _ other: inout [UInt32], _ starts: inout [Int],
    _ digit: (UInt32) -> Int
  ) {
    order.withUnsafeBufferPointer { order in
      other.withUnsafeMutableBufferPointer { other in
        starts.withUnsafeMutableBufferPointer { starts in
          starts.update(repeating: 0)
          // How many there are of each does not depend on the order: rows are read front to back.
          for row in 0..<UInt32(order.count) { starts[digit(row)] &+= 1 }
          var sum = 0
          for index in starts.indices {
            let count = starts[index]
            starts[index] = sum
            sum += count
          }
          for row in order {
            let place = digit(row)
            other[starts[place]] = row
            starts[place] &+= 1
          }
        }
      }
    }
  }
}
