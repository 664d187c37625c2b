internal import DSXCore
internal import Metrics

/// What a report shows of numbers over examples: spreads, scores by length, sums.
struct SpreadDetails {
  private let task: TaskDefinition
  private let main: ScorePlan.Item?
  private var margins: [Double] = []
  private var means: [Double] = []
  private var scores: [Double] = []
  private var ratios: [Double] = []
  /// The length of each example: tokens, or code points where no tokens are known.
  private var lengths: [Int] = []
  private var sums = (nll: 0.0, tokens: 0, words: 0, bytes: 0, windows: 0)

  init(_ task: TaskDefinition, main: ScorePlan.Item?) {
    self.task = task
    self.main = main
  }

  private var isRolling: Bool { task.request == .rollingLogLikelihood }

  mutating func add(_ line: JSONValue) {
    let text = line["text"]?.string ?? ""
    let tokens = line["tokens"]?.int ?? 0
    lengths.append(tokens > 0 ? tokens : text.unicodeScalars.count)
    if let margin = line["margin"]?.double { margins.append(margin) }
    if isRolling, let nll = line["nll"]?.double, let count = line["scored_ids"]?.int, count > 0 {
      means.append(nll / Double(count))
      sums.nll += nll
      sums.tokens += count
      sums.words += line["words"]?.int ?? 0
      sums.bytes += line["bytes"]?.int ?? 0
      sums.windows += line["windows"]?.int ?? 0
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

  /// The main metric by length, in about five groups of one size. `table`: its statistics, example by
  /// example.
  func byLength(_ table: Metrics.ExampleTable) throws(DSXError) -> [SliceScores] {
    guard let main, lengths.count >= 10, table.rows == lengths.count else { return [] }
    let order = lengths.indices.sorted { (lengths[$0], $0) < (lengths[$1], $1) }
    var groups: [SliceScores.Group] = []
    var start = 0
    let wanted = max(1, order.count / 5)
    while start < order.count {
      var end = min(order.count, start + wanted)
      if order.count - end < wanted { end = order.count }
      // Examples of one length stay together.
      while end < order.count, lengths[order[end]] == lengths[order[end - 1]] { end += 1 }
      let part = order[start..<end]
      let (low, high) = (lengths[part[start]], lengths[part[end - 1]])
      let sum = try table.selecting(Array(part)).total()
      groups.append(
        SliceScores.Group(
          name: low == high ? "\(low)" : "\(low) to \(high)", count: part.count,
          value: main.metric.score(from: sum),
          standardError: main.metric.standardError(from: sum)?.value))
      start = end
    }
    guard groups.count > 1 else { return [] }
    let isTokens = task.request == .logLikelihood || isRolling || task.request == .generateUntil
    return [
      SliceScores(
        by: isTokens ? "tokens" : "length", metric: main.key,
        higherIsBetter: main.metric.higherIsBetter, groups: groups)
    ]
  }
}
