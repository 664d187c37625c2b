public import DSXCore

/// A SentencePiece `.model` file of any kind: unigram, BPE, word or char. Immutable and shared between
/// threads.
///
/// Ids, pieces, normalised and decoded text are those of SentencePiece 0.2.3.
public final class SentencePieceTokenizer: Tokenizer {
  /// How text becomes pieces.
  enum Algorithm: Sendable {
    case bpe(BPEVocabulary)
    case unigram(UnigramVocabulary)
    case word
    case char
  }

  /// The kind of a model, as `--model_type` of `spm_train` names it.
  public enum Kind: String, Sendable {
    /// The most probable pieces.
    case unigram
    /// Merges of the best pair.
    case bpe
    /// Words between blanks.
    case word
    /// Characters.
    case char
  }

  let algorithm: Algorithm
  let pieces: PieceTable
  let normalizer: SentencePieceNormalizer
  let denormalizer: SentencePieceNormalizer?
  let unknownSurface: [UInt8]
  /// The tokens with a role: `unk_piece`, `bos_piece`, `eos_piece` and `pad_piece` of the model.
  public let specialTokens: SpecialTokens

  /// Reads a `.model` file.
  ///
  /// Throws `missingFile` when it is not there, `io` when it cannot be read, `corrupt` or `malformed`
  /// for a damaged file, `unsupported` for one beyond the limits.
  public convenience init(path: String) throws(DSXError) {
    let file = try MappedFile(path: path)
    // The mapping has to outlive the reading of its bytes.
    defer { withExtendedLifetime(file) {} }
    do { try self.init(file.bytes) } catch { throw error.inFile(path) }
  }

  /// Reads the bytes of a `.model` file.
  public init(_ bytes: UnsafeRawBufferPointer) throws(DSXError) {
    let proto = try SentencePieceModel(bytes)
    let pieces = try PieceTable(proto)
    self.pieces = pieces
    var symbols = UserSymbols()
    for piece in proto.pieces where piece.kind == .userDefined { symbols.insert(piece.text) }
    algorithm =
      switch proto.algorithm {
      case .bpe: .bpe(try BPEVocabulary(pieces))
      case .unigram: .unigram(try UnigramVocabulary(pieces))
      case .word: .word
      case .char: .char
      }
    normalizer = try SentencePieceNormalizer(
      proto.normalizer, whitespaceAsSuffix: proto.whitespaceAsSuffix, symbols: symbols)
    if let spec = proto.denormalizer, !spec.charsmap.isEmpty {
      denormalizer = try SentencePieceNormalizer(
        spec, whitespaceAsSuffix: false, symbols: UserSymbols())
    } else {
      denormalizer = nil
    }
    unknownSurface = proto.unknownSurface
    specialTokens = Self.specialTokens(proto, pieces)
  }

  private static func specialTokens(_ proto: SentencePieceModel, _ pieces: PieceTable)
    -> SpecialTokens
  {
    var tokens = SpecialTokens()
    func set(_ role: SpecialTokens.Role, _ piece: String, _ kind: SentencePieceModel.Kind) {
      let id = Array(piece.utf8).withUnsafeBytes { pieces.id($0) }
      guard let id, pieces.kinds[Int(id)] == kind else { return }
      tokens[role] = SpecialToken(piece, id: id)
    }
    set(.unknown, proto.unknownPiece, .unknown)
    set(.bos, proto.bosPiece, .control)
    set(.eos, proto.eosPiece, .control)
    set(.padding, proto.padPiece, .control)
    return tokens
  }

  /// The BPE rules, nil in models of another kind.
  var bpe: BPEVocabulary? {
    if case .bpe(let vocabulary) = algorithm { vocabulary } else { nil }
  }

  /// Whether a user-defined symbol that was found in the text stays apart from what is around it. In
  /// unigram models its score sees to that.
  var freezesSymbols: Bool { bpe != nil }

  /// The kind of model.
  public var kind: Kind {
    switch algorithm {
    case .bpe: .bpe
    case .unigram: .unigram
    case .word: .word
    case .char: .char
    }
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

  /// The score of an id as the file has it; nil outside the vocabulary.
  public func score(of id: Int32) -> Float? {
    id >= 0 && id < pieces.count ? pieces.scores[Int(id)] : nil
  }

  /// The text after normalising, with U+2581 for blanks: `SentencePieceProcessor.normalize`.
  public func normalize(_ text: String) -> String {
    var text = text
    var output: [UInt8] = []
    text.withUTF8 { normalize(UnsafeRawBufferPointer($0), into: &output) }
    return String(decoding: output, as: UTF8.self)
  }

  /// Appends the normalised form of `text` (valid UTF-8).
  public func normalize(_ text: UnsafeRawBufferPointer, into output: inout [UInt8]) {
    normalizer.normalize(text, into: &output)
  }

  /// A fresh encoder for one thread.
  public func makeEncoder() -> any TokenEncoder { SentencePieceEncoder(self) }
}
