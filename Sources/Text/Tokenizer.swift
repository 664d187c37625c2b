public import DSXCore

/// A vocabulary with its rules: text to ids and back. Immutable and shared between threads; the
/// working state of one thread is a `TokenEncoder`.
public protocol Tokenizer: Sendable {
  /// Number of ids; every id is in `0..<vocabularySize`.
  var vocabularySize: Int { get }
  /// The id of a piece, exactly as the vocabulary writes it (`▁the`, `<eot>`, `Ġthe`).
  func id(of piece: String) -> Int32?
  /// The piece of an id; nil outside the vocabulary.
  func piece(of id: Int32) -> String?
  /// Text from ids, as the reference library decodes them.
  func decode(_ ids: [Int32]) throws(DSXError) -> String
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
