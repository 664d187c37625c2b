/// Tells the n-th smallest of many numbers without sorting them.
enum SmallestNumbers {
  /// The largest of the `count` smallest numbers; `count` is 1 to `numbers.count`.
  ///
  /// Quickselect with the median of three: time proportional to the numbers, whose order is as good as
  /// random where they are hashes.
  static func largest(of count: Int, in numbers: [UInt64]) -> UInt64 {
    var numbers = numbers
    let wanted = count - 1
    var (low, high) = (0, numbers.count - 1)
    numbers.withUnsafeMutableBufferPointer { numbers in
      while low < high {
        let middle = low + (high - low) / 2
        let pivot = median(numbers[low], numbers[middle], numbers[high])
        // Below `first` all are at most the pivot, above `last` at least.
        var (first, last) = (low, high)
        while first <= last {
          while numbers[first] < pivot { first += 1 }
          while numbers[last] > pivot { last -= 1 }
          guard first <= last else { break }
          numbers.swapAt(first, last)
          first += 1
          last -= 1
        }
        if wanted <= last {
          high = last
        } else if wanted >= first {
          low = first
        } else {
          return
        }
      }
    }
    return numbers[wanted]
  }

  private static func median(_ a: UInt64, _ b: UInt64, _ c: UInt64) -> UInt64 {
    max(min(a, b), min(max(a, b), c))
  }
}
