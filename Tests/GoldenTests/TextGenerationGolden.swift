import DSXCore
import Models
import Testing

/// `generation` files of any model: prompts, greedy ids as far as the margins are safe, log-probabilities,
/// the first logits, and the text.
enum TextGenerationGolden {
  /// The margin above which a decision is sure.
  private static let logitTolerance = 1e-4

  static func walk(_ run: GoldenRun) throws {
    for folder in try FilePath.list(run.folder)
    where FilePath.isFolder(run.path(folder)) && folder != "inputs" && folder != "formats" {
      for file in try FilePath.list(run.path(folder)) where file.hasSuffix(".json") {
        let name = FilePath.join(folder, file)
        let golden = try run.json(name)
        guard golden["kind"]?.string == "generation" else { continue }
        try walk(run, name, golden)
      }
    }
  }

  private static func walk(_ run: GoldenRun, _ name: String, _ golden: JSONValue) throws {
    let model = golden["model"]?.string ?? ""
    guard let folder = GoldenPlaces.current.find(["models/" + model]) else {
      run.check("generation", name) { "the model \(model) is not found" }
      return
    }
    let loaded = try ModelFolder.open(folder)
    let items = golden["items"]?.array ?? []
    let longest = items.map { ModelsGolden.ids($0["greedy_ids"]).count }.max() ?? 1
    let options = GenerationOptions(maxNewTokens: longest, stopsAtEndOfText: false)
    let generator = try TextGenerator(
      loaded, options: options, compute: ComputeOptions(workers: 2), batchSize: 3)
    let results = try generator.generate(items.map { $0["prompt"]?.string ?? "" })
    let session = try loaded.model.makeSession(ComputeOptions())
    for (item, result) in zip(items, results) {
      let prompt = item["prompt"]?.string ?? ""
      run.check("generation", "\(name) \(prompt)") {
        let prompts = ModelsGolden.ids(item["prompt_ids"])
        if let different = GoldenRun.difference(try generator.ids(of: prompt), prompts) {
          return "prompt: " + different
        }
        let result = try result.get()
        let wanted = ModelsGolden.ids(item["greedy_ids"])
        let safe = min(item["safe_prefix"]?.int ?? 0, wanted.count)
        if let different = GoldenRun.difference(
          Array(result.ids.prefix(safe)), Array(wanted.prefix(safe)))
        {
          return "ids: " + different
        }
        let scores = ModelsGolden.numbers(item["top1_logprob"])
        if let different = ModelsGolden.difference(
          Array(result.logProbabilities.prefix(safe)), Array(scores.prefix(safe)),
          ModelsGolden.tokenTolerance)
        {
          return "log-probabilities: " + different
        }
        if safe == wanted.count, wanted.count == longest, let text = item["greedy_text"]?.string,
          result.text != text
        {
          return "text '\(result.text)' instead of '\(text)'"
        }
        return try logits(item, prompts, session)
      }
    }
  }

  /// The logits behind the prompt.
  private static func logits(_ item: JSONValue, _ ids: [Int32], _ session: any GenerationSession)
    throws -> String?
  {
    let slot = try session.start([ids])[0]
    defer { session.release(slot) }
    let ours = session.withLogits(of: slot) { $0.map { Double($0) } }
    let first = ModelsGolden.numbers(item["next_logits_first16"])
    if let different = ModelsGolden.difference(
      Array(ours.prefix(first.count)), first, logitTolerance)
    {
      return "logits: " + different
    }
    for pair in item["next_top5"]?.array ?? [] {
      guard let id = pair.array?.first?.int, let value = pair.array?.last?.double,
        ours.indices.contains(id), abs(ours[id] - value) <= logitTolerance
      else { return "logits: \(pair.text())" }
    }
    return nil
  }
}
