/// One score for a group of tasks, with lm-eval 0.4.13's definitions.
public enum GroupAggregate {
  /// One task of a group.
  public struct Task: Sendable, Equatable {
    /// Its score.
    public var score: Double
    /// Its standard error.
    public var standardError: Double
    /// Its number of examples.
    public var count: Int

    /// A task.
    public init(score: Double, standardError: Double, count: Int) {
      self.score = score
      self.standardError = standardError
      self.count = count
    }
  }

  /// sum (score × n) / sum n; nil without examples.
  public static func weighted(_ tasks: [Task]) -> Double? {
    let total = tasks.reduce(0) { $0 + $1.count }
    guard total > 0 else { return nil }
    return tasks.reduce(0) { $0 + $1.score * Double($1.count) } / Double(total)
  }

  /// The plain mean; nil without tasks.
  public static func unweighted(_ tasks: [Task]) -> Double? { Moments.mean(tasks.map(\.score)) }

  /// `pooled_sample_stderr`, the error of the weighted score: sqrt(v / N) with
  /// v = sum (n - 1) n se² / (N - tasks). nil where N is not above the number of tasks.
  public static func pooledError(_ tasks: [Task]) -> Double? {
    let total = tasks.reduce(0) { $0 + $1.count }
    guard total > tasks.count else { return nil }
    let variance =
      tasks.reduce(0) {
        $0 + Double($1.count - 1) * $1.standardError * $1.standardError * Double($1.count)
      } / Double(total - tasks.count)
    return (variance / Double(total)).squareRoot()
  }

  /// sqrt(sum se²) / tasks, the error of the plain mean; nil without tasks.
  public static func unweightedError(_ tasks: [Task]) -> Double? {
    guard !tasks.isEmpty else { return nil }
    return tasks.reduce(0) { $0 + $1.standardError * $1.standardError }.squareRoot()
      / Double(tasks.count)
  }

  /// `combined_sample_stderr`, which lm-eval keeps but advises against: pairwise combined variances,
  /// each with the mean *after* the task was taken in. nil without tasks.
  public static func combinedError(_ tasks: [Task]) -> Double? {
    guard let first = tasks.first else { return nil }
    var variance = first.standardError * first.standardError
    var score = first.score
    let size = Double(first.count)
    for task in tasks.dropFirst() {
      let n = Double(task.count)
      score = (score * size + task.score * n) / (size + n)
      let gap = score - task.score
      variance =
        ((size - 1) * variance + (n - 1) * task.standardError * task.standardError)
        / (size + n - 1) + size * n / ((size + n) * (size + n - 1)) * gap * gap
    }
    return variance.squareRoot()
  }
}
