internal import DSXCore
internal import Text

/// What a language model's files say of its special tokens, checked against the model and its tokenizer.
struct LanguageTokens {
  /// The begin-of-text id.
  let bosID: Int32?
  /// The end-of-text id.
  let eosID: Int32?
  /// Whether the begin-of-text id goes before every text: what the folder states, else what its tokenizer does.
  let addsBOS: Bool

  /// The tokens. `vocabularySize`: the model's.
  ///
  /// Throws `corrupt` for a tokenizer with more ids than the model and for two files that disagree,
  /// `malformed` for values of another type.
  init(_ description: ModelDescription, _ tokenizer: any Tokenizer, vocabularySize: Int)
    throws(DSXError)
  {
    guard tokenizer.vocabularySize <= vocabularySize else {
      throw DSXError(
        .corrupt,
        "the tokenizer has \(tokenizer.vocabularySize) ids, the model only \(vocabularySize)",
        file: description.path, hint: "the tokenizer does not belong to this model")
    }
    let first = try Self.firstSpecial(tokenizer)
    bosID = try Self.bosID(description, tokenizer, below: vocabularySize) ?? first
    eosID =
      try description.tokenID("eos_token_id", below: vocabularySize)
      ?? description.special("eos_token").flatMap { tokenizer.id(of: $0) }
    addsBOS = try Self.stated(description, bosID) ?? (first != nil && first == bosID)
  }

  /// The special token that the tokenizer puts before a text (`post_processor`, or a GGUF file's vocabulary).
  private static func firstSpecial(_ tokenizer: any Tokenizer) throws(DSXError) -> Int32? {
    let plain = try tokenizer.encode("a", pair: nil, addSpecialTokens: false)
    let whole = try tokenizer.encode("a", pair: nil, addSpecialTokens: true)
    guard whole.ids.count > plain.ids.count, whole.specialTokensMask.first == 1 else { return nil }
    return whole.ids.first
  }

  private static func bosID(
    _ description: ModelDescription, _ tokenizer: any Tokenizer, below limit: Int
  ) throws(DSXError) -> Int32? {
    let stated = try description.tokenID("bos_token_id", below: limit)
    guard let spelling = description.special("bos_token"), let id = tokenizer.id(of: spelling)
    else { return stated }
    if let stated, stated != id {
      throw DSXError(
        .corrupt,
        "bos_token_id is \(stated), but tokenizer_config.json's bos_token '\(spelling)' has the id "
          + "\(id)", file: description.source, hint: "make the two files agree")
    }
    return id
  }

  private static func stated(_ description: ModelDescription, _ bosID: Int32?) throws(DSXError)
    -> Bool?
  {
    let places = [
      (description.preprocessor, "add_bos", "configuration.json"),
      (description.tokenizer, "add_bos_token", "tokenizer_config.json"),
    ]
    for (part, name, file) in places {
      guard let value = part[name], !value.isNull else { continue }
      let path = description.file(file)
      guard let flag = value.bool else {
        throw DSXError(.malformed, "'\(name)' must be true or false", file: path)
      }
      guard !flag || bosID != nil else {
        throw DSXError(.malformed, "'\(name)' is true, but no bos token is named", file: path)
      }
      return flag
    }
    return nil
  }
}
