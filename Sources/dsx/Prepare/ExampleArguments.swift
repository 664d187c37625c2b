internal import ArgumentParser
internal import Preparation

/// The options of `dsx prepare` for tasks that make one row of each example.
struct ExampleArguments: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "tnews, cmrc2018: demonstrations in front of each example: a number, or zero, one, few, five.",
      valueName: "number"))
  var shots: String?
  @Option(
    name: [.customLong("train"), .customLong("train-file"), .customLong("train_file")],
    help: ArgumentHelp(
      "tnews, cmrc2018: the file that demonstrations are drawn from.", valueName: "path"))
  var train: String?
  @Option(
    name: [.customLong("labels"), .customLong("label-file"), .customLong("label_file")],
    help: ArgumentHelp(
      "tnews: labels.json. Default: the fifteen labels of the data set.", valueName: "path"))
  var labels: String?
  @Option(help: "tnews: labels that a row compares. Default: all of them.")
  var candidates: Int?
  @Option(help: "tnews, cmrc2018: the seed of demonstrations and labels. Default: 2 and 666.")
  var shotSeed: UInt64?
  @Option(help: "cmrc2018: take so many articles. Default: all.")
  var articles: Int?
  @Option(help: "cmrc2018: take so many questions of each article. Default: all.")
  var questions: Int?
  @Option(help: "cmrc2018: ids that a row leaves free for the answer.")
  var answerTokens = 32

  func validate() throws {
    if let shots, Self.number(shots) == nil {
      throw ValidationError("--shots is '\(shots)'; it takes a number, or zero, one, few or five")
    }
  }

  /// The same for the library.
  var options: ExampleOptions {
    var options = ExampleOptions()
    options.shots = shots.flatMap(Self.number)
    options.train = train
    options.labels = labels
    options.candidates = candidates
    options.seed = shotSeed
    options.articles = articles
    options.questions = questions
    options.answerTokens = answerTokens
    return options
  }

  /// The original scripts' words, with and without their `_shot`.
  private static func number(_ word: String) -> Int? {
    switch word.hasSuffix("_shot") ? String(word.dropLast(5)) : word {
    case "zero": 0
    case "one": 1
    case "few": 6
    case "five": 5
    default: Int(word)
    }
  }
}
