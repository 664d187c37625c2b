internal import ArgumentParser
internal import Evaluation

/// `dsx runs compare A B`.
struct RunsCompare: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "compare",
    abstract: "Compare two runs example by example: tests, flips, worst cases, slices.",
    discussion: """
      Examples:
        dsx runs compare last-green last
        dsx runs compare nightly-2026-11-20 nightly-2026-11-21 --format json
        dsx runs compare reports/a/ reports/b/

      A and B are ids, beginnings of ids, last, last-green, or run folders; A is the baseline. \
      last and last-green stand for runs of the other one's recipe, as A for one before B. \
      Examples are aligned by id; those whose input changed are left out. The exit code is 0 \
      whatever the outcome.
      """)

  @Argument(help: "The baseline: a run or a folder.") var first: String
  @Argument(help: "The other run or folder.") var second: String
  @Option(help: "The test: auto, mcnemar, bootstrap or randomisation.") var test = GateTest.auto
  @Option(help: "The share of comparisons without change that may be called one.") var alpha = 0.05
  @Option(help: "Resamples of the bootstrap, trials of randomisation.") var samples = 10_000
  @Option(help: "The seed of everything random.") var seed: UInt64 = 12345
  @Option(help: "How many of the largest losses, gains and flips are listed.") var worst = 5
  @OptionGroup var history: HistoryOptions
  @Option(help: "How the comparison is printed: text or json.") var format = PlainFormat.text

  func validate() throws {
    guard alpha > 0, alpha < 0.5 else {
      throw ValidationError("--alpha must lie between 0 and 0.5")
    }
    guard (100...1_000_000).contains(samples) else {
      throw ValidationError("--samples must be from 100 to 1000000")
    }
    guard worst >= 0 else { throw ValidationError("--worst must not be negative") }
  }

  func run() throws {
    let difference = try RunDifference(
      first, second, history: history.path,
      settings: GateSettings(alpha: alpha, resamples: samples, seed: seed), test: test,
      worst: worst)
    if format == .json {
      return Output.line(DifferenceText.json(difference, worst).text(.indented))
    }
    Output.write(Array(DifferenceText.text(difference, worst).utf8))
  }
}
