internal import DSXCore

extension PostProcessor {
  /// The `post_processor` of a `tokenizer.json`.
  init(_ part: JSONPart) throws(DSXError) {
    let type = try part.type()
    switch type {
    case "Sequence":
      try part.allow(["type", "processors"])
      var parts: [PostProcessor] = []
      for element in try part.required("processors").elements() {
        parts.append(try PostProcessor(element))
      }
      self = .sequence(parts)
    case "TemplateProcessing":
      try part.allow(["type", "single", "pair", "special_tokens"])
      let tokens = try Self.tokens(part.required("special_tokens"))
      self = .template(
        single: try Self.template(part.required("single"), tokens),
        pair: try Self.template(part.required("pair"), tokens))
    case "BertProcessing":
      try part.allow(["type", "sep", "cls"])
      self = .bert(cls: try Self.token(part, "cls"), sep: try Self.token(part, "sep"))
    case "RobertaProcessing":
      try part.allow(["type", "sep", "cls", "trim_offsets", "add_prefix_space"])
      self = .roberta(
        cls: try Self.token(part, "cls"), sep: try Self.token(part, "sep"),
        trimsOffsets: try part.flag("trim_offsets"),
        addsPrefixSpace: try part.flag("add_prefix_space"))
    case "ByteLevel":
      try part.allow(["type", "add_prefix_space", "trim_offsets", "use_regex"])
      self = .byteLevel(
        trimsOffsets: try part.flag("trim_offsets", true),
        addsPrefixSpace: try part.flag("add_prefix_space", true))
    default: throw part.unsupported("post-processor '\(type)'")
    }
  }

  private static func id(_ part: JSONPart) throws(DSXError) -> Int32 {
    let id = try part.count()
    guard id < PieceVocabulary.maximumID else { throw part.malformed("the id \(id) is too large") }
    return Int32(id)
  }

  /// `["[SEP]", 102]`
  private static func token(_ part: JSONPart, _ name: String) throws(DSXError) -> SpecialToken {
    let pair = try part.required(name).elements()
    guard pair.count == 2 else {
      throw part.malformed("'\(name)' must be a spelling and an id")
    }
    return SpecialToken(try pair[0].string(), id: try id(pair[1]))
  }

  private typealias Special = (ids: [Int32], tokens: [String])

  private static func tokens(_ part: JSONPart) throws(DSXError) -> [String: Special] {
    var table: [String: Special] = [:]
    for member in part.value.object ?? [] {
      guard let entry = part[member.name] else { continue }
      var special: Special = ([], [])
      for id in try entry.required("ids").elements() { special.ids.append(try Self.id(id)) }
      for token in try entry.required("tokens").elements() {
        special.tokens.append(try token.string())
      }
      guard special.ids.count == special.tokens.count else {
        throw entry.malformed("'ids' and 'tokens' must be of one length")
      }
      table[member.name] = special
    }
    return table
  }

  private static func template(_ part: JSONPart, _ tokens: [String: Special]) throws(DSXError)
    -> [Piece]
  {
    var pieces: [Piece] = []
    for element in try part.elements() {
      if let sequence = element["Sequence"] {
        let name = try sequence.required("id").string()
        guard name == "A" || name == "B" else {
          throw sequence.malformed("the id of a sequence is A or B, not '\(name)'")
        }
        pieces.append(
          .sequence(name == "A" ? 0 : 1, typeID: try id(sequence.required("type_id"))))
      } else if let special = element["SpecialToken"] {
        let name = try special.required("id").string()
        guard let token = tokens[name] else {
          throw special.malformed("'\(name)' is not among the special_tokens")
        }
        pieces.append(
          .special(
            ids: token.ids, tokens: token.tokens, typeID: try id(special.required("type_id"))))
      } else {
        throw element.malformed("a piece is a Sequence or a SpecialToken, not \(element.shown)")
      }
    }
    return pieces
  }
}

extension Truncation {
  /// The `truncation` of a `tokenizer.json`.
  init(_ part: JSONPart) throws(DSXError) {
    try part.allow(["direction", "max_length", "strategy", "stride"])
    self.init(
      maximum: try part.required("max_length").count(),
      strategy: try part.required("strategy").choice(Strategy.self),
      stride: try part.required("stride").count(), cutsLeft: try part.isLeft())
  }
}

extension Padding {
  /// More would be memory that nobody has asked for: a short text becomes as long as this.
  private static let longest = 1 << 20

  /// The `padding` of a `tokenizer.json`.
  init(_ part: JSONPart) throws(DSXError) {
    try part.allow([
      "strategy", "direction", "pad_to_multiple_of", "pad_id", "pad_type_id", "pad_token",
    ])
    let strategy = try part.required("strategy")
    var length: Int?
    if let fixed = strategy["Fixed"] {
      length = try fixed.count()
      guard try fixed.count() <= Self.longest else {
        throw fixed.malformed("the length is too large")
      }
    } else if strategy.value.string != "BatchLongest" {
      throw strategy.malformed("'BatchLongest' or {\"Fixed\": n} is needed, not \(strategy.shown)")
    }
    let multiple = try part["pad_to_multiple_of"].map { (part) throws(DSXError) in
      try part.count()
    }
    if let multiple, multiple > Self.longest {
      throw part.malformed("'pad_to_multiple_of' is too large")
    }
    self.init(
      length: length, multiple: multiple, padsLeft: try part.isLeft(),
      id: Int32(truncatingIfNeeded: try part.required("pad_id").count()),
      typeID: Int32(truncatingIfNeeded: try part.required("pad_type_id").count()),
      token: try part.required("pad_token").string())
  }
}

extension JSONPart {
  /// Whether `direction` is Left; Right when it is missing.
  fileprivate func isLeft() throws(DSXError) -> Bool {
    guard let direction = self["direction"] else { return false }
    let text = try direction.string()
    guard text == "Left" || text == "Right" else {
      throw direction.malformed("'\(text)' is not one of Left, Right")
    }
    return text == "Left"
  }
}
