internal import ArgumentParser
internal import DSXCore
internal import Metrics
internal import Reports

/// `dsx compare A B`: two systems on the same examples.
struct CompareCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "compare",
    abstract: "Compare two systems on the same examples: difference, interval, test, flips.",
    discussion: """
      A and B are files of 'dsx score --per-example', paired by the examples' ids; or two files of
      texts (with --metrics and --ref) or two tables (with --metrics) that are scored first.

      Examples:
        dsx compare before.examples after.examples
        dsx compare old.txt new.txt --ref ref.txt --metrics accuracy
        dsx compare a.jsonl b.jsonl --metrics accuracy --test mcnemar --format json

      The difference is B minus A; its interval comes from the paired bootstrap, p-values of several
      metrics are corrected after Holm. A positive change of an upward metric is a gain. The exit code
      is 0 whatever the outcome.
      """)

  @Argument(help: "The first system (baseline).") var first: String
  @Argument(help: "The second system.") var second: String
  @OptionGroup(title: "Metrics, when A and B have to be scored") var metrics: ScoreMetricOptions
  @Option(
    parsing: .singleValue,
    help: ArgumentHelp("References or true labels of text files.", valueName: "file"))
  var ref: [String] = []
  @Option(
    parsing: .singleValue,
    help: ArgumentHelp("Which column of the tables plays a role.", valueName: "role=column"))
  var column: [String] = []
  @Option(help: ArgumentHelp("The column with the examples' names.", valueName: "column"))
  var id: String?
  @Option(
    help: ArgumentHelp("Resample whole clusters that share a value here.", valueName: "column"))
  var cluster: String?
  @Option(help: "The test: auto, bootstrap, randomisation, wilcoxon or mcnemar.")
  var test = Comparison.Test.auto
  @Option(help: "Replicates of the bootstrap.") var samples = 1000
  @Option(help: "Trials of approximate randomisation.") var trials = 10_000
  @Option(help: "The seed of everything random.") var seed: UInt64 = 12345
  @Option(help: "The coverage of intervals.") var level = 0.95
  @Option(help: "How many of the largest losses and gains are listed.") var worst = 5
  @OptionGroup(title: "Output") var output: ScoreOutputOptions
  @Option(help: "Threads for scoring; never changes the results. Default: the number of cores.")
  var threads: Int?

  func validate() throws {
    try ScoreIntervalOptions.check(samples, "--samples")
    try ScoreIntervalOptions.check(trials, "--trials")
    try ScoreIntervalOptions.check(level: level, compat: metrics.compat)
    guard level > 0, level < 1 else { throw ValidationError("--level must lie between 0 and 1") }
    guard worst >= 0 else { throw ValidationError("--worst must not be negative") }
    guard threads ?? 1 >= 1 else { throw ValidationError("--threads must be at least 1") }
  }

  func run() throws {
    try ScoreMetricOptions.check(compat: metrics.compat, Builtins.registry())
    var settings = Comparison.Settings()
    settings.test = test
    settings.replicates = samples
    settings.trials = trials
    settings.seed = seed
    settings.level = level
    settings.compat = metrics.compat
    settings.worst = worst
    let comparison = try Comparison(examples(first), examples(second), settings)
    Output.write(Array(ComparisonText.render(comparison, output.format).utf8))
  }

  /// The examples of a file: read when it holds some, else scored.
  private func examples(_ path: String) throws(DSXError) -> ExampleFile {
    let registry = try Builtins.registry()
    let file = try MappedFile(path: path, required: true)
    if file.withBytes({ ExampleFile.isHead($0) }) {
      guard metrics.metrics == nil, ref.isEmpty else {
        throw DSXError(
          .usage, "the file holds scored examples: --metrics and --ref are for texts", file: path)
      }
      guard metrics.settings.isEmpty, column.isEmpty, id == nil, cluster == nil else {
        throw DSXError(
          .usage,
          "the file holds scored examples: --set, --column, --id and --cluster are for tables",
          file: path, hint: "give them to 'dsx score --per-example'")
      }
      do throws(DSXError) {
        return try file.withBytes { (bytes) throws(DSXError) in
          try ExampleFile(bytes: bytes, registry: registry)
        }
      } catch { throw error.inFile(path) }
    }
    guard metrics.metrics != nil else {
      throw DSXError(
        .usage, "the file holds no scored examples, and no metric is named", file: path,
        hint: "score it with --per-example first, or give --metrics")
    }
    var input = ScoreInputOptions()
    input.hyp = ref.isEmpty ? nil : path
    input.ref = ref
    input.input = ref.isEmpty ? path : nil
    input.column = column
    input.id = id
    input.cluster = cluster
    let plan = try metrics.plan { _ in true }
    do throws(DSXError) {
      return try ExampleFile(
        ScoreRun.state(input, plan, by: nil, threads: ScoreThreads.count(threads)))
    } catch { throw error.inFile(path) }
  }
}

/// A comparison in every form.
enum ComparisonText {
  static func render(_ comparison: Comparison, _ format: ScoreOutputOptions.Format) -> String {
    switch format {
    case .json: return json(comparison).text(.indented) + "\n"
    case .csv: return TableFormat.csv.render(flat(comparison))
    case .latex: return LaTeXTable.render(table(comparison))
    case .markdown, .text:
      let form: TableFormat = format == .text ? .text : .markdown
      var text = "\(NumberFormat.grouped(comparison.count)) examples are in both"
      for (name, ids) in [("A", comparison.onlyFirst), ("B", comparison.onlySecond)]
      where !ids.isEmpty {
        text += "; only in \(name): " + listed(ids)
      }
      text += "\n\n" + form.render(table(comparison))
      text += "\n" + form.render(changes(comparison))
      for line in comparison.lines where !line.losses.isEmpty || !line.gains.isEmpty {
        text += "\n" + form.render(cases(line))
      }
      return text
    }
  }

  private static func listed(_ ids: [JSONValue]) -> String {
    ids.prefix(10).map { $0.text() }.joined(separator: ", ")
      + (ids.count > 10 ? ", ... (\(ids.count))" : "")
  }

  private static func table(_ comparison: Comparison) -> Table {
    let level = comparison.lines.compactMap(\.interval).first?.level ?? 0.95
    return Table(
      columns: [
        .words("metric"), .numbers("A"), .numbers("B"), .numbers("B - A"),
        .numbers(ScoreNumber.percent(level) + " interval"), .numbers("p"), .numbers("p (Holm)"),
        .words("test"), .numbers("detectable"),
      ],
      rows: comparison.lines.map { line in
        let unit = line.metric.unit
        return [
          Table.Cell(line.key + (line.metric.higherIsBetter ? " ↑" : " ↓")),
          Table.Cell(ScoreNumber.text(line.first, unit)),
          Table.Cell(ScoreNumber.text(line.second, unit)),
          Table.Cell(ScoreNumber.signed(line.difference, unit), style: .strong),
          Table.Cell(
            line.interval.map {
              ScoreNumber.signed($0.low, unit) + " .. " + ScoreNumber.signed($0.high, unit)
            } ?? NumberFormat.missing),
          Table.Cell(line.test.map { NumberFormat.pValue($0.pValue) } ?? NumberFormat.missing),
          Table.Cell(line.adjusted.map(NumberFormat.pValue) ?? NumberFormat.missing),
          Table.Cell(line.test?.method ?? "none"),
          Table.Cell(ScoreNumber.text(line.detectable, unit)),
        ]
      })
  }

  private static func changes(_ comparison: Comparison) -> Table {
    Table(
      columns: [
        .words("metric"), .numbers("B better"), .numbers("equal"), .numbers("B worse"),
      ],
      rows: comparison.lines.map { line in
        [
          Table.Cell(line.key), Table.Cell(NumberFormat.grouped(line.better)),
          Table.Cell(NumberFormat.grouped(line.equal)),
          Table.Cell(NumberFormat.grouped(line.worse)),
        ]
      })
  }

  private static func cases(_ line: Comparison.Line) -> Table {
    func rows(_ pairs: [Comparison.Pair], _ what: String) -> [[Table.Cell]] {
      pairs.map { pair in
        [
          Table.Cell(what), Table.Cell(pair.id.string ?? pair.id.text()),
          Table.Cell(ScoreNumber.text(pair.first, line.metric.unit)),
          Table.Cell(ScoreNumber.text(pair.second, line.metric.unit)),
        ]
      }
    }
    return Table(
      columns: [.words(line.key), .words("id"), .numbers("A"), .numbers("B")],
      rows: rows(line.losses, "loss") + rows(line.gains, "gain"))
  }

  private static func flat(_ comparison: Comparison) -> Table {
    func number(_ value: Double?) -> Table.Cell { Table.Cell(value?.description ?? "") }
    return Table(
      columns: [
        "metric", "n", "a", "b", "difference", "low", "high", "stderr", "p", "p_holm", "test",
        "detectable", "better", "equal", "worse", "signature",
      ].map { .words($0) },
      rows: comparison.lines.map { line in
        [
          Table.Cell(line.key), Table.Cell(String(comparison.count)), number(line.first),
          number(line.second), number(line.difference), number(line.interval?.low),
          number(line.interval?.high), number(line.interval?.standardError),
          number(line.test?.pValue), number(line.adjusted), Table.Cell(line.test?.method ?? ""),
          number(line.detectable), Table.Cell(String(line.better)),
          Table.Cell(String(line.equal)), Table.Cell(String(line.worse)),
          Table.Cell(line.metric.signature),
        ]
      })
  }

  private static func json(_ comparison: Comparison) -> JSONValue {
    func number(_ value: Double?) -> JSONValue { value.map { .double($0) } ?? .null }
    func pairs(_ pairs: [Comparison.Pair]) -> JSONValue {
      .array(
        pairs.map { ["id": $0.id, "a": .double($0.first), "b": .double($0.second)] })
    }
    return .object([
      .init("dsx-comparison", 1), .init("count", .int(Int64(comparison.count))),
      .init("only_a", .array(comparison.onlyFirst)), .init("only_b", .array(comparison.onlySecond)),
      .init(
        "metrics",
        .array(
          comparison.lines.map { line in
            .object([
              .init("key", .string(line.key)), .init("a", number(line.first)),
              .init("b", number(line.second)), .init("difference", number(line.difference)),
              .init(
                "interval",
                line.interval.map {
                  [
                    "low": .double($0.low), "high": .double($0.high), "level": .double($0.level),
                    "stderr": number($0.standardError), "method": .string($0.method),
                  ]
                } ?? .null),
              .init(
                "test",
                line.test.map {
                  [
                    "method": .string($0.method), "statistic": .double($0.statistic),
                    "p": .double($0.pValue), "p_holm": number(line.adjusted),
                  ]
                } ?? .null),
              .init("detectable", number(line.detectable)),
              .init("better", .int(Int64(line.better))), .init("equal", .int(Int64(line.equal))),
              .init("worse", .int(Int64(line.worse))), .init("losses", pairs(line.losses)),
              .init("gains", pairs(line.gains)),
              .init("higher_is_better", .bool(line.metric.higherIsBetter)),
              .init("signature", .string(line.metric.signature)),
            ])
          })),
    ])
  }
}
