public import DSXCore

extension HuggingFaceTokenizer {
  /// A tokenizer from lists.
  ///
  /// Gives the ids of the tokenizer that the lists were made from: byte-level BPE as `tokenizer.json` has
  /// it, SentencePiece's BPE as transformers' LlamaTokenizer. Control tokens are special, user-defined
  /// ones are found in the text but not special.
  /// Throws `malformed` for lists that do not fit together, `unsupported` for an unknown splitting rule.
  public convenience init(_ lists: EmbeddedVocabulary) throws(DSXError) {
    try Self.check(lists)
    var parts: Parts
    switch lists.model {
    case .bytePairs: parts = try Self.bytePairs(lists)
    case .sentencePieces: parts = try Self.sentencePieces(lists)
    }
    for (id, token) in lists.tokens.enumerated() where !token.isEmpty {
      let kind = lists.kind(id)
      guard kind == .control || kind == .userDefined || kind == .unknown else { continue }
      parts.addedTokens.append(
        AddedToken(id: Int32(id), content: token, isSpecial: kind != .userDefined, keepsID: true))
    }
    var special = SpecialTokens()
    for (role, id) in lists.roles {
      special[role] = SpecialToken(lists.tokens[id], id: Int32(id))
    }
    let named = Set(lists.roles.values.map(Int32.init))
    special.additional = parts.addedTokens.filter { $0.isSpecial && !named.contains($0.id) }
      .map { SpecialToken($0.content, id: $0.id) }
    self.init(parts, special: special, settings: lists.settings)
  }

  private static func check(_ lists: EmbeddedVocabulary) throws(DSXError) {
    let count = lists.tokens.count
    guard count > 0, count < PieceVocabulary.maximumID else {
      throw DSXError(.malformed, "the vocabulary has \(count) tokens")
    }
    guard lists.kinds.isEmpty || lists.kinds.count == count else {
      throw DSXError(
        .malformed, "the vocabulary has \(count) tokens, but \(lists.kinds.count) token types")
    }
    for (role, id) in lists.roles where !(0..<count).contains(id) {
      throw DSXError(
        .malformed, "the \(role.rawValue) has the id \(id), but there are \(count) tokens")
    }
  }

  /// Spelling and id of each; of equal ones the first counts, as llama.cpp's table has it.
  private static func vocabulary(_ lists: EmbeddedVocabulary) throws(DSXError) -> PieceVocabulary {
    var seen = Set<String>()
    var entries: [(spelling: String, id: Int)] = []
    entries.reserveCapacity(lists.tokens.count)
    for (id, token) in lists.tokens.enumerated() where seen.insert(token).inserted {
      entries.append((token, id))
    }
    return try PieceVocabulary(entries)
  }

  private static func bytePairs(_ lists: EmbeddedVocabulary) throws(DSXError) -> Parts {
    let vocabulary = try vocabulary(lists)
    var merges: [(left: String, right: String)] = []
    merges.reserveCapacity(lists.merges.count)
    for (rank, line) in lists.merges.enumerated() {
      guard let pair = ByteLevelFiles.pair(Array(line.utf8)) else {
        throw DSXError(.malformed, "merge \(rank) is not a pair of pieces: '\(line)'")
      }
      merges.append(pair)
    }
    let rule = try SplittingRule.named(lists.preTokenizer)
    var stages = try rule.stages(addsPrefixSpace: lists.settings.addsPrefixSpace ?? false)
    let table = MergeTable(try MergeTable.resolve(merges, vocabulary))
    var parts: Parts
    if let model = ByteBPEModel(vocabulary, table, ignoresMerges: rule.ignoresMerges) {
      if case .byteLevel(let adds, let pattern, _)? = stages.last {
        stages[stages.count - 1] = .byteLevel(
          addsPrefixSpace: adds, pattern: pattern, spells: false)
      }
      parts = Parts(model: .bytes(model))
    } else {
      var rules = BytePairModel.Rules()
      rules.ignoresMerges = rule.ignoresMerges
      parts = Parts(model: .bytePair(try BytePairModel(vocabulary, merges, rules)))
    }
    parts.preTokenizers = stages
    parts.decoder = .byteLevel
    parts.names = [
      ("pre_tokenizer", lists.preTokenizer ?? "default"), ("model", "BPE"),
      ("decoder", "ByteLevel"),
    ]
    return parts
  }

  private static func sentencePieces(_ lists: EmbeddedVocabulary) throws(DSXError) -> Parts {
    guard lists.scores.count == lists.tokens.count else {
      throw DSXError(
        .malformed,
        "the vocabulary has \(lists.tokens.count) tokens, but \(lists.scores.count) scores")
    }
    var pieces: [SentencePieceModel.Piece] = []
    pieces.reserveCapacity(lists.tokens.count)
    for (id, token) in lists.tokens.enumerated() {
      let kind = SentencePieceModel.Kind(rawValue: UInt64(lists.kind(id).rawValue)) ?? .normal
      pieces.append(
        .init(text: Array(token.utf8), score: Float(lists.scores[id]), kind: kind))
    }
    let unknown = lists.roles[.unknown].map { lists.tokens[$0] }
    return try llama(
      pieces, try vocabulary(lists), unknown: unknown,
      scheme: lists.addsSpacePrefix ? .first : .never)
  }
}
