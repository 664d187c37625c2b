public import DSXCore

/// A SentencePiece `.model` file. Immutable and shared between threads.
public final class SentencePieceTokenizer: Tokenizer {
  /// Reads a `.model` file.
  public init(path: String) throws(DSXError) {
    throw DSXError(.unsupported, "SentencePiece is not built in yet", file: path)
  }

  /// Number of ids.
  public var vocabularySize: Int { 0 }
  /// The id of a piece.
  public func id(of piece: String) -> Int32? { nil }
  /// The piece of an id.
  public func piece(of id: Int32) -> String? { nil }
  /// Text from ids, as `SentencePieceProcessor.decode`.
  public func decode(_ ids: [Int32]) throws(DSXError) -> String { "" }
  /// A fresh encoder for one thread.
  public func makeEncoder() -> any TokenEncoder { SentencePieceEncoder() }
}

/// Encodes with a SentencePiece model on one thread.
public struct SentencePieceEncoder: TokenEncoder {
  /// Appends the ids of `text`.
  public mutating func encode(_ text: UnsafeRawBufferPointer, into ids: inout [Int32]) {}
}
