internal import DSXCore
internal import Metrics

/// The metrics of a task, and how their rows are made from lines of predictions.jsonl.
struct MetricPlan {
  let items: [ScorePlan.Item]
  let task: TaskDefinition
  /// The texts of the labels, for metrics that divide by their lengths.
  var words: [String] = []

  /// The place of the right choice is wanted, not its name: `acc` and its kin.
  private var wantsPlaces: Bool {
    items.contains { item in
      item.entry.group == .languageModel && item.entry.input("label")?.kind == .number
    }
  }

  /// Whether examples of the metrics are batches of rows.
  var isBatched: Bool { items.contains { $0.metric.entryName == "batch-perplexity" } }

  /// Metrics that cannot stand side by side, or that read what the request does not give, are errors.
  func check() throws(DSXError) {
    if isBatched {
      guard items.count == 1, task.request == .rollingLogLikelihood else {
        throw DSXError(
          .usage, "batch-perplexity stands alone, in a task of rolling_log_likelihood",
          hint: "its examples are batches; other metrics' are documents")
      }
    }
    guard task.request != .given else { return }
    let given = roles
    for item in items {
      for column in item.entry.inputs where !column.isOptional && !given.contains(column.role) {
        throw DSXError(
          .usage,
          "the metric \(item.entry.name) reads '\(column.role)', which "
            + "\(task.request.rawValue) does not give",
          hint: "it gives " + given.joined(separator: ", "))
      }
      // Their label is another thing than the request's.
      let isRanking = item.entry.group == .ranking || item.entry.group == .image
      let isNumber = item.entry.group == .regression
      if isRanking || isNumber && task.request != .embed {
        throw DSXError(
          .usage, "the metric \(item.entry.name) does not fit \(task.request.rawValue)",
          hint: "'dsx score' computes it from a table")
      }
    }
  }

  /// The roles that a line of the request plays.
  private var roles: [String] {
    switch task.request {
    case .logLikelihood:
      ["label", "prediction", "scores", "score", "log-likelihoods", "losses", "choices"]
        + ["unconditional", "greedy", "hypothesis", "references"]
    case .classify, .imageClassify, .tableClassify:
      ["label", "prediction", "scores", "score", "hypothesis", "references"]
    case .rollingLogLikelihood: ["log-likelihood", "tokens", "words", "bytes", "loss", "rows"]
    case .generateUntil, .span:
      ["hypothesis", "references", "prediction", "answers", "label", "no-answer-probability"]
    case .tag: ["label", "prediction"]
    case .embed: ["label", "prediction"]
    case .given: []
    }
  }

  /// A line as the metrics read it.
  func row(_ line: JSONValue) -> MetricRow {
    var roles: [String] = []
    var values: [JSONValue] = []
    func add(_ role: String, _ value: JSONValue?) {
      guard let value, !value.isNull else { return }
      roles.append(role)
      values.append(value)
    }
    switch task.request {
    case .logLikelihood, .classify, .imageClassify, .tableClassify:
      let isPlaces = wantsPlaces
      add("label", isPlaces ? line["gold_index"] : line["gold"])
      add("prediction", isPlaces ? line["prediction_index"] : line["prediction"])
      add("hypothesis", line["prediction"])
      add("references", line["gold"])
      add("log-likelihoods", line["log_likelihoods"])
      add("losses", line["losses"].flatMap(Self.numbers))
      add("choices", line["choices"] ?? .array(words.map { .string($0) }))
      add("unconditional", line["unconditional"])
      add("greedy", line["greedy"])
      let shares = line["probabilities"].flatMap(Self.numbers)
      add("scores", shares)
      if let two = shares?.array, two.count == 2 { add("score", two[1]) }
    case .rollingLogLikelihood:
      add("log-likelihood", line["nll"]?.double.map { .double(-$0) })
      add("tokens", line["scored_ids"])
      add("words", line["words"])
      add("bytes", line["bytes"])
    case .generateUntil, .span:
      add("hypothesis", line["prediction"])
      add("prediction", line["prediction"])
      add("references", line["gold"])
      add("answers", line["gold"])
      add("label", line["gold"]?.array?.first)
      add("no-answer-probability", line["no_answer_probability"])
    case .tag, .embed:
      add("label", line["gold"])
      add("prediction", line["prediction"])
    case .given: for member in line["inputs"]?.object ?? [] { add(member.name, member.value) }
    }
    return MetricRow(roles: roles, values: values)
  }

  /// A list of numbers, also from an object's values in their order.
  private static func numbers(_ value: JSONValue) -> JSONValue? {
    if let members = value.object { return .array(members.map(\.value)) }
    return value.array == nil ? nil : value
  }

  /// Each metric's score of one line alone.
  func scores(_ line: JSONValue) throws(DSXError) -> [JSONValue.Member] {
    guard !isBatched else { return [] }
    let row = row(line)
    var members: [JSONValue.Member] = []
    for item in items {
      let score = item.metric.score(from: try item.metric.statistics(of: row))
      members.append(
        .init(item.key, score.map { $0.isFinite ? .double($0) : .null } ?? .null))
    }
    return members
  }

  /// A batch's row: the mean loss of its counted ids, as MindFormers' PerplexityMetric makes it.
  static func batch(_ lines: [JSONValue]) -> MetricRow {
    var loss = 0.0
    var count = 0.0
    for line in lines {
      for value in line["token_nll"]?.array ?? [] {
        loss += FloorLoss.of(value.double ?? 0)
        count += 1
      }
    }
    return [
      "loss": .double(loss / (count + 1e-5)), "rows": .int(Int64(lines.count)),
    ]
  }
}
