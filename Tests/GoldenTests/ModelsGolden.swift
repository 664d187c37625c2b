import DSXCore
import Foundation
import Models
import Testing
import Text

/// `models/nanogpt_zh`: token ids, per-token log-likelihoods, label scores. Tolerances are those of the
/// golden README: 5e-5 a token, 1e-5 of a perplexity, decisions exact but on margins under 1e-4.
enum ModelsGolden {
  static let tokenTolerance = 5e-5
  static let perplexityTolerance = 1e-5

  static func walk(_ run: GoldenRun) throws {
    guard let folder = GoldenPlaces.current.find(["models/nanogpt_zh"]) else {
      for name in ["tokenizer", "ppl_tang", "ppl_debfaq", "ppl_handbook", "ppl_blocks129"] {
        run.check("nanogpt_zh", name) { "the model nanogpt_zh is not found" }
      }
      return
    }
    let loaded = try ModelFolder.open(folder)
    try tokenizer(run, loaded)
    for name in ["ppl_tang", "ppl_debfaq", "ppl_handbook"] {
      try perplexity(run, loaded, name)
    }
    try blocks(run, loaded)
    try classification(run, loaded)
  }

  private static func tokenizer(_ run: GoldenRun, _ loaded: LoadedModel) throws {
    let tokenizer = loaded.tokenizer
    var encoder = tokenizer.makeEncoder()
    var plain = tokenizer.makePlainTextEncoder()
    let golden = try run.json("nanogpt_zh/tokenizer.json")
    for (index, item) in (golden["items"]?.array ?? []).enumerated() {
      run.check("tokenizer", "nanogpt_zh \(index)") {
        guard let text = item["text"]?.string else { return "no text" }
        if let difference = try HuggingFaceGolden.difference(item, text, tokenizer) {
          return difference
        }
        if text.contains("<|endoftext|>") { return nil }
        return GoldenRun.difference(plain.encode(text), encoder.encode(text))
      }
    }
  }

  static func numbers(_ value: JSONValue?) -> [Double] { (value?.array ?? []).compactMap(\.double) }
  static func ids(_ value: JSONValue?) -> [Int32] {
    (value?.array ?? []).compactMap(\.int).map(Int32.init)
  }

  /// nil when every number is within `tolerance`.
  static func difference(_ ours: [Double], _ theirs: [Double], _ tolerance: Double) -> String? {
    guard ours.count == theirs.count else {
      return "\(ours.count) numbers instead of \(theirs.count)"
    }
    for index in ours.indices where !(abs(ours[index] - theirs[index]) <= tolerance) {
      return "number \(index) is \(ours[index]) instead of \(theirs[index])"
    }
    return nil
  }

  private static func relative(_ ours: Double, _ golden: JSONValue?) -> String? {
    guard let theirs = golden?.double else { return "the golden value is missing" }
    return abs(ours - theirs) <= perplexityTolerance * abs(theirs)
      ? nil : "\(ours) instead of \(theirs)"
  }

  private static func perplexity(_ run: GoldenRun, _ loaded: LoadedModel, _ name: String) throws {
    let golden = try run.json("nanogpt_zh/\(name).json")
    let items = golden["items"]?.array ?? []
    let sequences = items.map { ids($0["ids"]) }
    let scores = try loaded.model.logLikelihoods(sequences, workers: 2)
    var encoder = loaded.tokenizer.makePlainTextEncoder()
    var total = 0.0
    var tokens = 0
    for (index, item) in items.enumerated() {
      run.check("perplexity", "\(name) \(index)") {
        guard let text = item["text"]?.string, let bos = loaded.bosID, let eos = loaded.eosID else {
          return "no text, bos or eos"
        }
        let mine = Array(([bos] + encoder.encode(text) + [eos]).prefix(256))
        if let different = GoldenRun.difference(mine, sequences[index]) { return different }
        return difference(scores[index].map(-), numbers(item["token_nll"]), tokenTolerance)
      }
      total -= scores[index].reduce(0, +)
      tokens += scores[index].count
    }
    run.check("perplexity", "\(name) total") {
      guard golden["tokens"]?.int == tokens else { return "\(tokens) tokens" }
      return relative(total, golden["total_nll"])
        ?? relative(exp(total / Double(tokens)), golden["ppl"])
    }
  }

  private static func blocks(_ run: GoldenRun, _ loaded: LoadedModel) throws {
    let golden = try run.json("nanogpt_zh/ppl_blocks129.json")
    let blocks = (golden["blocks"]?.array ?? []).map(ids)
    let scores = try loaded.model.logLikelihoods(blocks, workers: 2)
    let sums = numbers(golden["sum_nll"])
    for index in blocks.indices {
      run.check("perplexity-blocks", "block \(index)") {
        if index == 0 {
          let first = numbers(golden["token_nll_first_block"])
          if let different = difference(scores[0].map(-), first, tokenTolerance) {
            return different
          }
        }
        let count = Double(scores[index].count)
        return difference(
          [-scores[index].reduce(0, +)], [sums[index]], tokenTolerance * count / 4)
      }
    }
    run.check("perplexity-blocks", "ppl") {
      let mean = -scores.joined().reduce(0, +) / Double(scores.joined().count)
      return relative(exp(mean), golden["ppl"])
    }
    run.check("perplexity-blocks", "stream") {
      let path = run.path("inputs/handbook_zh.txt")
      let file = try MappedFile(path: path)
      let text = String(decoding: file.bytes, as: UTF8.self)
      var encoder = loaded.tokenizer.makePlainTextEncoder()
      var stream: [Int32] = []
      for piece in Self.split(text) {
        stream += encoder.encode(piece)
        stream.append(loaded.eosID ?? -1)
      }
      guard stream.count == golden["stream_tokens"]?.int else { return "\(stream.count) tokens" }
      return GoldenRun.difference(Array(stream.prefix(129 * blocks.count)), Array(blocks.joined()))
    }
  }

  /// The pieces between two line feeds.
  private static func split(_ text: String) -> [String] {
    var pieces: [String] = []
    var current: [UInt8] = []
    let bytes = Array(text.utf8)
    var index = 0
    while index < bytes.count {
      if bytes[index] == 0x0a, index + 1 < bytes.count, bytes[index + 1] == 0x0a {
        if !current.isEmpty { pieces.append(String(decoding: current, as: UTF8.self)) }
        current = []
        index += 2
      } else {
        current.append(bytes[index])
        index += 1
      }
    }
    if !current.isEmpty { pieces.append(String(decoding: current, as: UTF8.self)) }
    return pieces
  }

  private static func classification(_ run: GoldenRun, _ loaded: LoadedModel) throws {
    let golden = try run.json("nanogpt_zh/tnews_ddtp.json")
    let labels = (golden["labels"]?.array ?? []).map { $0.array?.compactMap(\.string) ?? [] }
    let rows = try run.jsonLines("inputs/tnews.json").map { $0["sentence"]?.string ?? "" }
    var encoder = loaded.tokenizer.makePlainTextEncoder()
    for suffix in ["", "_nobos"] {
      let rules = golden["rules"]
      let info = rules?["_info" + suffix] ?? rules?["_info"]
      let words = numbers(info?["jieba_words"]).map { Int($0) }
      let bos = suffix.isEmpty ? [loaded.bosID ?? -1] : []
      let prompts = labels.map { (bos + encoder.encode("这是关于\($0[1])的文章：")).count }
      run.check("prompt-classification", "prompt ids" + suffix) {
        GoldenRun.difference(prompts, numbers(info?["prompt_ids"]).map { Int($0) })
      }
      var sequences: [[Int32]] = []
      for row in rows {
        for label in labels { sequences.append(bos + encoder.encode("这是关于\(label[1])的文章：\(row)")) }
      }
      run.check("prompt-classification", "first row ids" + suffix) {
        GoldenRun.difference(
          Array(sequences.prefix(labels.count)), (info?["first_row_ids"]?.array ?? []).map(ids))
      }
      let scores = try loaded.model.logLikelihoods(sequences, workers: 2)
      for rule in LabelScoringRule.allCases {
        guard let part = rules?[rule.rawValue + suffix] else { continue }
        run.check("prompt-classification", rule.rawValue + suffix) {
          var hits = 0
          for row in rows.indices {
            let losses = labels.indices.map { label in
              rule.loss(
                logLikelihoods: scores[row * labels.count + label], promptIDs: prompts[label],
                promptWords: words[label])
            }
            let theirs = numbers(part["scores"]?.array?[row])
            // A sum over some twenty tokens, each within the tolerance of a token.
            if let different = difference(losses, theirs, 4 * tokenTolerance) {
              return "row \(row): " + different
            }
            let choice = LabelScoringRule.choose(losses).map { labels[$0][0] }
            let wanted = part["pred"]?.array?[row].string
            let sorted = theirs.sorted()
            if choice != wanted, sorted[1] - sorted[0] >= 1e-4 || sorted[1] == sorted[0] {
              return "row \(row): label \(choice ?? "none") instead of \(wanted ?? "none")"
            }
            if choice == golden["gold"]?.array?[row].string { hits += 1 }
          }
          let accuracy = Double(hits) / Double(rows.count)
          guard part["accuracy"]?.double == accuracy else { return "accuracy \(accuracy)" }
          return nil
        }
      }
    }
  }
}
