internal import ArgumentParser
internal import DSXCore
internal import Evaluation
internal import Models

/// How examples are asked and answered.
struct EvalSettings: ParsableArguments {
  @Option(help: "How a choice's loss is made; default: the task's rule.")
  var rule: ScoringRule?
  @Option(
    help:
      "Put the begin-of-text id before every text: on, off, or auto: as the model says. Default: the task's."
  )
  var bos: BOSChoice?
  @Option(help: ArgumentHelp("Number of demonstrations. Default: the task's.", valueName: "count"))
  var fewShot: Int?
  @Option(help: ArgumentHelp("The seed of demonstrations and candidates.", valueName: "number"))
  var seed: UInt64?
  @Option(
    help: ArgumentHelp(
      "Perplexity: tokens that each window after the first predicts; spans: tokens between windows. Default: the context.",
      valueName: "tokens"))
  var stride: Int?
  @Option(help: ArgumentHelp("The most tokens of a generated answer.", valueName: "tokens"))
  var maxTokens: Int?
  @Option(help: ArgumentHelp("Candidates in each row of encoded records.", valueName: "count"))
  var candidates: Int?
  @Option(
    help:
      "What is done with a prompt that is too long: error, truncate-left, truncate-right. Default: the task's."
  )
  var onLong: LongInput?
  @Option(
    help: ArgumentHelp(
      "Metrics instead of the task's, separated by commas; KEY=NAME names one of several forms.",
      valueName: "names"))
  var metrics: NameList?
  @Option(
    name: .customLong("set"), parsing: .singleValue,
    help: ArgumentHelp("A setting of one of --metrics.", valueName: "metric.setting=value"))
  var metricSettings: [String] = []
  @Option(
    parsing: .singleValue,
    help: ArgumentHelp(
      "Scores for each value of this column, too; may be given often.", valueName: "column"))
  var by: [String] = []
  @Option(help: ArgumentHelp("Only the first examples.", valueName: "count"))
  var limit: Int?
  @Option(help: ArgumentHelp("A seeded subset of so many examples.", valueName: "count"))
  var sample: Int?
  @Option(help: ArgumentHelp("The seed of --sample. Default: 0.", valueName: "number"))
  var sampleSeed: UInt64?
  @Option(help: ArgumentHelp("Tokens in one batch, about.", valueName: "tokens"))
  var batchTokens: Int = EvaluationOptions.batchTokens
  @Flag(help: "Compute what prompts begin with in common for each of them again.")
  var noSharePrefixes = false
  @Option(help: "The numbers that weights are multiplied in: f32 or bf16.")
  var dtype = ComputeType.float32
  @Option(
    help: ArgumentHelp("Memory beyond the weights; 512M, 4G.", valueName: "bytes"))
  var memoryLimit: ByteCount?

  func options(_ process: EvalProcess) throws(DSXError) -> EvaluationOptions {
    guard sample != nil || sampleSeed == nil else {
      throw DSXError(.usage, "--sample-seed is the seed of --sample, which is not given")
    }
    return EvaluationOptions(
      rule: rule, bos: bos, limit: limit, sample: sample, sampleSeed: sampleSeed ?? 0, seed: seed,
      stride: stride, fewShot: fewShot, candidates: candidates, maximumTokens: maxTokens,
      onLong: onLong, metrics: try choices(), by: by, batchTokens: batchTokens,
      sharesPrefixes: !noSharePrefixes, computeType: dtype, memoryLimit: memoryLimit?.bytes,
      workers: process.workers,
      tool: "dsx " + Version.current)
  }

  private func choices() throws(DSXError) -> [MetricChoice] {
    var choices: [MetricChoice] = []
    for word in metrics?.names ?? [] { choices.append(try MetricChoice(word: word)) }
    for setting in metricSettings { try MetricChoice.set(setting, in: &choices) }
    return choices
  }
}

/// Where the run goes.
struct EvalOutput: ParsableArguments {
  @Option(
    name: .shortAndLong,
    help: ArgumentHelp("The run's folder. Default: reports/<run>.", valueName: "folder"))
  var output: String?
  @Flag(help: "Replace another run in --output.")
  var overwrite = false
  @Flag(help: "Go on with the run in --output; the default whenever it is the same run.")
  var resume = false
  @Flag(help: "Take no results from the cache, and keep none.")
  var noCache = false
}
