import DSXCore
import Models

/// `choices --model DIR --ids FILE --questions 16 --labels 15 --prompt 40 --answer 3 --threads N
/// --reuse yes|no`: label-last multiple choice; every answer of every question is scored, all in one
/// batch. One JSON line with the tokens that went through the layers, and with what the arithmetic of
/// these tokens is of plain sgemm's rate in the same run.
enum ChoicesBenchmark {
  static func run(_ arguments: Arguments) throws {
    let model = try GenerateBenchmark.open(arguments)
    let all = try PerplexityBenchmark.read(arguments.text("ids")).flatMap { $0 }
    let questions = try arguments.number("questions", 16)
    let labels = try arguments.number("labels", 15)
    let length = try arguments.number("prompt", 40)
    let answer = try arguments.number("answer", 3)
    let threads = try arguments.number("threads", 1)
    let shares = (try? arguments.text("reuse")) != "no"
    var next = 0
    func take(_ count: Int) -> [Int32] {
      defer { next += count }
      return (next..<next + count).map { all[$0 % all.count] }
    }
    let answers = (0..<labels).map { _ in take(answer) }
    var requests: [LikelihoodRequest] = []
    for _ in 0..<questions {
      let prompt = take(length)
      for label in answers {
        requests.append(
          LikelihoodRequest(ids: prompt + label, scored: length..<length + answer))
      }
    }
    let options = ComputeOptions(workers: threads, sharesPrefixes: shares)
    _ = try model.makeScorer(options).score(Array(requests.prefix(labels)))
    var sgemm = ModelWork.sgemmRate(threads: threads)
    let scorer = try model.makeScorer(options)
    let start = seconds()
    let scores = try scorer.score(requests)
    let time = seconds() - start
    sgemm = max(sgemm, ModelWork.sgemmRate(threads: threads))
    let work = try ModelWork(config: FilePath.join(arguments.text("model"), "config.json"))
    let tally = scorer.tally
    // Attention's part is small: each token as if it saw a whole sequence.
    let flops =
      Double(tally.computedTokens) * (work.layers + Double(length) * work.pair / 2)
      + Double(tally.logitRows) * work.logits
    print(
      JSONValue.object([
        .init("requests", .int(Int64(requests.count))), .init("seconds", .double(time)),
        .init("requested_tokens", .int(Int64(tally.requestedTokens))),
        .init("computed_tokens", .int(Int64(tally.computedTokens))),
        .init("logit_rows", .int(Int64(tally.logitRows))),
        .init("sum", .double(scores.reduce(0.0) { $0 + $1.total })),
        .init("gflops", .double(flops / time / 1e9)),
        .init("sgemm_gflops", .double(sgemm / 1e9)),
        .init("of_sgemm", .double(flops / time / sgemm)),
      ]).text(.spaced))
  }
}
