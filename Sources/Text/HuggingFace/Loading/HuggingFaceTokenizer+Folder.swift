internal import DSXCore

extension HuggingFaceTokenizer.Parts {
  /// Works in what the files beside the vocabulary say, as transformers' AutoTokenizer does.
  ///
  /// Tokens of `added_tokens_decoder` that are missing or have other rules are added in the order of
  /// their ids, then the named special tokens that are missing. `add_bos_token` and `add_eos_token` only
  /// count where there is no `tokenizer.json`, whose post-processor decides. Truncation and padding are the
  /// caller's there.
  mutating func apply(_ config: TokenizerConfig, isWhole: Bool) {
    let known = addedTokens
    for token in config.added where !known.contains(where: { $0.isSame(as: token) }) {
      addedTokens.append(token)
    }
    func has(_ content: String) -> Bool {
      addedTokens.contains { $0.content.utf8.elementsEqual(content.utf8) }
    }
    for role in SpecialTokens.Role.allCases {
      guard let token = config.roles[role], !has(token.content) else { continue }
      addedTokens.append(token)
    }
    for token in config.additional where !has(token.content) { addedTokens.append(token) }
    truncation = nil
    padding = nil
    let settings = config.settings
    if let wanted = settings.addsPrefixSpace,
      Self.classesWithPrefixSpace.contains(
        settings.tokenizerClass ?? ""),
      case .byteLevel(_, let pattern, let spells) = preTokenizers.last
    {
      preTokenizers[preTokenizers.count - 1] = .byteLevel(
        addsPrefixSpace: wanted, pattern: pattern, spells: spells)
    }
    if !isWhole, settings.addsBOS != nil || settings.addsEOS != nil {
      postProcessor = surround(config)
    }
  }

  /// Tokenizers that take `add_prefix_space` from the configuration.
  private static let classesWithPrefixSpace: Set<String> = [
    "GPT2Tokenizer", "RobertaTokenizer", "BartTokenizer", "LongformerTokenizer", "CodeGenTokenizer",
  ]

  /// bos and eos around every text, as far as they are asked for and there are such tokens.
  private func surround(_ config: TokenizerConfig) -> PostProcessor? {
    let vocabulary = AddedVocabulary(addedTokens, model.vocabulary, normalizer)
    func piece(_ wanted: Bool?, _ role: SpecialTokens.Role, _ type: Int32)
      -> [PostProcessor.Piece]
    {
      guard wanted ?? false, let token = config.roles[role]?.content,
        let id = vocabulary.id(of: token) ?? model.vocabulary.id(of: token)
      else { return [] }
      return [.special(ids: [id], tokens: [token], typeID: type)]
    }
    let settings = config.settings
    func around(_ place: Int) -> [PostProcessor.Piece] {
      let type = Int32(place)
      return piece(settings.addsBOS, .bos, type) + [.sequence(place, typeID: type)]
        + piece(settings.addsEOS, .eos, type)
    }
    return .template(single: around(0), pair: around(0) + around(1))
  }
}

extension AddedToken {
  /// Whether spelling and rules are equal; ids are not asked.
  fileprivate func isSame(as other: AddedToken) -> Bool {
    content.utf8.elementsEqual(other.content.utf8) && stripsLeft == other.stripsLeft
      && stripsRight == other.stripsRight && isNormalized == other.isNormalized
      && isSpecial == other.isSpecial && isSingleWord == other.isSingleWord
  }
}

extension TokenizerConfig {
  /// The roles' tokens with their ids, and what other special tokens there are.
  func special(
    _ id: (String) -> Int32?, _ all: [AddedToken]
  ) -> SpecialTokens {
    var tokens = SpecialTokens()
    for (role, token) in roles {
      tokens[role] = SpecialToken(token.content, id: id(token.content))
    }
    tokens.additional = all.filter { token in
      token.isSpecial
        && !roles.values.contains { $0.content.utf8.elementsEqual(token.content.utf8) }
    }.map { SpecialToken($0.content, id: $0.id) }
    return tokens
  }
}
