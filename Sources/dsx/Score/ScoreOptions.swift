public import ArgumentParser
internal import DSXCore
internal import Glibc
public import Metrics

extension IntervalRule.Kind: ExpressibleByArgument {}
extension Comparison.Test: ExpressibleByArgument {}

/// Which metrics, with which settings: shared by `dsx score` and `dsx compare`.
struct ScoreMetricOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Metrics, separated by commas; ALIAS=NAME names one of several forms of a metric.",
      valueName: "names"))
  var metrics: NameList?
  @Option(
    name: .customLong("set"), parsing: .singleValue,
    help: ArgumentHelp(
      "A metric's setting; may be given often. dsx metrics show NAME lists them.",
      valueName: "metric.setting=value"))
  var settings: [String] = []
  @Option(
    help: ArgumentHelp(
      "Another library's numbers: its presets of the metrics, its resampling.", valueName: "library"
    ))
  var compat: String?

  /// The libraries whose forms some metric has.
  static func libraries(_ registry: Registry<MetricEntry>) -> [String] {
    var names: Set<String> = []
    for entry in Builtins.entries { names.formUnion(entry.compat.keys) }
    return names.sorted()
  }

  /// Refuses libraries that no metric has a form of.
  static func check(compat: String?, _ registry: Registry<MetricEntry>) throws(DSXError) {
    guard let compat else { return }
    let known = libraries(registry)
    guard known.contains(compat) else { throw DSXError.unknown("library", compat, known: known) }
  }

  func plan(keepsExamples: (ScorePlan) -> Bool) throws(DSXError) -> ScorePlan {
    guard let metrics else {
      throw DSXError(
        .usage, "--metrics is missing", hint: "dsx metrics list shows what there is")
    }
    let registry = try Builtins.registry()
    try Self.check(compat: compat, registry)
    let plan = try ScorePlan(
      metrics: metrics.names, settings: settings, compat: compat, keepsExamples: false,
      registry: registry)
    return ScorePlan(items: plan.items, keepsExamples: keepsExamples(plan))
  }
}

/// Where examples come from.
struct ScoreInputOptions: ParsableArguments {
  @Option(help: ArgumentHelp("The system's texts or labels, one a line.", valueName: "file"))
  var hyp: String?
  @Option(
    parsing: .singleValue,
    help: ArgumentHelp(
      "References or true labels, one a line; again for more references.", valueName: "file"))
  var ref: [String] = []
  @Option(
    help: ArgumentHelp("A table instead: .jsonl, .json, .csv or .tsv.", valueName: "file"))
  var input: String?
  @Option(
    parsing: .singleValue,
    help: ArgumentHelp(
      "Which column of the table plays a role; may be given often.",
      valueName: "role=column"))
  var column: [String] = []
  @Option(help: ArgumentHelp("The column with the examples' names.", valueName: "column"))
  var id: String?
  @Option(
    help: ArgumentHelp(
      "Resample whole clusters of examples that share a value here.", valueName: "column"))
  var cluster: String?

  /// Every file that is read.
  var files: [String] { [hyp, input].compactMap { $0 } + ref }

  /// Role by role the column that was named for it.
  func roles() throws(DSXError) -> [String: String] {
    var roles: [String: String] = [:]
    for word in column {
      let bytes = Array(word.utf8)
      guard let mark = bytes.firstIndex(of: UInt8(ascii: "=")), mark > 0, mark + 1 < bytes.count
      else {
        throw DSXError(
          .usage, "'\(word)' names no column", hint: "write ROLE=COLUMN, as hypothesis=pred")
      }
      let role = String(decoding: bytes[..<mark], as: UTF8.self)
      guard roles[role] == nil else {
        throw DSXError(.usage, "the column of the role '\(role)' is named twice")
      }
      roles[role] = String(decoding: bytes[(mark + 1)...], as: UTF8.self)
    }
    return roles
  }
}

/// How intervals are made.
struct ScoreIntervalOptions: ParsableArguments {
  @Option(
    help:
      "Intervals: auto (exact where there is a formula, else bootstrap), none, analytic or bootstrap."
  )
  var interval = IntervalRule.Kind.auto
  @Option(help: "Replicates of the bootstrap.")
  var samples = 1000
  @Option(help: "The seed of everything random.")
  var seed: UInt64 = 12345
  @Option(help: "The coverage of intervals.")
  var level = 0.95

  func validate() throws {
    try Self.check(samples, "--samples")
    guard level > 0, level < 1 else { throw ValidationError("--level must lie between 0 and 1") }
  }

  /// How often something may be drawn.
  static func check(_ draws: Int, _ option: String) throws {
    guard (2...10_000_000).contains(draws) else {
      throw ValidationError("\(option) must lie between 2 and 10000000")
    }
  }

  /// sacrebleu's intervals are of 95 percent.
  func check(compat: String?) throws { try Self.check(level: level, compat: compat) }

  static func check(level: Double, compat: String?) throws {
    guard compat != "sacrebleu" || level == 0.95 else {
      throw ValidationError("--compat sacrebleu has intervals of --level 0.95 only")
    }
  }

  func rule(compat: String?, threads: Int) -> IntervalRule {
    IntervalRule(
      interval, replicates: samples, seed: seed, level: level, compat: compat, workers: threads)
  }
}

/// The number of threads when none is asked for.
enum ScoreThreads {
  static func count(_ wanted: Int?) -> Int {
    wanted ?? max(1, Int(sysconf(Int32(_SC_NPROCESSORS_ONLN))))
  }
}
