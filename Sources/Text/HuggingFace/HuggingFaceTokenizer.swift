public import DSXCore

/// A tokenizer of the Hugging Face kind, from `tokenizer.json` or from older vocabulary files: added
/// tokens, normalizer, pre-tokenizer, model, post-processor, decoder.
///
/// Gives the ids, offsets and text of tokenizers 0.23.3. Immutable and shared between threads.
public final class HuggingFaceTokenizer: Sendable {
  /// The parts that a tokenizer is put together from.
  struct Parts: Sendable {
    var normalizer: TextNormalizer?
    var preTokenizers: [PreTokenizer] = []
    var model: TokenModel
    var addedTokens: [AddedToken] = []
    var postProcessor: PostProcessor?
    var decoder: TokenDecoder?
    var truncation: Truncation?
    var padding: Padding?
    /// The types of the parts as the file names them, for people.
    var names: [(part: String, name: String)] = []
  }

  let normalizer: TextNormalizer?
  let preTokenizers: [PreTokenizer]
  let model: TokenModel
  let added: AddedVocabulary
  let postProcessor: PostProcessor?
  let decoder: TokenDecoder?
  let truncation: Truncation?
  let padding: Padding?
  /// The tokens that play a role.
  public let specialTokens: SpecialTokens
  /// What its folder says of it; nil for a vocabulary without a folder.
  public let settings: TokenizerSettings?
  /// The parts of the tokenizer by the names of the file, in the order in which they work: for people.
  public let partNames: [(part: String, name: String)]
  /// Whether encoding needs original places because a rule asks for the start of the text.
  let needsPlaces: Bool
  /// The only splitting that there is to do, where the text can be scanned from front to back.
  let scanner: PieceScanner?
  let scannerAddsSpace: Bool

  init(_ parts: Parts, special: SpecialTokens? = nil, settings: TokenizerSettings? = nil) {
    normalizer = parts.normalizer
    preTokenizers = parts.preTokenizers
    model = parts.model
    added = AddedVocabulary(parts.addedTokens, parts.model.vocabulary, parts.normalizer)
    postProcessor = parts.postProcessor
    decoder = parts.decoder
    truncation = parts.truncation
    padding = parts.padding
    partNames = parts.names
    self.settings = settings
    let asksForStart = parts.preTokenizers.contains {
      if case .metaspace(_, .first, _) = $0 { true } else { false }
    }
    needsPlaces = asksForStart && (parts.normalizer?.mayMoveStart ?? false)
    (scanner, scannerAddsSpace) = Self.scanner(parts)
    var tokens = special ?? SpecialTokens()
    if special == nil {
      tokens.additional = added.tokens.filter(\.isSpecial).map {
        SpecialToken($0.content, id: $0.id)
      }
    }
    specialTokens = tokens
  }

  /// The scanner that does all the splitting, and whether it wants a blank in front.
  private static func scanner(_ parts: Parts) -> (PieceScanner?, Bool) {
    guard case .bytes = parts.model, let last = parts.preTokenizers.last,
      case .byteLevel(let addsSpace, let pattern, false) = last
    else { return (nil, false) }
    if parts.preTokenizers.count == 1, case .scanner(let scanner) = pattern {
      return (scanner, addsSpace)
    }
    if parts.preTokenizers.count == 2, pattern == nil, !addsSpace,
      case .split(.scanner(let scanner), .isolated, inverted: false) = parts.preTokenizers[0]
    {
      return (scanner, false)
    }
    return (nil, false)
  }
}

extension HuggingFaceTokenizer: Tokenizer {
  /// One more than the largest id.
  public var vocabularySize: Int { max(model.vocabulary.size, added.size) }

  /// The tokens that are cut out of the text before it is split.
  public var addedTokens: [AddedToken] { added.tokens }

  /// Whether every stretch of text gets a blank in front unless it begins with one (ByteLevel).
  public var addsPrefixSpace: Bool {
    preTokenizers.contains {
      if case .byteLevel(let adds, _, _) = $0 { adds } else { false }
    }
  }

  /// How many special tokens the post-processor puts around a text or a pair of texts.
  public func specialTokenCount(isPair: Bool) -> Int { postProcessor?.added(isPair: isPair) ?? 0 }

  /// The id of a piece as the vocabulary spells it, or of an added token.
  public func id(of piece: String) -> Int32? {
    added.id(of: piece) ?? model.vocabulary.id(of: piece)
  }

  /// The piece of an id; nil outside the vocabulary and in its holes.
  public func piece(of id: Int32) -> String? { added.content(id) ?? model.vocabulary[id] }

  /// The text of ids, special tokens included.
  ///
  /// Throws `malformed` for an id outside the vocabulary.
  public func decode(_ ids: [Int32]) throws(DSXError) -> String {
    try decode(ids, skipSpecialTokens: false)
  }

  /// The text of ids, with or without the special tokens.
  ///
  /// Throws `malformed` for an id outside the vocabulary.
  public func decode(_ ids: [Int32], skipSpecialTokens: Bool) throws(DSXError) -> String {
    var tokens: [String] = []
    tokens.reserveCapacity(ids.count)
    for (index, id) in ids.enumerated() {
      guard let token = added.spelling(id) ?? model.vocabulary[id] else {
        throw DSXError(
          .malformed, "id \(id) at position \(index) is outside the vocabulary",
          hint: "ids are 0 to \(vocabularySize - 1)")
      }
      if skipSpecialTokens, added.isSpecial(token) { continue }
      tokens.append(token)
    }
    return decoder?.decode(tokens) ?? tokens.joined(separator: " ")
  }

  /// An encoder that also finds special tokens in the text, as transformers does by default.
  public func makeEncoder() -> any TokenEncoder { HuggingFaceEncoder(self, plain: false) }

  /// An encoder that reads a special token's spelling as ordinary text (transformers'
  /// `split_special_tokens=True`); added tokens that are not special are still found.
  public func makePlainTextEncoder() -> any TokenEncoder { HuggingFaceEncoder(self, plain: true) }

  /// Everything about a text or a pair of texts, as `Tokenizer.encode` of the library.
  ///
  /// Throws `usage` for a truncation that cannot be done.
  public func encode(_ text: String, pair: String?, addSpecialTokens: Bool) throws(DSXError)
    -> Encoding
  {
    var encoder = HuggingFaceEncoder(self, plain: false)
    return try encoder.encode(text, pair: pair, addSpecialTokens: addSpecialTokens)
  }
}

extension TextNormalizer {
  /// Whether it may take something from the start of a text, so that what is left begins elsewhere.
  var mayMoveStart: Bool {
    switch self {
    case .sequence(let parts): parts.contains { $0.mayMoveStart }
    case .unicode, .lowercase, .prepend, .byteLevel: false
    case .strip, .stripAccents, .bert, .replace, .precompiled, .nmt: true
    }
  }
}
