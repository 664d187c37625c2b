public import DSXCore

/// A SentencePiece `.model` file of the BPE kind. Immutable and shared between threads.
///
/// Ids, pieces and decoded text are those of SentencePiece 0.2.
public final class SentencePieceTokenizer: Tokenizer {
  let model: BPEVocabulary
  let normalizer: SentencePieceNormalizer
  let denormalizer: SentencePieceNormalizer?
  let unknownSurface: [UInt8]
  var pieces: PieceTable { model.pieces }

  /// Reads a `.model` file.
  ///
  /// Throws `missingFile` when it is not there, `io` when it cannot be read, `corrupt` or `malformed`
  /// for a damaged file, `unsupported` for a model of another kind.
  public convenience init(path: String) throws(DSXError) {
    let file = try MappedFile(path: path, required: true)
    // The mapping has to outlive the reading of its bytes.
    defer { withExtendedLifetime(file) {} }
    do { try self.init(file.bytes) } catch { throw error.inFile(path) }
  }

  /// Reads the bytes of a `.model` file.
  public init(_ bytes: UnsafeRawBufferPointer) throws(DSXError) {
    let proto = try SentencePieceModel(bytes)
    guard proto.algorithm == .bpe else {
      throw DSXError(
        .unsupported, "a SentencePiece model of type '\(proto.algorithm)' is not supported",
        hint: "dsx reads models that were trained with --model_type=bpe")
    }
    let pieces = try PieceTable(proto)
    var symbols = UserSymbols()
    for piece in proto.pieces where piece.kind == .userDefined { symbols.insert(piece.text) }
    model = try BPEVocabulary(pieces)
    normalizer = try SentencePieceNormalizer(
      proto.normalizer, whitespaceAsSuffix: proto.whitespaceAsSuffix, symbols: symbols)
    if let spec = proto.denormalizer, !spec.charsmap.isEmpty {
      denormalizer = try SentencePieceNormalizer(
        spec, whitespaceAsSuffix: false, symbols: UserSymbols())
    } else {
      denormalizer = nil
    }
    unknownSurface = proto.unknownSurface
  }

  /// Number of ids.
  public var vocabularySize: Int { pieces.count }

  /// The id of a piece; nil when the vocabulary does not hold it.
  public func id(of piece: String) -> Int32? {
    var piece = piece
    return piece.withUTF8 { pieces.id(UnsafeRawBufferPointer($0)) }
  }

  /// The piece of an id; nil outside the vocabulary.
  public func piece(of id: Int32) -> String? {
    guard id >= 0, id < pieces.count else { return nil }
    return String(decoding: pieces.text(id), as: UTF8.self)
  }

  /// The text after normalising, with U+2581 for blanks: `SentencePieceProcessor.normalize`.
  public func normalized(_ text: String) -> String {
    var text = text
    var output: [UInt8] = []
    text.withUTF8 { normalizer.normalize(UnsafeRawBufferPointer($0), into: &output) }
    return String(decoding: output, as: UTF8.self)
  }

  /// A fresh encoder for one thread.
  public func makeEncoder() -> any TokenEncoder { SentencePieceEncoder(self) }
}
