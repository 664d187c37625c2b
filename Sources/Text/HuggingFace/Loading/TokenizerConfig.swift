internal import DSXCore

/// What the files beside a vocabulary say: `tokenizer_config.json`, `special_tokens_map.json`, chat
/// templates.
struct TokenizerConfig {
  var settings = TokenizerSettings()
  /// The tokens with a role.
  var roles: [SpecialTokens.Role: AddedToken] = [:]
  /// `additional_special_tokens`, `extra_special_tokens`.
  var additional: [AddedToken] = []
  /// `added_tokens_decoder`, in the order of ids.
  var added: [AddedToken] = []
  /// BERT's rules: `do_lower_case`, `strip_accents`, `tokenize_chinese_chars`.
  var bert = BertNormalizer(
    cleansText: true, spacesChinese: true, stripsAccents: true, lowercases: true)
  /// `legacy` of Llama's tokenizer.
  var isLegacy = false
  /// Whether there was any of these files.
  private(set) var isThere = false

  /// Reads what lies in a folder.
  init(folder: String) throws(DSXError) {
    let path = FilePath.join(folder, "tokenizer_config.json")
    if FilePath.exists(path) {
      isThere = true
      let root = JSONPart(try JSONParser.parse(file: path), path: "")
      do throws(DSXError) { try read(root) } catch { throw error.inFile(path) }
    }
    let map = FilePath.join(folder, "special_tokens_map.json")
    if FilePath.exists(map) {
      isThere = true
      let root = JSONPart(try JSONParser.parse(file: map), path: "")
      do throws(DSXError) { try readRoles(root) } catch { throw error.inFile(map) }
    }
    try readTemplates(folder)
  }

  private mutating func read(_ root: JSONPart) throws(DSXError) {
    guard root.value.object != nil else { throw root.malformed("a JSON object is needed") }
    if let name = root["tokenizer_class"] {
      let name = try name.string()
      settings.tokenizerClass = name.hasSuffix("Fast") ? String(name.dropLast(4)) : name
    }
    settings.addsBOS = try root.optionalFlag("add_bos_token")
    settings.addsEOS = try root.optionalFlag("add_eos_token")
    settings.addsPrefixSpace = try root.optionalFlag("add_prefix_space")
    settings.cleansUpSpaces = try root.optionalFlag("clean_up_tokenization_spaces")
    if let length = root["model_max_length"] {
      guard let number = length.value.double, number > 0 else {
        throw length.malformed("a length is needed, not \(length.shown)")
      }
      if number < 1e15 { settings.modelMaxLength = Int(number) }
    }
    bert.lowercases = try root.flag("do_lower_case", true)
    bert.stripsAccents = try root.flag("strip_accents", bert.lowercases)
    bert.spacesChinese = try root.flag("tokenize_chinese_chars", true)
    isLegacy = try root.flag("legacy", false)
    try readRoles(root)
    if let table = root["added_tokens_decoder"] {
      var numbered: [AddedToken] = []
      for member in table.value.object ?? [] {
        guard let id = Int32(member.name), id >= 0, let part = table[member.name] else {
          throw table.malformed("'\(member.name)' is no id")
        }
        numbered.append(try Self.token(part, isSpecial: false).with(id: id))
      }
      added = numbered.sorted { $0.id < $1.id }
    }
    if let template = root["chat_template"] {
      if let source = template.value.string {
        settings.chatTemplates = [.init(name: "default", source: source)]
      } else {
        for entry in try template.elements() {
          settings.chatTemplates.append(
            .init(
              name: try entry.required("name").string(),
              source: try entry.required("template").string()))
        }
      }
    }
  }

  private mutating func readRoles(_ root: JSONPart) throws(DSXError) {
    for role in SpecialTokens.Role.allCases where roles[role] == nil {
      if let part = root[role.rawValue] { roles[role] = try Self.token(part, isSpecial: true) }
    }
    guard additional.isEmpty else { return }
    for name in ["additional_special_tokens", "extra_special_tokens"] {
      guard let list = root[name], list.value.array != nil else { continue }
      for part in try list.elements() { additional.append(try Self.token(part, isSpecial: true)) }
    }
  }

  /// A token as a string or as an object.
  private static func token(_ part: JSONPart, isSpecial: Bool) throws(DSXError) -> AddedToken {
    if let content = part.value.string {
      return AddedToken(id: 0, content: content, isNormalized: false, isSpecial: true)
    }
    let special = try part.flag("special", isSpecial)
    return AddedToken(
      id: 0, content: try part.required("content").string(),
      stripsLeft: try part.flag("lstrip", false), stripsRight: try part.flag("rstrip", false),
      isNormalized: try part.flag("normalized", !special), isSpecial: special,
      isSingleWord: try part.flag("single_word", false))
  }

  /// `chat_template.jinja` counts before the entry in `tokenizer_config.json`.
  private mutating func readTemplates(_ folder: String) throws(DSXError) {
    let path = FilePath.join(folder, "chat_template.jinja")
    if FilePath.exists(path) {
      isThere = true
      put("default", try Self.text(path))
    }
    let more = FilePath.join(folder, "additional_chat_templates")
    if FilePath.isFolder(more) {
      for name in try FilePath.list(more) where name.hasSuffix(".jinja") {
        put(String(name.dropLast(6)), try Self.text(FilePath.join(more, name)))
      }
    }
  }

  private mutating func put(_ name: String, _ source: String) {
    settings.chatTemplates.removeAll { $0.name == name }
    settings.chatTemplates.insert(
      .init(name: name, source: source), at: name == "default" ? 0 : settings.chatTemplates.count)
  }

  private static func text(_ path: String) throws(DSXError) -> String {
    let file = try MappedFile(path: path)
    defer { withExtendedLifetime(file) {} }
    guard let text = String(validating: file.bytes, as: UTF8.self) else {
      throw DSXError(.malformed, "the file is not valid UTF-8", file: path)
    }
    return text
  }
}

extension JSONPart {
  /// A flag that may be missing.
  fileprivate func optionalFlag(_ name: String) throws(DSXError) -> Bool? {
    self[name] == nil ? nil : try flag(name, false)
  }
}
