/// Tokens that a run's batches begin with, whose keys and values are kept from batch to batch.
struct KeptPrefix {
  /// Fewer tokens are not worth keeping.
  static let minimum = 8

  private(set) var tokens: [Int32] = []
  private var runs: [(run: KeyValueRun, count: Int)] = []

  init() {}

  /// Forgets what lies behind the first `count` tokens.
  mutating func cut(_ count: Int) {
    tokens.removeLast(max(0, tokens.count - count))
    var left = count
    for index in runs.indices {
      runs[index].count = min(runs[index].count, max(0, left))
      left -= runs[index].count
    }
    runs.removeAll { $0.count == 0 }
  }

  /// Adds tokens that follow.
  mutating func append(_ more: [Int32], _ run: KeyValueRun) {
    tokens += more
    runs.append((run, more.count))
  }

  /// The keys of the first `count` tokens; valid while they are kept.
  func spans(_ count: Int) -> [KeySpan] {
    var left = count
    var spans: [KeySpan] = []
    for (run, tokens) in runs where left > 0 {
      spans.append(run.span(min(tokens, left)))
      left -= min(tokens, left)
    }
    return spans
  }
}
