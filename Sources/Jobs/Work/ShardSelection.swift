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
    let all = NumberRanges.ranges(numbers)
    let shown = NumberRanges.text(all.prefix(20).flatMap { Array($0) }, separator: ", ")
    return shown + (all.count > 20 ? ", ..." : "")
  }
}
