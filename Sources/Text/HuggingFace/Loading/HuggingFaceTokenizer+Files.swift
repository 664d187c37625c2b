public import DSXCore

extension HuggingFaceTokenizer {
  /// Reads the older form of byte-level BPE: `vocab.json` and `merges.txt`, with GPT-2's splitting pattern
  /// unless `pattern` names another.
  ///
  /// - Parameters:
  ///   - special: spellings that are special tokens where the vocabulary has them.
  /// Throws `missingFile` or `malformed` with file and line.
  public convenience init(
    vocabulary path: String, merges mergesPath: String,
    special: [String] = ["<|endoftext|>"], addsPrefixSpace: Bool = false
  ) throws(DSXError) {
    self.init(
      try Self.bytePairs(
        vocabulary: path, merges: mergesPath, special: special, addsPrefixSpace: addsPrefixSpace))
  }

  /// The parts of byte-level BPE from `vocab.json` and `merges.txt`.
  static func bytePairs(
    vocabulary path: String, merges mergesPath: String, special: [String], addsPrefixSpace: Bool
  ) throws(DSXError) -> Parts {
    let root = try JSONParser.parse(file: path)
    let merges = try ByteLevelFiles.merges(mergesPath)
    do throws(DSXError) {
      let vocabulary = try PieceVocabulary(TokenModel.entries(JSONPart(root, path: "")))
      let table = MergeTable(try MergeTable.resolve(merges, vocabulary))
      guard let model = ByteBPEModel(vocabulary, table, ignoresMerges: false) else {
        throw DSXError(
          .unsupported, "the vocabulary has no piece for some byte, so some text would be lost",
          hint: "dsx takes byte-level vocabularies with all 256 bytes")
      }
      var parts = Parts(model: .bytes(model))
      parts.preTokenizers = [
        .byteLevel(
          addsPrefixSpace: addsPrefixSpace, pattern: .scanner(.gpt2(GPT2Splitter())), spells: false)
      ]
      parts.decoder = .byteLevel
      parts.addedTokens = known(special, vocabulary)
      parts.names = [("pre_tokenizer", "ByteLevel"), ("model", "BPE"), ("decoder", "ByteLevel")]
      return parts
    } catch {
      throw error.inFile(path)
    }
  }

  /// Those spellings that the vocabulary has, each once, as special tokens.
  private static func known(_ special: [String], _ vocabulary: PieceVocabulary) -> [AddedToken] {
    var tokens: [AddedToken] = []
    for content in special where !tokens.contains(where: { $0.content == content }) {
      if let id = vocabulary.id(of: content) { tokens.append(AddedToken(id: id, content: content)) }
    }
    return tokens
  }

  /// The parts of BERT's `vocab.txt`: one piece a line, ids in order.
  ///
  /// `special` are the tokens by their roles; those that the vocabulary lacks are left out.
  static func wordPieces(
    vocabulary path: String, special: [SpecialTokens.Role: String], _ rules: BertNormalizer
  ) throws(DSXError) -> Parts {
    let file = try MappedFile(path: path)
    defer { withExtendedLifetime(file) {} }
    if let bad = UTF8Validation.firstInvalid(file.bytes) {
      throw DSXError(.malformed, "the vocabulary is not valid UTF-8", file: path, byte: bad)
    }
    var pieces: [String] = []
    var place: [String: Int] = [:]
    var start = 0
    while start < file.bytes.count {
      let end = file.bytes[start...].firstIndex(of: 0x0a) ?? file.bytes.count
      var line = UnsafeRawBufferPointer(rebasing: file.bytes[start..<end])
      if line.last == 0x0d { line = UnsafeRawBufferPointer(rebasing: line.dropLast()) }
      pieces.append(String(decoding: line, as: UTF8.self))
      start = end + 1
    }
    // Of equal lines the last counts, as in the reference; the others are holes.
    for (id, piece) in pieces.enumerated() { place[piece] = id }
    var entries: [(spelling: String, id: Int)] = []
    for (id, piece) in pieces.enumerated() where place[piece] == id { entries.append((piece, id)) }
    do throws(DSXError) {
      let vocabulary = try PieceVocabulary(entries)
      let unknown = special[.unknown] ?? "[UNK]"
      let model = try WordPieceModel(
        vocabulary, unknown: unknown, prefix: "##", maximumCharacters: 100)
      var parts = Parts(model: .wordPiece(model))
      parts.normalizer = .bert(rules)
      parts.preTokenizers = [.bert]
      parts.decoder = .wordPiece(prefix: "##", cleansUp: true)
      let order: [SpecialTokens.Role] = [
        .unknown, .separator, .padding, .classification, .mask,
      ]
      parts.addedTokens = known(order.compactMap { special[$0] }, vocabulary)
      if let cls = special[.classification], let sep = special[.separator],
        let first = vocabulary.id(of: cls), let last = vocabulary.id(of: sep)
      {
        func piece(_ id: Int32, _ token: String, _ type: Int32) -> PostProcessor.Piece {
          .special(ids: [id], tokens: [token], typeID: type)
        }
        let single = [piece(first, cls, 0), .sequence(0, typeID: 0), piece(last, sep, 0)]
        parts.postProcessor = .template(
          single: single, pair: single + [.sequence(1, typeID: 1), piece(last, sep, 1)])
      }
      parts.names = [
        ("normalizer", "BertNormalizer"), ("pre_tokenizer", "BertPreTokenizer"),
        ("model", "WordPiece"), ("post_processor", "TemplateProcessing"), ("decoder", "WordPiece"),
      ]
      return parts
    } catch {
      throw error.inFile(path)
    }
  }
}
