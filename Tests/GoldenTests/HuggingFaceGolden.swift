import DSXCore
import Testing
import Text

/// Ids, tokens, offsets, masks and decoded text of tokenizers 0.23.3: `prepare/hf_MODEL.jsonl`, and
/// `tokenizers/MODEL.jsonl` made by scripts/goldens/make_tokenizers.py.
enum HuggingFaceGolden {
  static func walk(_ run: GoldenRun) throws {
    guard FilePath.exists(run.path("lines.jsonl")) else { return }
    let texts = try JiebaGolden.lines(run)
    for name in try FilePath.list(run.folder) where name.hasPrefix("hf_") {
      guard name.hasSuffix(".jsonl") else { continue }
      let kind = String(name.dropLast(6))
      let tokenizer = try HuggingFaceTokenizer(tokenizerJSON: run.path("models/\(kind).json"))
      for line in try run.jsonLines(name) {
        let id = line["id"]?.string ?? "?"
        run.check(kind, id) {
          guard let text = line["text"]?.string ?? texts[id] else { return "no such line" }
          return try difference(line, text, tokenizer)
        }
      }
    }
  }

  static func walkMade(_ run: GoldenRun) throws {
    for name in try FilePath.list(run.folder) where name.hasSuffix(".jsonl") {
      let kind = String(name.dropLast(6))
      let tokenizer = try HuggingFaceTokenizer(tokenizerJSON: run.path("models/\(kind).json"))
      for (number, line) in try run.jsonLines(name).enumerated() {
        run.check("made", "\(kind) \(number)") {
          guard let text = line["text"]?.string else { return "no text" }
          if line["error"] != nil {
            do throws(DSXError) {
              _ = try tokenizer.encode(
                text, pair: line["pair"]?.string, addSpecialTokens: line["special"]?.bool ?? true)
              return "not refused"
            } catch { return nil }
          }
          return try difference(line, text, tokenizer)
        }
      }
    }
  }

  /// nil when everything that the case has is equal.
  static func difference(_ line: JSONValue, _ text: String, _ tokenizer: any Tokenizer) throws
    -> String?
  {
    let encoding = try tokenizer.encode(
      text, pair: line["pair"]?.string, addSpecialTokens: line["special"]?.bool ?? true)
    if let fault = difference(line, encoding) { return fault }
    if line["pair"]?.string == nil, line["special"]?.bool == false, line["overflowing"] == nil {
      // The short way, without places, gives the same ids.
      var encoder = tokenizer.makeEncoder()
      let ids = encoder.encode(text)
      let count = (line["attention_mask"]?.ids ?? []).reduce(0, +)
      if ids.count <= Int(count),
        let fault = GoldenRun.difference(
          ids,
          encoding.ids.enumerated().filter { encoding.attentionMask[$0.offset] == 1 }.map(
            \.element))
      {
        return "ids of the encoder: " + fault
      }
    }
    for (key, skips) in [("decode", false), ("decode_skip", true)] {
      guard let wanted = line[key]?.string else { continue }
      let mine = try tokenizer.decode(encoding.ids, skipSpecialTokens: skips)
      if !mine.utf8.elementsEqual(wanted.utf8) { return "\(key): '\(mine)'" }
    }
    return nil
  }

  private static func difference(_ line: JSONValue, _ ours: Encoding) -> String? {
    func fault(_ name: String, _ mine: [Int32]) -> String? {
      guard let theirs = line[name]?.ids else { return nil }
      return GoldenRun.difference(mine, theirs).map { "\(name): \($0)" }
    }
    if let fault = fault("ids", ours.ids) { return fault }
    if let tokens = line["tokens"]?.strings {
      if let fault = GoldenRun.difference(
        ours.tokens.map { Array($0.utf8) }, tokens.map { Array($0.utf8) })
      {
        return "tokens: " + fault
      }
    }
    if let pairs = line["offsets"]?.array {
      let theirs = pairs.map { $0.ids ?? [] }
      let mine = ours.offsets.map { [Int32($0.lowerBound), Int32($0.upperBound)] }
      if let fault = GoldenRun.difference(mine, theirs) { return "offsets: " + fault }
    }
    if let fault = fault("type_ids", ours.typeIDs)
      ?? fault("attention_mask", ours.attentionMask.map(Int32.init))
      ?? fault("special_tokens_mask", ours.specialTokensMask.map(Int32.init))
    {
      return fault
    }
    if let words = line["word_ids"]?.array {
      let theirs = words.map { $0.int.map(Int32.init) }
      if let fault = GoldenRun.difference(ours.wordIDs, theirs) { return "word_ids: " + fault }
    }
    let parts = line["overflowing"]?.array ?? []
    if line["word_ids"] != nil, parts.count != ours.overflowing.count {
      return "\(ours.overflowing.count) overflowing parts instead of \(parts.count)"
    }
    for (part, mine) in zip(parts, ours.overflowing) {
      if let fault = difference(part, mine) { return "overflowing " + fault }
    }
    return nil
  }
}
