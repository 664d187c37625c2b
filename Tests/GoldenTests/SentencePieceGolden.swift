import DSXCore
import Jieba
import Testing
import Text

/// SentencePiece's ids, pieces, normalised and decoded text: `prepare/sp_MODEL.jsonl` of BPE models,
/// `pangu_ids.jsonl` and `dsx16k/encode.json`.
enum SentencePieceGolden {
  static func walk(_ run: GoldenRun) throws {
    guard FilePath.exists(run.path("lines.jsonl")) else { return }
    let texts = try JiebaGolden.lines(run)
    // Every model of the folder that has results.
    for file in try FilePath.list(run.path("models")) where file.hasSuffix(".model") {
      let name = String(file.dropLast(6))
      guard FilePath.exists(run.path("sp_\(name).jsonl")) else { continue }
      let tokenizer = try SentencePieceTokenizer(path: run.path("models/\(file)"))
      for golden in try run.jsonLines("sp_\(name).jsonl") {
        check(run, "sp_\(name)", golden, tokenizer, texts)
      }
    }
    let dictionary = try JiebaDictionary.load(homes: .forTests)
    if FilePath.exists(run.path("pangu_ids.jsonl")) {
      let tokenizer = try SentencePieceTokenizer(path: run.path("models/pangu_bpe_4k.model"))
      var encoder = PanGuEncoder(dictionary: dictionary, tokenizer: tokenizer)
      for golden in try run.jsonLines("pangu_ids.jsonl") {
        let id = golden["id"]?.string ?? "?"
        run.check("pangu_ids", id) {
          guard let text = texts[id], let ids = golden["ids"]?.ids else { return "no text or ids" }
          if let fault = GoldenRun.difference(encoder.encode(text), ids) { return fault }
          // The original's reading of ids: blanks out, then the two marks back.
          let decoded = try tokenizer.decode(ids).unicodeScalars.filter { $0 != " " }
          let back = decoded.map { $0 == "\u{2582}" ? " " : $0 == "\u{2583}" ? "\n" : $0 }
          let expected = (golden["decode"]?.string ?? "").unicodeScalars
          return GoldenRun.difference(back, Array(expected))
        }
      }
    }
    if FilePath.exists(run.path("dsx16k/encode.json")) {
      let path = try Homes.forTests.resource("Text", "dsx_zh_en_16k.model")
      let tokenizer = try SentencePieceTokenizer(path: path)
      var encoder = PanGuEncoder(dictionary: dictionary, tokenizer: tokenizer)
      for (number, golden) in (try run.json("dsx16k/encode.json").array ?? []).enumerated() {
        check(run, "dsx16k_encode", golden, tokenizer, [:], name: "\(number)")
        run.expectEqual(
          "dsx16k_pangu", "\(number)", encoder.encode(golden["text"]?.string ?? ""),
          golden["pangu_ids"]?.ids ?? [-1])
      }
    }
  }

  static func check(
    _ run: GoldenRun, _ kind: String, _ golden: JSONValue, _ tokenizer: SentencePieceTokenizer,
    _ texts: [String: String], name: String? = nil
  ) {
    let id = name ?? golden["id"]?.string ?? "?"
    run.check(kind, id) {
      guard let text = golden["text"]?.string ?? texts[id], let expected = golden["ids"]?.ids else {
        return "no text or ids"
      }
      var encoder = tokenizer.makeEncoder()
      let ids = encoder.encode(text)
      if let fault = GoldenRun.difference(ids, expected) { return "ids: " + fault }
      if let pieces = golden["pieces"]?.strings {
        let ours = tokenizer.tokens(text)
        if ours.map(\.id) != ids { return "the tokens have other ids than the encoder" }
        // Code points are compared, not canonical equivalence.
        let fault = GoldenRun.difference(
          ours.map { Array($0.piece.unicodeScalars) }, pieces.map { Array($0.unicodeScalars) })
        if let fault { return "pieces: " + fault }
      }
      if let normalized = golden["norm"]?.string {
        let fault = GoldenRun.difference(
          Array(tokenizer.normalize(text).utf8), Array(normalized.utf8))
        if let fault { return "normalised: " + fault }
      }
      if let decoded = golden["decode"]?.string {
        let fault = GoldenRun.difference(
          Array(try tokenizer.decode(ids).utf8), Array(decoded.utf8))
        if let fault { return "decoded: " + fault }
      }
      return nil
    }
  }
}
