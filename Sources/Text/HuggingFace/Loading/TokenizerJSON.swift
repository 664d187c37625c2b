public import DSXCore

/// Reads a `tokenizer.json` (Hugging Face tokenizers, version 1.0) part by part.
///
/// What would change the result and is not known is `unsupported`, with the path that leads to it.
struct TokenizerJSON {
  private let root: JSONPart

  init(_ value: JSONValue) throws(DSXError) {
    root = JSONPart(value, path: "")
    guard value.object != nil else {
      throw DSXError(.malformed, "a tokenizer file must be a JSON object")
    }
    try root.allow([
      "version", "truncation", "padding", "added_tokens", "normalizer", "pre_tokenizer",
      "post_processor", "decoder", "model",
    ])
    if let version = root["version"], version.value != .string("1.0") {
      throw version.unsupported("version \(version.shown)")
    }
  }

  /// All parts.
  func parts() throws(DSXError) -> HuggingFaceTokenizer.Parts {
    var normalizer: TextNormalizer?
    if let part = root["normalizer"] { normalizer = try TextNormalizer(part) }
    var stages: [PreTokenizer] = []
    if let part = root["pre_tokenizer"] { try PreTokenizer.read(part, into: &stages) }
    guard let model = root["model"] else {
      throw DSXError(.malformed, "the tokenizer file has no 'model'")
    }
    let read = try TokenModel(model, &stages)
    var parts = HuggingFaceTokenizer.Parts(model: read)
    parts.normalizer = normalizer
    parts.preTokenizers = stages
    if let list = root["added_tokens"] {
      for part in try list.elements() { parts.addedTokens.append(try AddedToken(part)) }
      try check(list, parts)
    }
    if let part = root["post_processor"] { parts.postProcessor = try PostProcessor(part) }
    if let part = root["decoder"] { parts.decoder = try TokenDecoder(part) }
    if let part = root["truncation"] { parts.truncation = try Truncation(part) }
    if let part = root["padding"] { parts.padding = try Padding(part) }
    parts.names = names(read)
    return parts
  }

  /// The library gives added tokens ids of its own, whatever the file says: the two must agree.
  private func check(_ list: JSONPart, _ parts: HuggingFaceTokenizer.Parts) throws(DSXError) {
    let added = AddedVocabulary(parts.addedTokens, parts.model.vocabulary, nil)
    for token in parts.addedTokens where !token.content.isEmpty {
      guard let id = added.id(of: token.content), id != token.id else { continue }
      throw list.malformed(
        "'\(token.content)' has the id \(token.id), but the vocabulary makes it \(id)")
    }
  }

  /// The types of the parts, for people.
  private func names(_ model: TokenModel) -> [(part: String, name: String)] {
    func name(_ value: JSONValue) -> String {
      for key in ["normalizers", "pretokenizers", "processors", "decoders"] {
        if let list = value[key]?.array { return list.map(name).joined(separator: ", ") }
      }
      return value["type"]?.string ?? "?"
    }
    var result: [(part: String, name: String)] = []
    for part in ["normalizer", "pre_tokenizer"] {
      if let value = root[part]?.value { result.append((part, name(value))) }
    }
    result.append(("model", model.name))
    for part in ["post_processor", "decoder"] {
      if let value = root[part]?.value { result.append((part, name(value))) }
    }
    return result
  }
}

extension HuggingFaceTokenizer {
  /// Reads a `tokenizer.json`.
  ///
  /// Throws `missingFile`, `malformed` for a damaged file and `unsupported` for a part that dsx does
  /// not do; both name the place in the file.
  public convenience init(tokenizerJSON path: String) throws(DSXError) {
    let root = try JSONParser.parse(file: path)
    do throws(DSXError) { self.init(try TokenizerJSON(root).parts()) } catch {
      throw error.inFile(path)
    }
  }
}

extension AddedToken {
  /// One of `added_tokens`.
  init(_ part: JSONPart) throws(DSXError) {
    guard part.value.object != nil else { throw part.malformed("an object is needed") }
    try part.allow(["id", "content", "single_word", "lstrip", "rstrip", "normalized", "special"])
    let id = try part["id"].map { (id) throws(DSXError) in try id.count() } ?? 0
    self.init(
      id: Int32(truncatingIfNeeded: id), content: try part.required("content").string(),
      stripsLeft: try part.flag("lstrip", false), stripsRight: try part.flag("rstrip", false),
      isNormalized: try part.flag("normalized", true),
      isSpecial: try part.flag("special", false),
      isSingleWord: try part.flag("single_word", false))
  }
}

extension TextPattern {
  /// `{"String": ...}` or `{"Regex": ...}`.
  init(_ part: JSONPart) throws(DSXError) {
    if let text = part["String"] {
      let text = try text.string()
      self = .string(Array(text.utf8))
      // An empty text matches between all characters there, and nothing here: nobody means that.
      if text.isEmpty { throw part.unsupported("an empty pattern") }
    } else if let regex = part["Regex"] {
      let pattern = try regex.string()
      if let scanner = PieceScanner(pattern: pattern) {
        self = .scanner(scanner)
        return
      }
      do throws(DSXError) { self = .regex(try Regex(pattern)) } catch {
        var error = error
        error.message = "\(regex.path): \(error.message)"
        throw error
      }
    } else {
      throw part.malformed("a pattern is {\"String\": ...} or {\"Regex\": ...}, not \(part.shown)")
    }
  }
}

extension JSONPart {
  /// One of the names of an enumeration.
  func choice<Value: RawRepresentable & CaseIterable>(_ type: Value.Type) throws(DSXError) -> Value
  where Value.RawValue == String {
    let text = try string()
    guard let value = Value(rawValue: text) else {
      let names = Value.allCases.map { $0.rawValue }.joined(separator: ", ")
      throw malformed("'\(text)' is not one of \(names)")
    }
    return value
  }

  /// A string as code points.
  func scalars() throws(DSXError) -> [UInt32] { try string().unicodeScalars.map(\.value) }
}
