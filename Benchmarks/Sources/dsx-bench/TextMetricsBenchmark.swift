import DSXCore
import Metrics

/// `bleu-13a|bleu-zh|chrf|ter|rouge --hyp FILE --ref FILE`: one metric of lines against lines, on
/// one thread.
///
/// One JSON line; reading the files is not timed. `rouge` is ROUGE-1, -2 and -L from one
/// tokenization.
enum TextMetricsBenchmark {
  static func bleu13a(_ arguments: Arguments) throws {
    try run(BLEU(BLEUOptions(tokenizer: .v13a)), arguments)
  }
  static func bleuZh(_ arguments: Arguments) throws {
    try run(BLEU(BLEUOptions(tokenizer: .chinese)), arguments)
  }
  static func chrF(_ arguments: Arguments) throws { try run(ChrF(), arguments) }
  static func ter(_ arguments: Arguments) throws { try run(TER(), arguments) }

  static func rouge(_ arguments: Arguments) throws {
    let examples = try examples(arguments)
    let scorer = RougeScorer([.ngrams(1), .ngrams(2), .subsequence])
    let start = seconds()
    var sums = [0.0, 0.0, 0.0]
    for example in examples {
      let scores = try scorer.scores(example.hypothesis, example.references.compactMap { $0 })
      for (index, score) in scores.enumerated() { sums[index] += score.f }
    }
    let time = seconds() - start
    let means = sums.map { $0 / Double(examples.count) }
    report(
      examples.count, time,
      [("rouge1", means[0]), ("rouge2", means[1]), ("rougeL", means[2])])
  }

  private static func run<M: Metric>(_ metric: M, _ arguments: Arguments) throws
  where M.Example == TextExample {
    let examples = try examples(arguments)
    let start = seconds()
    let statistics = try metric.statistics(of: examples)
    let score = metric.score(from: statistics) ?? .nan
    report(examples.count, seconds() - start, [("score", score)])
  }

  private static func report(_ count: Int, _ time: Double, _ scores: [(String, Double)]) {
    print(
      JSONValue.object(
        [
          .init("pairs", .int(Int64(count))), .init("seconds", .double(time)),
          .init("pairs_per_s", .double(Double(count) / time)),
        ] + scores.map { .init($0.0, .double($0.1)) }
      ).text(.spaced))
  }

  private static func examples(_ arguments: Arguments) throws -> [TextExample] {
    let hypotheses = try lines(arguments.text("hyp"))
    let references = try lines(arguments.text("ref"))
    guard hypotheses.count == references.count else {
      throw Arguments.Failure("the files have other numbers of lines")
    }
    return zip(hypotheses, references).map { TextExample(hypothesis: $0, reference: $1) }
  }

  private static func lines(_ path: String) throws -> [String] {
    let file = try MappedFile(path: path)
    defer { withExtendedLifetime(file) {} }
    return file.bytes.split(separator: 0x0a).map { String(decoding: $0, as: UTF8.self) }
  }
}
