internal import DSXCore
internal import Glibc
internal import Metrics

/// What a report shows of numbers over examples: spreads, scores by length, sums.
struct SpreadDetails {
  private let task: TaskDefinition
  private let main: ScorePlan.Item?
  private var margins: [Double] = []
  private var means: [Double] = []
  private var scores: [Double] = []
  private var ratios: [Double] = []
  /// Length, and what its group's score is made of: a sum and how much it counts.
  private var byTokens: [(length: Int, sum: Double, weight: Double)] = []
  private var sums = (nll: 0.0, tokens: 0, words: 0, bytes: 0, windows: 0)

  init(_ task: TaskDefinition, main: ScorePlan.Item?) {
    self.task = task
    self.main = main
  }

  private var isRolling: Bool { task.request == .rollingLogLikelihood }

  mutating func add(_ line: JSONValue) {
    let text = line["text"]?.string ?? ""
    let tokens = line["tokens"]?.int ?? 0
    if let margin = line["margin"]?.double { margins.append(margin) }
    if isRolling, let nll = line["nll"]?.double, let count = line["scored_ids"]?.int, count > 0 {
      means.append(nll / Double(count))
      sums.nll += nll
      sums.tokens += count
      sums.words += line["words"]?.int ?? 0
      sums.bytes += line["bytes"]?.int ?? 0
      sums.windows += line["windows"]?.int ?? 0
      byTokens.append((tokens, nll, Double(count)))
      return
    }
    guard let main, let score = line["scores"]?[main.key]?.double else { return }
    if task.request == .generateUntil || task.request == .span { scores.append(score) }
    if task.request == .generateUntil, let said = line["prediction"]?.string,
      let gold = line["gold"]?.array?.first?.string, !gold.isEmpty
    {
      ratios.append(
        Double(said.unicodeScalars.count) / Double(gold.unicodeScalars.count))
    }
    byTokens.append((tokens > 0 ? tokens : text.unicodeScalars.count, score, 1))
  }

  /// Sums that the results are made of; nil but for perplexity.
  var totals: JSONValue? {
    guard isRolling, !means.isEmpty else { return nil }
    return .object([
      .init("nll", .double(sums.nll)), .init("tokens", .int(Int64(sums.tokens))),
      .init("words", .int(Int64(sums.words))), .init("bytes", .int(Int64(sums.bytes))),
      .init("windows", .int(Int64(sums.windows))),
    ])
  }

  /// Histograms.
  var distributions: [Distribution] {
    var list: [Distribution] = []
    func add(_ values: [Double], _ name: String, _ axis: String, _ unit: String) {
      let finite = values.filter(\.isFinite)
      guard !finite.isEmpty else { return }
      let sorted = finite.sorted()
      list.append(
        Distribution(
          name: name, axis: axis, unit: unit, histogram: BinnedValues.counts(finite),
          mean: finite.reduce(0, +) / Double(finite.count),
          median: Quantile.linear(sorted, 0.5)))
    }
    add(
      margins, "Margins",
      task.request == .logLikelihood
        ? "second smallest loss less the smallest" : "largest logit less the second", "examples")
    add(means, "Negative log-likelihood", "nats a token", "documents")
    if let main { add(scores, "Scores of examples", main.key, "examples") }
    add(ratios, "Length ratio", "answer's length over the first right answer's", "examples")
    return list
  }

  /// The main metric by length, in about five groups of one size.
  var byLength: [SliceScores] {
    guard let main, byTokens.count >= 10 else { return [] }
    // A mean over examples says nothing of metrics that are no means.
    let isMean = isRolling || main.metric.hasAnalyticError || main.metric.unit == "percent"
    guard isMean else { return [] }
    let sorted = byTokens.sorted { $0.length < $1.length }
    var groups: [SliceScores.Group] = []
    var start = 0
    let wanted = max(1, sorted.count / 5)
    while start < sorted.count {
      var end = min(sorted.count, start + wanted)
      if sorted.count - end < wanted { end = sorted.count }
      // Examples of one length stay together.
      while end < sorted.count, sorted[end].length == sorted[end - 1].length { end += 1 }
      let part = sorted[start..<end]
      let (low, high) = (part.first?.length ?? 0, part.last?.length ?? 0)
      groups.append(group(low == high ? "\(low)" : "\(low) to \(high)", Array(part)))
      start = end
    }
    guard groups.count > 1 else { return [] }
    let unit = task.request == .logLikelihood || isRolling || task.request == .generateUntil
    return [
      SliceScores(
        by: unit ? "tokens" : "length", metric: isRolling ? "token-perplexity" : main.key,
        higherIsBetter: isRolling ? false : main.metric.higherIsBetter, groups: groups)
    ]
  }

  private func group(
    _ name: String, _ part: [(length: Int, sum: Double, weight: Double)]
  ) -> SliceScores.Group {
    let weight = part.reduce(0) { $0 + $1.weight }
    let mean = part.reduce(0) { $0 + $1.sum } / weight
    if isRolling {
      return SliceScores.Group(name: name, count: part.count, value: exp(mean))
    }
    let n = Double(part.count)
    let spread = part.reduce(0) { $0 + ($1.sum - mean) * ($1.sum - mean) }
    let error = part.count > 1 ? (spread / (n - 1) / n).squareRoot() : nil
    return SliceScores.Group(name: name, count: part.count, value: mean, standardError: error)
  }
}
