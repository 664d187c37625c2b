import DSXCore
import Testing
import Text

/// `prepare/hf_gpt2_3k.jsonl`: ids, tokens, offsets and decoded text of tokenizers 0.23.3.
enum ByteLevelGolden {
  static func walk(_ run: GoldenRun) throws {
    let kind = "hf_gpt2_3k"
    var texts: [String: String] = [:]
    for line in try run.jsonLines("lines.jsonl") {
      if let id = line["id"]?.string { texts[id] = line["text"]?.string }
    }
    let tokenizer = try ByteLevelTokenizer.open(
      tokenizerJSON: run.path("models/hf_gpt2_3k.json"))
    var encoder = ByteLevelEncoder(tokenizer, plain: false)
    for line in try run.jsonLines("hf_gpt2_3k.jsonl") {
      let name = line["id"]?.string ?? "?"
      run.check(kind, name) {
        guard let text = texts[name] else { return "no such line" }
        return try difference(line, text, tokenizer, &encoder)
      }
    }
  }

  /// nil when ids and, where the case has them, tokens, text and offsets are equal.
  static func difference(
    _ line: JSONValue, _ text: String, _ tokenizer: ByteLevelTokenizer,
    _ encoder: inout ByteLevelEncoder
  ) throws -> String? {
    let theirs = (line["ids"]?.array ?? []).compactMap(\.int).map(Int32.init)
    let ours = encoder.encode(text)
    if let different = GoldenRun.difference(ours, theirs) { return "ids: " + different }
    if let tokens = line["tokens"]?.array {
      let pieces = ours.map { tokenizer.piece(of: $0) ?? "" }
      if let different = GoldenRun.difference(pieces, tokens.compactMap(\.string)) {
        return "tokens: " + different
      }
    }
    if let decoded = line["decode"]?.string {
      let mine = try tokenizer.decode(ours)
      guard mine.utf8.elementsEqual(decoded.utf8) else { return "decode: '\(mine)'" }
    }
    if let pairs = line["offsets"]?.array {
      let offsets = pairs.compactMap { pair -> Range<Int>? in
        guard let start = pair.array?.first?.int, let end = pair.array?.last?.int else {
          return nil
        }
        return start..<end
      }
      let (ids, mine) = encoder.encodeWithOffsets(text)
      if ids != ours { return "ids with offsets differ" }
      if let different = GoldenRun.difference(mine, offsets) { return "offsets: " + different }
    }
    return nil
  }
}
