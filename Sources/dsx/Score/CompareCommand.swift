internal import ArgumentParser
internal import DSXCore
internal import Metrics

/// `dsx compare A B`: two systems on the same examples.
struct CompareCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "compare",
    abstract: "Compare two systems on the same examples: difference, interval, test, flips.",
    discussion: """
      A and B are files of 'dsx score --per-example', paired by the examples' ids; or two files of \
      texts (with --metrics and --ref) or two tables (with --metrics) that are scored first.

      Examples:
        dsx compare before.examples after.examples
        dsx compare old.txt new.txt --ref ref.txt --metrics accuracy
        dsx compare a.jsonl b.jsonl --metrics accuracy --test mcnemar --format json

      The difference is B minus A; its interval comes from the paired bootstrap, p-values of several \
      metrics are corrected after Holm. A positive change of an upward metric is a gain. The exit code \
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
    if FilePath.isFolder(path) {
      throw DSXError(
        .usage, "it is a folder, not a file of scored examples", file: path,
        hint: "'dsx runs compare A B' compares two runs")
    }
    let file = try MappedFile(path: path)
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
