public import DSXCore

/// Whole numbers as Slurm writes those of an array: `0-7,12`, `0-90:10` for every tenth.
public enum NumberRanges {
  /// Numbers from here on are refused: no step has as many shards.
  public static let limit = 1 << 24

  /// Runs of numbers that follow each other; `numbers` in order, each once.
  public static func ranges(_ numbers: [Int]) -> [ClosedRange<Int>] {
    var ranges: [ClosedRange<Int>] = []
    for number in numbers {
      if let last = ranges.last, last.upperBound + 1 == number {
        ranges[ranges.count - 1] = last.lowerBound...number
      } else {
        ranges.append(number...number)
      }
    }
    return ranges
  }

  /// The text, as short as ranges make it; `numbers` in order, each once.
  public static func text(_ numbers: [Int], separator: String = ",") -> String {
    ranges(numbers).map {
      $0.count == 1 ? "\($0.lowerBound)" : "\($0.lowerBound)-\($0.upperBound)"
    }.joined(separator: separator)
  }

  /// Reads such a text; the numbers in order, each once. Throws `usage`.
  public static func parse(_ text: String) throws(DSXError) -> [Int] {
    let wrong = DSXError(
      .usage, "'\(text)' is no list of numbers", hint: "numbers and ranges with commas: 0-7,12")
    var numbers: Set<Int> = []
    for item in text.utf8.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false) {
      let parts = item.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
      guard let range = parts.first, parts.count < 3 else { throw wrong }
      let ends = range.split(separator: UInt8(ascii: "-"), omittingEmptySubsequences: false)
      guard ends.count < 3, let first = ends.first.flatMap({ number($0) }),
        let last = ends.last.flatMap({ number($0) }), first <= last,
        let step = parts.count == 1 ? 1 : number(parts[1]), step > 0
      else { throw wrong }
      numbers.formUnion(stride(from: first, through: last, by: step))
    }
    return numbers.sorted()
  }

  private static func number(_ digits: Substring.UTF8View.SubSequence) -> Int? {
    guard !digits.isEmpty, digits.allSatisfy({ (48...57).contains($0) }),
      let value = Int(String(decoding: digits, as: UTF8.self)), value < limit
    else { return nil }
    return value
  }
}
