public import DSXCore

extension ByteLevelTokenizer {
  /// Reads a `tokenizer.json` (Hugging Face tokenizers, version 1.0) with a byte-level BPE model.
  ///
  /// Throws `malformed` for a damaged file and `unsupported`, naming the part, for anything that would
  /// change ids and is not implemented: a normalizer, another pre-tokenizer, dropout, truncation, ...
  public static func open(tokenizerJSON path: String) throws(DSXError) -> ByteLevelTokenizer {
    let root = try JSONParser.parse(file: path, required: true)
    do throws(DSXError) { return try TokenizerJSON(root).tokenizer() } catch {
      throw error.inFile(path)
    }
  }
}

/// The parts of a `tokenizer.json`, checked one by one.
private struct TokenizerJSON {
  let root: JSONValue

  init(_ root: JSONValue) throws(DSXError) {
    guard let members = root.object else {
      throw DSXError(.malformed, "a tokenizer file must be a JSON object")
    }
    self.root = root
    let known: Set<String> = [
      "version", "truncation", "padding", "added_tokens", "normalizer", "pre_tokenizer",
      "post_processor", "decoder", "model",
    ]
    for member in members where !known.contains(member.name) {
      throw Self.unsupported("'\(member.name)'")
    }
    if let version = root["version"], version != .string("1.0") {
      throw Self.unsupported("version \(version.text())")
    }
    for name in ["truncation", "padding", "normalizer"] {
      if let part = root[name], !part.isNull {
        throw Self.unsupported("\(name) \(Self.type(part))")
      }
    }
  }

  static func unsupported(_ what: String) -> DSXError {
    DSXError(
      .unsupported, "this tokenizer has a part that dsx does not support: \(what)",
      hint: "byte-level BPE as in GPT-2 is supported")
  }

  static func type(_ part: JSONValue) -> String {
    part["type"]?.string.map { "'\($0)'" } ?? part.text().prefix(60).description
  }

  func tokenizer() throws(DSXError) -> ByteLevelTokenizer {
    let (addsPrefixSpace, splitsByPattern) = try preTokenizer()
    try postProcessor()
    try decoder()
    guard let model = root["model"], model.object != nil else {
      throw DSXError(.malformed, "the tokenizer file has no 'model'")
    }
    try checkModel(model)
    let vocabulary = try ByteLevelVocabulary(
      vocabulary: try ByteLevelFiles.vocabulary(model["vocab"]),
      merges: try merges(model["merges"]),
      ignoresMerges: model["ignore_merges"]?.bool ?? false, addedTokens: try addedTokens())
    return ByteLevelTokenizer(
      vocabulary, addsPrefixSpace: addsPrefixSpace, splitsByPattern: splitsByPattern)
  }

  private func flag(_ part: JSONValue, _ name: String, _ fallback: Bool) throws(DSXError) -> Bool {
    guard let value = part[name] else { return fallback }
    guard let flag = value.bool else {
      throw DSXError(.malformed, "'\(name)' must be true or false, not \(value.text())")
    }
    return flag
  }

  private func preTokenizer() throws(DSXError) -> (Bool, Bool) {
    guard let part = root["pre_tokenizer"], !part.isNull else {
      throw Self.unsupported("no pre_tokenizer")
    }
    guard part["type"]?.string == "ByteLevel" else {
      throw Self.unsupported("pre_tokenizer \(Self.type(part))")
    }
    // The library's own defaults where a member is missing.
    return (try flag(part, "add_prefix_space", true), try flag(part, "use_regex", true))
  }

  /// ByteLevel only trims offsets; anything else would add tokens.
  private func postProcessor() throws(DSXError) {
    guard let part = root["post_processor"], !part.isNull else { return }
    guard part["type"]?.string == "ByteLevel" else {
      throw Self.unsupported("post_processor \(Self.type(part))")
    }
  }

  private func decoder() throws(DSXError) {
    guard let part = root["decoder"], part["type"]?.string == "ByteLevel" else {
      throw Self.unsupported("decoder \(root["decoder"].map(Self.type) ?? "missing")")
    }
  }

  private func checkModel(_ model: JSONValue) throws(DSXError) {
    if let type = model["type"], type != .string("BPE") {
      throw Self.unsupported("model \(Self.type(model))")
    }
    let known: Set<String> = [
      "type", "dropout", "unk_token", "continuing_subword_prefix", "end_of_word_suffix",
      "fuse_unk", "byte_fallback", "ignore_merges", "vocab", "merges",
    ]
    for member in model.object ?? [] where !known.contains(member.name) {
      throw Self.unsupported("model.\(member.name)")
    }
    if let dropout = model["dropout"], !dropout.isNull, dropout.double != 0 {
      throw Self.unsupported("model.dropout \(dropout.text())")
    }
    for name in ["continuing_subword_prefix", "end_of_word_suffix"] {
      if let value = model[name], !value.isNull, value != .string("") {
        throw Self.unsupported("model.\(name) \(value.text())")
      }
    }
    // unk_token, fuse_unk and byte_fallback speak of bytes without a piece; every byte has one.
    for name in ["fuse_unk", "byte_fallback", "ignore_merges"] {
      _ = try flag(model, name, false)
    }
  }

  /// Merges as `"a b"` or as `["a", "b"]`.
  private func merges(_ part: JSONValue?) throws(DSXError) -> [(left: String, right: String)] {
    guard let list = part?.array else {
      throw DSXError(.malformed, "the tokenizer's model has no list of merges")
    }
    var merges: [(left: String, right: String)] = []
    merges.reserveCapacity(list.count)
    for (rank, entry) in list.enumerated() {
      if let text = entry.string, let pair = ByteLevelFiles.pair(Array(text.utf8)) {
        merges.append(pair)
      } else if let pair = entry.array, pair.count == 2, let left = pair[0].string,
        let right = pair[1].string
      {
        merges.append((left, right))
      } else {
        throw DSXError(.malformed, "merge \(rank) is not a pair of pieces: \(entry.text())")
      }
    }
    return merges
  }

  private func addedTokens() throws(DSXError) -> [AddedToken] {
    guard let part = root["added_tokens"], !part.isNull else { return [] }
    guard let list = part.array else {
      throw DSXError(.malformed, "'added_tokens' must be a list")
    }
    var tokens: [AddedToken] = []
    for (index, entry) in list.enumerated() {
      guard let content = entry["content"]?.string, let number = entry["id"]?.int,
        let id = Int32(exactly: number)
      else {
        throw DSXError(.malformed, "added token \(index) needs an 'id' and a 'content'")
      }
      if try flag(entry, "single_word", false) {
        throw Self.unsupported("the added token '\(content)' with single_word")
      }
      tokens.append(
        AddedToken(
          id: id, content: content, stripsLeft: try flag(entry, "lstrip", false),
          stripsRight: try flag(entry, "rstrip", false),
          isNormalized: try flag(entry, "normalized", true),
          isSpecial: try flag(entry, "special", false)))
    }
    return tokens
  }
}
