/// Which parts a process makes.
public enum ShardSelection: Hashable, Sendable {
  /// All that are free, of one step or of every step in order; those that others make are waited for.
  case all(step: String?)
  /// These shards of one step; nil: of every step that has them.
  case shards([Int], step: String?)
}

/// Numbers of shards in words.
public enum ShardNumbers {
  /// `0, 3-7, 9`, cut after 20 runs. The numbers ascend.
  public static func text(_ numbers: [Int]) -> String {
    var runs: [ClosedRange<Int>] = []
    for number in numbers {
      if let last = runs.last, last.upperBound + 1 == number {
        runs[runs.count - 1] = last.lowerBound...number
      } else {
        runs.append(number...number)
      }
    }
    let shown = runs.prefix(20).map {
      $0.count == 1 ? "\($0.lowerBound)" : "\($0.lowerBound)-\($0.upperBound)"
    }
    return shown.joined(separator: ", ") + (runs.count > 20 ? ", ..." : "")
  }
}
