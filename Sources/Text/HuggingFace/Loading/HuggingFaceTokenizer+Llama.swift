internal import DSXCore

extension HuggingFaceTokenizer {
  /// The parts of Llama's tokenizer from its SentencePiece model, as transformers' LlamaTokenizer reads it:
  /// BPE with byte fallback, blanks as U+2581 with one in front (with `legacy` also behind special
  /// tokens), no other normalisation.
  ///
  /// Throws `unsupported` for a model that is no BPE.
  static func llama(model path: String, _ config: TokenizerConfig) throws(DSXError) -> Parts {
    let file = try MappedFile(path: path)
    defer { withExtendedLifetime(file) {} }
    do throws(DSXError) { return try llama(SentencePieceModel(file.bytes), config) } catch {
      throw error.inFile(path)
    }
  }

  private static func llama(_ proto: SentencePieceModel, _ config: TokenizerConfig)
    throws(DSXError) -> Parts
  {
    guard proto.algorithm == .bpe else {
      throw DSXError(.unsupported, "Llama's tokenizer needs a BPE model")
    }
    var entries: [(spelling: String, id: Int)] = []
    for (id, piece) in proto.pieces.enumerated() {
      entries.append((String(decoding: piece.text, as: UTF8.self), id))
    }
    let scheme: PreTokenizer.PrependScheme =
      !(config.settings.addsPrefixSpace ?? true) ? .never : config.isLegacy ? .always : .first
    let vocabulary = try PieceVocabulary(entries)
    var parts = try llama(
      proto.pieces, vocabulary, unknown: config.roles[.unknown]?.content ?? "<unk>",
      scheme: scheme)
    for (role, content) in [(SpecialTokens.Role.unknown, "<unk>"), (.bos, "<s>"), (.eos, "</s>")] {
      let content = config.roles[role]?.content ?? content
      if vocabulary.id(of: content) != nil {
        parts.addedTokens.append(AddedToken(id: 0, content: content))
      }
    }
    for piece in proto.pieces where piece.kind == .userDefined {
      parts.addedTokens.append(
        AddedToken(
          id: 0, content: String(decoding: piece.text, as: UTF8.self), isSpecial: false))
    }
    return parts
  }

  /// Model, splitting and decoding of pieces with scores; no added tokens.
  static func llama(
    _ pieces: [SentencePieceModel.Piece], _ vocabulary: PieceVocabulary, unknown: String?,
    scheme: PreTokenizer.PrependScheme
  ) throws(DSXError) -> Parts {
    var rules = BytePairModel.Rules()
    rules.unknown = unknown
    rules.fusesUnknown = true
    rules.fallsBackToBytes = true
    var parts = Parts(
      model: .bytePair(try BytePairModel(vocabulary, merges(pieces, vocabulary), rules)))
    parts.preTokenizers = [.metaspace(0x2581, scheme, splits: false)]
    var steps: [TokenDecoder] = [
      .replace(.string([0xe2, 0x96, 0x81]), content: " "), .byteFallback, .fuse,
    ]
    if scheme != .never { steps.append(.strip(0x20, start: 1, stop: 0)) }
    parts.decoder = .sequence(steps)
    parts.names = [("pre_tokenizer", "Metaspace"), ("model", "BPE"), ("decoder", "Sequence")]
    return parts
  }

  /// Every way to make a piece of two others, the pieces with the better scores first.
  private static func merges(_ pieces: [SentencePieceModel.Piece], _ vocabulary: PieceVocabulary)
    -> [(left: Int32, right: Int32, merged: Int32)]
  {
    var order = pieces.indices.filter { pieces[$0].kind == .normal }
    order.sort {
      let (one, other) = (pieces[$0].score, pieces[$1].score)
      return one != other ? one > other : $0 < $1
    }
    var table: [(left: Int32, right: Int32, merged: Int32)] = []
    for id in order {
      let text = pieces[id].text
      var local: [(left: Int32, right: Int32, merged: Int32)] = []
      text.withUnsafeBytes { bytes in
        for cut in 1..<max(bytes.count, 1) where bytes[cut] & 0xc0 != 0x80 {
          let left = vocabulary.id(UnsafeRawBufferPointer(rebasing: bytes[..<cut]))
          let right = vocabulary.id(UnsafeRawBufferPointer(rebasing: bytes[cut...]))
          if left >= 0, right >= 0 { local.append((left, right, Int32(id))) }
        }
      }
      table += local.sorted { ($0.left, $0.right) < ($1.left, $1.right) }
    }
    return table
  }
}
