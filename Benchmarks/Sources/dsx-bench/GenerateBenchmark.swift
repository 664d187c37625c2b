import DSXCore
import Models

/// `generate --model DIR --ids FILE --batch N --prompt 32 --tokens 64 --threads N --dtype f32`: greedy
/// generation after the first ids of the file's rows. One JSON line; prompts are not timed.
enum GenerateBenchmark {
  static func run(_ arguments: Arguments) throws {
    let model = try open(arguments)
    let rows = try PerplexityBenchmark.read(arguments.text("ids"))
    let batch = try arguments.number("batch", 1)
    let length = try arguments.number("prompt", 32)
    let tokens = try arguments.number("tokens", 64)
    let threads = try arguments.number("threads", 1)
    let all = rows.flatMap { $0 }
    let prompts = (0..<batch).map { Array(all[$0 * length..<($0 + 1) * length]) }
    let session = try model.makeSession(ComputeOptions(workers: threads, sharesPrefixes: false))
    let begin = seconds()
    let slots = try session.start(prompts)
    let prompt = seconds() - begin
    var hash = 0
    func next() -> [Int32] {
      slots.map { slot in
        session.withLogits(of: slot) { logits in
          var best = 0
          for index in logits.indices where logits[index] > logits[best] { best = index }
          return Int32(best)
        }
      }
    }
    var ids = next()
    // A step before the clock starts: pages of the weights, sleeping threads.
    try session.append(ids, to: slots)
    let start = seconds()
    for _ in 0..<tokens {
      ids = next()
      hash = ids.reduce(hash) { ($0 &* 31 &+ Int($1)) & 0xffff_ffff }
      try session.append(ids, to: slots)
    }
    let time = seconds() - start
    print(
      JSONValue.object([
        .init("tokens", .int(Int64(tokens * batch))), .init("seconds", .double(time)),
        .init("tokens_per_s", .double(Double(tokens * batch) / time)),
        .init("prompt_seconds", .double(prompt)), .init("hash", .int(Int64(hash))),
      ]).text(.spaced))
  }

  /// `--model`, a folder or a GGUF file, in `--dtype`.
  static func open(_ arguments: Arguments) throws -> any LanguageModel {
    let name = (try? arguments.text("dtype")) ?? ComputeType.float32.rawValue
    guard let type = ComputeType(rawValue: name) else {
      throw Arguments.Failure("--dtype: f32 or bf16")
    }
    return try ModelFolder.openModel(arguments.text("model"), ModelOptions(computeType: type))
  }
}
