public import DSXCore

/// Finished numbers of a state: in all and slice by slice.
public struct ScoreReport: Sendable {
  /// One metric's row.
  public struct Line: Sendable {
    /// The name in this report.
    public let key: String
    /// The metric's name in the registry.
    public let metric: String
    /// All scores, the main one first.
    public let scores: [NamedScore]
    /// The interval of the main score; nil when there is none.
    public let interval: Interval?
    /// Number of examples.
    public let count: Int
    /// Every setting that changes the number.
    public let signature: String
    /// The unit of the main score.
    public let unit: String
    /// Whether larger is better.
    public let higherIsBetter: Bool

    /// The main score.
    public var value: Double? { scores.first?.value }
  }

  /// Number of examples.
  public let count: Int
  /// All examples together.
  public let lines: [Line]
  /// The column whose values make the slices.
  public let sliceColumn: String?
  /// The slices, sorted by their values' UTF-8 bytes.
  public let slices: [(value: String, lines: [Line])]

  /// The numbers of a state. Intervals of different metrics and slices are made side by side on up to
  /// `threads` threads; the digits do not depend on that. No example is an error (`nothing-to-do`).
  public init(_ state: ScoreState, _ rule: IntervalRule, threads: Int = 1) throws(DSXError) {
    guard state.count > 0 else {
      throw DSXError(.nothingToDo, "there is no example to score", hint: "the input has no rows")
    }
    count = state.count
    sliceColumn = state.sliceColumn
    let names = state.slices.keys.sorted().map(\.text)
    let groups: [String?] = [nil] + names
    let width = state.plan.items.count
    let results = Lock<[Int: Result<Line, DSXError>]>([:])
    FanOut.run(count: groups.count * width, workers: threads) { source in
      while let job = source.take() {
        let result: Result<Line, DSXError>
        do throws(DSXError) {
          result = .success(
            try Self.line(state, metric: job % width, slice: groups[job / width], rule))
        } catch { result = .failure(error) }
        results.withLock { $0[job] = result }
      }
    }
    let made = results.withLock { $0 }
    var all: [[Line]] = []
    for group in groups.indices {
      var lines: [Line] = []
      for metric in 0..<width {
        guard let result = made[group * width + metric] else {
          throw DSXError(.internal, "an interval was not computed")
        }
        lines.append(try result.get())
      }
      all.append(lines)
    }
    lines = all[0]
    slices = zip(names, all.dropFirst()).map { ($0, $1) }
  }

  private static func line(
    _ state: ScoreState, metric index: Int, slice: String?, _ rule: IntervalRule
  ) throws(DSXError) -> Line {
    let item = state.plan.items[index]
    let states = slice.map { state.slices[ExactText($0)] ?? [] } ?? state.sums
    let statistics = states[index].statistics
    let isClustered = state.clusterColumn != nil
    let needsTable = rule.kind != .none && (isClustered || rule.needsExamples(item.metric))
    let interval = try rule.interval(
      item.metric, statistics, needsTable ? state.table(index, slice: slice) : nil,
      isClustered: isClustered, place: index)
    var signature = item.metric.signature(from: statistics)
    if rule.compat == "sacrebleu", rule.kind == .bootstrap, interval != nil {
      signature = ResamplingSignature.inserting(
        bootstrap: rule.replicates, seed: rule.seed, into: signature)
    }
    return Line(
      key: item.key, metric: item.entry.name, scores: item.metric.scores(from: statistics),
      interval: interval, count: statistics.count, signature: signature, unit: item.metric.unit,
      higherIsBetter: item.metric.higherIsBetter)
  }
}

extension ScoreReport {
  /// The report as JSON (`dsx-scores`, version 1): the same bytes for the same state and rule.
  public var json: JSONValue {
    .object(
      [
        .init("dsx-scores", 1), .init("count", .int(Int64(count))),
        .init("metrics", .array(lines.map(\.json))),
      ]
        + (sliceColumn.map { column in
          [
            .init("by", .string(column)),
            .init(
              "slices",
              .array(
                slices.map { slice in
                  .object([
                    .init("value", .string(slice.value)),
                    .init("metrics", .array(slice.lines.map(\.json))),
                  ])
                })),
          ]
        } ?? []))
  }
}

extension ScoreReport.Line {
  /// The line as a JSON object.
  public var json: JSONValue {
    func number(_ value: Double?) -> JSONValue { value.map { .double($0) } ?? .null }
    var members: [JSONValue.Member] = [
      .init("key", .string(key)), .init("metric", .string(metric)), .init("score", number(value)),
    ]
    if scores.count > 1 {
      members.append(
        .init("scores", .object(scores.map { .init($0.name, number($0.value)) })))
    }
    if let interval {
      var parts: [JSONValue.Member] = [
        .init("low", .double(interval.low)), .init("high", .double(interval.high)),
        .init("level", .double(interval.level)), .init("method", .string(interval.method)),
      ]
      if let error = interval.standardError { parts.append(.init("stderr", .double(error))) }
      if let mean = interval.mean { parts.append(.init("mean", .double(mean))) }
      members.append(.init("interval", .object(parts)))
    } else {
      members.append(.init("interval", .null))
    }
    members += [
      .init("n", .int(Int64(count))), .init("unit", .string(unit)),
      .init("higher_is_better", .bool(higherIsBetter)), .init("signature", .string(signature)),
    ]
    return .object(members)
  }
}
