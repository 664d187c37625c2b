import DSXCore
import Testing
import Text

extension SentencePieceGolden {
  /// `sentencepiece/sp_MODEL.jsonl`: models of all kinds with everything that the library says of a text.
  static func walkMade(_ run: GoldenRun) throws {
    guard FilePath.exists(run.path("lines.jsonl")) else { return }
    let texts = try JiebaGolden.lines(run)
    for file in try FilePath.list(run.path("models")) where file.hasSuffix(".model") {
      let name = String(file.dropLast(6))
      let tokenizer = try SentencePieceTokenizer(path: run.path("models/\(file)"))
      for golden in try run.jsonLines("sp_\(name).jsonl") {
        if let ids = golden["decode_ids"]?.ids {
          run.check("sp_\(name)", golden["id"]?.string ?? "?") {
            GoldenRun.difference(
              Array(try tokenizer.decode(ids).utf8), Array((golden["decode"]?.string ?? "").utf8))
          }
        } else {
          check(run, "sp_\(name)", golden, tokenizer, texts)
          checkMore(run, "sp_\(name)_more", golden, tokenizer, texts)
        }
      }
    }
  }

  private static func checkMore(
    _ run: GoldenRun, _ kind: String, _ golden: JSONValue, _ tokenizer: SentencePieceTokenizer,
    _ texts: [String: String]
  ) {
    let id = golden["id"]?.string ?? "?"
    run.check(kind, id) {
      guard let text = texts[id], let ids = golden["ids"]?.ids else { return "no text or ids" }
      if let pieces = golden["pieces"]?.strings, let decoded = golden["decode_pieces"]?.string {
        let ours = tokenizer.decode(pieces: pieces)
        let fault = GoldenRun.difference(Array(ours.utf8), Array(decoded.utf8))
        if let fault { return "decoded pieces: " + fault }
      }
      if let offsets = golden["offsets"]?.array {
        let ours = tokenizer.tokens(text).map(\.range).map { [$0.lowerBound, $0.upperBound] }
        let theirs = offsets.map { ($0.array ?? []).map { $0.int ?? -1 } }
        if let fault = GoldenRun.difference(ours, theirs) { return "offsets: " + fault }
      }
      if let framed = golden["framed"]?.ids {
        let ours = try tokenizer.framed(ids, bos: true, eos: true, reversed: true)
        if let fault = GoldenRun.difference(ours, framed) { return "framed: " + fault }
      }
      if let best = golden["nbest"]?.array {
        let ours = try tokenizer.best(4, of: text).map { $0.tokens.map(\.id) }
        let fault = GoldenRun.difference(ours, best.map { $0.ids ?? [] })
        if let fault { return "n best: " + fault }
      }
      return nil
    }
  }
}
