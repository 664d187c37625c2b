public import DSXCore

/// A vocabulary with its rules: text to ids and back. Immutable and shared between threads; the
/// working state of one thread is a `TokenEncoder`.
public protocol Tokenizer: Sendable {
  /// Number of ids; every id is in `0..<vocabularySize`.
  var vocabularySize: Int { get }
  /// The tokens that play a role.
  var specialTokens: SpecialTokens { get }
  /// What its folder says of it; nil for a vocabulary without a folder.
  var settings: TokenizerSettings? { get }
  /// The id of a piece, exactly as the vocabulary writes it (`▁the`, `<eot>`, `Ġthe`).
  func id(of piece: String) -> Int32?
  /// The piece of an id; nil outside the vocabulary.
  func piece(of id: Int32) -> String?
  /// Text from ids, special tokens included, as the reference library decodes them.
  func decode(_ ids: [Int32]) throws(DSXError) -> String
  /// Text from ids, with or without the special tokens.
  func decode(_ ids: [Int32], skipSpecialTokens: Bool) throws(DSXError) -> String
  /// Everything about a text or a pair of texts, with the special tokens that the vocabulary puts
  /// around texts, and with its truncation and padding, where it has such rules.
  func encode(_ text: String, pair: String?, addSpecialTokens: Bool) throws(DSXError) -> Encoding
  /// A fresh encoder for one thread, which treats the text as the reference library does: a special
  /// token's spelling inside the text (`<|endoftext|>`) may become that special token.
  func makeEncoder() -> any TokenEncoder
  /// A fresh encoder for text from data sets: the spelling of a special token is ordinary text, so
  /// that no data can smuggle one in.
  func makePlainTextEncoder() -> any TokenEncoder
}

extension Tokenizer {
  /// The same as `makeEncoder()`: right for vocabularies that never read special tokens from text.
  public func makePlainTextEncoder() -> any TokenEncoder { makeEncoder() }

  /// Whether `decode(_:skipSpecialTokens:)` leaves an id out.
  public func isSpecial(_ id: Int32) -> Bool {
    guard let spelling = try? decode([id]), !spelling.isEmpty,
      let text = try? decode([id], skipSpecialTokens: true)
    else { return false }
    return text.isEmpty
  }

  /// The ids of those texts that are the spelling of a special token: no decoded text shows them.
  public func specialIDs(spelled texts: [String]) -> [Int32] {
    texts.compactMap { id(of: $0) }.filter { isSpecial($0) }
  }

  /// None.
  public var specialTokens: SpecialTokens { SpecialTokens() }

  /// None.
  public var settings: TokenizerSettings? { nil }

  /// Leaves out the tokens of `specialTokens` before decoding, where that is asked.
  public func decode(_ ids: [Int32], skipSpecialTokens: Bool) throws(DSXError) -> String {
    guard skipSpecialTokens else { return try decode(ids) }
    let tokens = specialTokens
    let named = SpecialTokens.Role.allCases.compactMap { tokens.id($0) }
    let special = Set(named + tokens.additional.compactMap(\.id))
    return try decode(ids.filter { !special.contains($0) })
  }

  /// Ids and pieces without special tokens and offsets: for vocabularies that have no such rules.
  public func encode(_ text: String, pair: String?, addSpecialTokens: Bool) throws(DSXError)
    -> Encoding
  {
    var encoder = makeEncoder()
    var encoding = Encoding()
    for (type, part) in [text, pair].enumerated() {
      guard let part else { continue }
      let ids = encoder.encode(part)
      encoding.ids += ids
      encoding.typeIDs += ids.map { _ in Int32(type) }
      encoding.sequenceIDs += ids.map { _ in Int32(type) }
    }
    encoding.tokens = encoding.ids.map { piece(of: $0) ?? "" }
    encoding.wordIDs = encoding.ids.map { _ in nil }
    encoding.specialTokensMask = encoding.ids.map { _ in 0 }
    encoding.attentionMask = encoding.ids.map { _ in 1 }
    return encoding
  }

  /// Everything about one text, with special tokens.
  public func encode(_ text: String) throws(DSXError) -> Encoding {
    try encode(text, pair: nil, addSpecialTokens: true)
  }
}

/// Encodes texts one after the other on one thread, with scratch space and caches of its own.
public protocol TokenEncoder {
  /// Appends the ids of `text` (valid UTF-8) to `ids`. No bos, eos or other special tokens are added.
  mutating func encode(_ text: UnsafeRawBufferPointer, into ids: inout [Int32])
}

extension TokenEncoder {
  /// The ids of a string.
  public mutating func encode(_ text: String) -> [Int32] {
    var ids: [Int32] = []
    var text = text
    text.withUTF8 { encode(UnsafeRawBufferPointer($0), into: &ids) }
    return ids
  }
}
