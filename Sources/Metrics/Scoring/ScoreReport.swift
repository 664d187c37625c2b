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

  /// The numbers of a state, made on up to `threads` threads; the digits do not depend on that. No
  /// example is an error (`nothing-to-do`).
  ///
  /// Resamples of all examples that are counted (`WeightedRows`) are made one metric after the other,
  /// each on all threads, as the statistics of several would not fit a shared cache at once; everything
  /// else side by side.
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
    let whole = try Self.ordered(state, rule, threads: threads)
    for metric in 0..<width where whole[metric] != nil {
      let line = try Self.line(state, metric: metric, slice: nil, rule, table: whole[metric])
      results.withLock { $0[metric] = .success(line) }
    }
    let left = (0..<groups.count * width).filter { job in
      job >= width || whole[job] == nil
    }
    var single = rule
    single.workers = 1
    let alone = single
    FanOut.run(count: left.count, workers: threads) { source in
      while let taken = source.take() {
        let job = left[taken]
        let result: Result<Line, DSXError>
        do throws(DSXError) {
          result = .success(
            try Self.line(
              state, metric: job % width, slice: groups[job / width], alone, table: nil))
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

  /// The tables of all examples whose draws are counted, in their canonical order (which is found once
  /// more then, at next to no cost); nil for others, and where another library's order counts.
  private static func ordered(_ state: ScoreState, _ rule: IntervalRule, threads: Int)
    throws(DSXError) -> [ExampleTable?]
  {
    let width = state.plan.items.count
    let results = Lock([Result<ExampleTable?, DSXError>](repeating: .success(nil), count: width))
    guard threads > 1, rule.compat == nil else { return Array(repeating: nil, count: width) }
    FanOut.run(count: width, workers: threads) { source in
      while let index = source.take() {
        guard needsTable(state, index, rule) else { continue }
        let result: Result<ExampleTable?, DSXError>
        do throws(DSXError) {
          let table = try state.table(index, slice: nil)
          result = .success(table?.countsDraws == true ? try table?.canonical() : nil)
        } catch { result = .failure(error) }
        results.withLock { $0[index] = result }
      }
    }
    var tables: [ExampleTable?] = []
    for result in results.withLock({ $0 }) { tables.append(try result.get()) }
    return tables
  }

  private static func needsTable(_ state: ScoreState, _ metric: Int, _ rule: IntervalRule) -> Bool {
    rule.kind != .none
      && (state.clusterColumn != nil || rule.needsExamples(state.plan.items[metric].metric))
  }

  /// `table`: the examples where they are at hand.
  private static func line(
    _ state: ScoreState, metric index: Int, slice: String?, _ rule: IntervalRule,
    table: ExampleTable?
  ) throws(DSXError) -> Line {
    let item = state.plan.items[index]
    let states = slice.map { state.slices[ExactText($0)] ?? [] } ?? state.sums
    let statistics = states[index].statistics
    var examples = table
    if examples == nil, needsTable(state, index, rule) {
      examples = try state.table(index, slice: slice)
    }
    let interval = try rule.interval(
      item.metric, statistics, examples, isClustered: state.clusterColumn != nil, place: index)
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
