internal import DSXCore

extension TokenModel {
  /// The `model` of a `tokenizer.json`.
  ///
  /// Where a byte-level model can take bytes as they are, the last of `stages` is told not to spell them.
  init(_ part: JSONPart, _ stages: inout [PreTokenizer]) throws(DSXError) {
    guard part.value.object != nil else { throw part.malformed("an object is needed") }
    let type = try part["type"].map { (part) throws(DSXError) in try part.string() }
    do throws(DSXError) {
      switch type ?? Self.guess(part) {
      case "BPE": self = try Self.bytePair(part, &stages)
      case "WordPiece": self = try Self.wordPiece(part)
      case "Unigram": self = try Self.unigram(part)
      case "WordLevel": self = try Self.wordLevel(part)
      case let other: throw part.unsupported("model '\(other)'")
      }
    } catch {
      guard !error.message.hasPrefix("model"), error.code == .malformed else { throw error }
      var error = error
      error.message = "model: " + error.message
      throw error
    }
  }

  /// Older files do not name the type.
  private static func guess(_ part: JSONPart) -> String {
    if part["merges"] != nil { return "BPE" }
    if part["vocab"]?.value.array != nil { return "Unigram" }
    return part["continuing_subword_prefix"] != nil ? "WordPiece" : "WordLevel"
  }

  /// The pieces and ids of an object.
  static func entries(_ part: JSONPart) throws(DSXError) -> [(spelling: String, id: Int)] {
    guard let members = part.value.object else {
      throw part.malformed("an object of pieces and ids is needed")
    }
    var entries: [(spelling: String, id: Int)] = []
    entries.reserveCapacity(members.count)
    for member in members {
      guard case .int(let id) = member.value, let id = Int(exactly: id) else {
        throw part.malformed("the piece '\(member.name)' has the id \(member.value.text())")
      }
      entries.append((member.name, id))
    }
    return entries
  }

  private static func vocabulary(_ part: JSONPart) throws(DSXError) -> PieceVocabulary {
    let entries = try entries(part.required("vocab"))
    guard !entries.isEmpty else { throw part.malformed("the vocabulary is empty") }
    return try PieceVocabulary(entries)
  }

  private static func bytePair(_ part: JSONPart, _ stages: inout [PreTokenizer]) throws(DSXError)
    -> TokenModel
  {
    try part.allow([
      "type", "dropout", "unk_token", "continuing_subword_prefix", "end_of_word_suffix",
      "fuse_unk", "byte_fallback", "ignore_merges", "vocab", "merges",
    ])
    if let dropout = part["dropout"] {
      // Dropout is for training; encoding here is without chance.
      guard let share = dropout.value.double, (0...1).contains(share) else {
        throw dropout.malformed("a number from 0 to 1 is needed, not \(dropout.shown)")
      }
    }
    var rules = BytePairModel.Rules()
    rules.unknown = try part["unk_token"].map { (part) throws(DSXError) in try part.string() }
    rules.prefix = try part.spelled("continuing_subword_prefix")
    rules.suffix = try part.spelled("end_of_word_suffix")
    rules.fusesUnknown = try part.flag("fuse_unk", false)
    rules.fallsBackToBytes = try part.flag("byte_fallback", false)
    rules.ignoresMerges = try part.flag("ignore_merges", false)
    let vocabulary = try vocabulary(part)
    let merges = try merges(part.required("merges"))
    if rules.prefix.isEmpty, rules.suffix.isEmpty,
      case .byteLevel(let addsSpace, let pattern, _) = stages.last,
      !stages.dropLast().contains(where: \.spellsBytes)
    {
      let table = MergeTable(try MergeTable.resolve(merges, vocabulary))
      if let model = ByteBPEModel(vocabulary, table, ignoresMerges: rules.ignoresMerges) {
        stages[stages.count - 1] = .byteLevel(
          addsPrefixSpace: addsSpace, pattern: pattern, spells: false)
        return .bytes(model)
      }
    }
    return .bytePair(try BytePairModel(vocabulary, merges, rules))
  }

  /// Merges as `"a b"` or as `["a", "b"]`.
  static func merges(_ part: JSONPart) throws(DSXError) -> [(left: String, right: String)] {
    guard let list = part.value.array else { throw part.malformed("a list is needed") }
    var merges: [(left: String, right: String)] = []
    merges.reserveCapacity(list.count)
    for (rank, entry) in list.enumerated() {
      if let text = entry.string {
        if text.utf8.starts(with: "#version".utf8) { continue }
        guard let pair = ByteLevelFiles.pair(Array(text.utf8)) else {
          throw part.malformed("merge \(rank) is not a pair of pieces: \(entry.text())")
        }
        merges.append(pair)
      } else if let pair = entry.array, pair.count == 2, let left = pair[0].string,
        let right = pair[1].string
      {
        merges.append((left, right))
      } else {
        throw part.malformed("merge \(rank) is not a pair of pieces: \(entry.text())")
      }
    }
    return merges
  }

  private static func wordPiece(_ part: JSONPart) throws(DSXError) -> TokenModel {
    try part.allow([
      "type", "unk_token", "continuing_subword_prefix", "max_input_chars_per_word", "vocab",
    ])
    return .wordPiece(
      try WordPieceModel(
        vocabulary(part), unknown: part.required("unk_token").string(),
        prefix: part.required("continuing_subword_prefix").string(),
        maximumCharacters: part.required("max_input_chars_per_word").count()))
  }

  private static func wordLevel(_ part: JSONPart) throws(DSXError) -> TokenModel {
    try part.allow(["type", "unk_token", "vocab"])
    return .wordLevel(
      try WordLevelModel(vocabulary(part), unknown: part.required("unk_token").string()))
  }

  private static func unigram(_ part: JSONPart) throws(DSXError) -> TokenModel {
    try part.allow(["type", "unk_id", "vocab", "byte_fallback"])
    let list = try part.required("vocab")
    guard let entries = list.value.array else { throw list.malformed("a list is needed") }
    var pieces: [(String, Double)] = []
    pieces.reserveCapacity(entries.count)
    for (id, entry) in entries.enumerated() {
      guard let pair = entry.array, pair.count == 2, let text = pair[0].string,
        let score = pair[1].double
      else {
        throw list.malformed("piece \(id) is not a spelling and a score: \(entry.text())")
      }
      pieces.append((text, score))
    }
    guard let unknown = part["unk_id"] else {
      throw part.unsupported("a Unigram model without 'unk_id', which cannot encode every text")
    }
    return .unigram(
      try UnigramModel(
        pieces, unknown: unknown.count(), fallsBackToBytes: part.flag("byte_fallback", false)))
  }
}

extension PreTokenizer {
  /// Whether it writes bytes in the byte alphabet.
  fileprivate var spellsBytes: Bool {
    if case .byteLevel(_, _, true) = self { true } else { false }
  }
}

extension JSONPart {
  /// A string that may be missing, as bytes.
  fileprivate func spelled(_ name: String) throws(DSXError) -> [UInt8] {
    guard let part = self[name] else { return [] }
    return Array(try part.string().utf8)
  }
}
