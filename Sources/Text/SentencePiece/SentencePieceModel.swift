internal import DSXCore

/// What a `.model` file says: SentencePiece's `ModelProto`, as far as encoding and decoding need it.
///
/// | message | fields read |
/// | --- | --- |
/// | ModelProto | pieces 1, trainer_spec 2, normalizer_spec 3, denormalizer_spec 5 |
/// | SentencePiece | piece 1 (string), score 2 (float), type 3 (enum) |
/// | TrainerSpec | model_type 3, treat_whitespace_as_suffix 24, byte_fallback 35, unk_surface 44, |
/// | | unk_piece 45, bos_piece 46, eos_piece 47, pad_piece 48 |
/// | NormalizerSpec | precompiled_charsmap 2, add_dummy_prefix 3, remove_extra_whitespaces 4, |
/// | | escape_whitespaces 5 |
struct SentencePieceModel {
  /// What a piece is for.
  enum Kind: UInt64 {
    case normal = 1
    case unknown = 2
    case control = 3
    case userDefined = 4
    case unused = 5
    case byte = 6
  }
  /// One entry of the vocabulary; its id is its position.
  struct Piece {
    var text: [UInt8] = []
    var score: Float = 0
    var kind = Kind.normal
    /// Where the file describes it.
    var offset = 0
  }
  /// How text is prepared for the vocabulary.
  struct NormalizerSpec {
    var charsmap: [UInt8] = []
    var charsmapOffset = 0
    var addDummyPrefix = true
    var removeExtraWhitespaces = true
    var escapeWhitespaces = true
  }
  /// The kind of model: `model_type`.
  enum Algorithm: UInt64 {
    case unigram = 1
    case bpe = 2
    case word = 3
    case char = 4
  }

  private(set) var pieces: [Piece] = []
  private(set) var normalizer = NormalizerSpec()
  private(set) var denormalizer: NormalizerSpec?
  private(set) var algorithm = Algorithm.unigram
  private(set) var whitespaceAsSuffix = false
  private(set) var byteFallback = false
  private(set) var unknownSurface = Array(" \u{2047} ".utf8)
  /// The spellings of the pieces with a role; an empty one in the file means these.
  private(set) var unknownPiece = "<unk>"
  private(set) var bosPiece = "<s>"
  private(set) var eosPiece = "</s>"
  private(set) var padPiece = "<pad>"

  /// Longer pieces are refused, as SentencePiece refuses them; it makes pieces of 16 characters by
  /// default.
  static let maximumPieceBytes = 7999

  init(_ bytes: UnsafeRawBufferPointer) throws(DSXError) {
    var fields = ProtobufFields(bytes)
    while let (number, value) = try fields.next() {
      guard case .bytes(let content, let offset) = value else { continue }
      switch number {
      case 1: try addPiece(content, offset)
      case 2: try readTrainer(content, offset)
      case 3: try Self.read(content, offset, into: &normalizer)
      case 5:
        var spec = denormalizer ?? NormalizerSpec()
        try Self.read(content, offset, into: &spec)
        denormalizer = spec
      default: break
      }
    }
    try refuseZeros()
    guard !pieces.isEmpty else {
      throw DSXError(
        .malformed, "no SentencePiece vocabulary: the file holds no pieces",
        hint: "give the .model file that spm_train wrote, not the .vocab file")
    }
  }

  /// A zero byte in a piece is an error, but for a piece of one zero byte that nothing uses: some
  /// converters write it, and byte fallback makes it unused.
  private mutating func refuseZeros() throws(DSXError) {
    for index in pieces.indices where pieces[index].text.contains(0) {
      let isLone = pieces[index].text.count == 1
      if isLone, byteFallback { pieces[index].kind = .unused }
      guard isLone, pieces[index].kind == .unused else {
        throw DSXError(
          .malformed, "piece \(index) holds a zero byte", byte: pieces[index].offset)
      }
    }
  }

  private mutating func addPiece(_ content: UnsafeRawBufferPointer, _ base: Int) throws(DSXError) {
    var piece = Piece(offset: base)
    var fields = ProtobufFields(content, base: base)
    while let (number, value) = try fields.next() {
      switch (number, value) {
      case (1, .bytes(let text, let offset)):
        guard UTF8Validation.firstInvalid(text) == nil else {
          throw DSXError(.malformed, "piece \(pieces.count) is not valid UTF-8", byte: offset)
        }
        piece.text = Array(text)
      case (2, .fixed32(let bits)): piece.score = Float(bitPattern: bits)
      case (3, .varint(let type)):
        guard let kind = Kind(rawValue: type) else {
          throw DSXError(.malformed, "piece \(pieces.count) has unknown type \(type)", byte: base)
        }
        piece.kind = kind
      case (1...3, _):
        throw DSXError(
          .malformed, "field \(number) of piece \(pieces.count) has the wrong type", byte: base)
      default: break
      }
    }
    guard !piece.text.isEmpty else {
      throw DSXError(.malformed, "piece \(pieces.count) is empty", byte: base)
    }
    guard piece.score.isFinite else {
      throw DSXError(.malformed, "the score of piece \(pieces.count) is not finite", byte: base)
    }
    guard piece.text.count <= Self.maximumPieceBytes else {
      throw DSXError(
        .unsupported,
        "piece \(pieces.count) is longer than \(Self.maximumPieceBytes) bytes", byte: base)
    }
    guard pieces.count < 1 << 24 else {
      throw DSXError(.unsupported, "more than \(1 << 24) pieces", byte: base)
    }
    pieces.append(piece)
  }

  private mutating func readTrainer(_ content: UnsafeRawBufferPointer, _ base: Int)
    throws(DSXError)
  {
    var fields = ProtobufFields(content, base: base)
    while let (number, value) = try fields.next() {
      switch (number, value) {
      case (3, .varint(let type)):
        guard let known = Algorithm(rawValue: type) else {
          throw DSXError(.malformed, "unknown model type \(type)", byte: base)
        }
        algorithm = known
      case (24, .varint(let flag)): whitespaceAsSuffix = flag != 0
      case (35, .varint(let flag)): byteFallback = flag != 0
      case (44...48, .bytes(let text, let offset)):
        guard UTF8Validation.firstInvalid(text) == nil else {
          throw DSXError(
            .malformed, "field \(number) of the trainer's settings is not valid UTF-8", byte: offset
          )
        }
        setText(number, text)
      default: break
      }
    }
  }

  private mutating func setText(_ field: Int, _ text: UnsafeRawBufferPointer) {
    if field == 44 {
      unknownSurface = Array(text)
      return
    }
    guard !text.isEmpty else { return }
    let name = String(decoding: text, as: UTF8.self)
    switch field {
    case 45: unknownPiece = name
    case 46: bosPiece = name
    case 47: eosPiece = name
    default: padPiece = name
    }
  }

  private static func read(
    _ content: UnsafeRawBufferPointer, _ base: Int, into spec: inout NormalizerSpec
  ) throws(DSXError) {
    var fields = ProtobufFields(content, base: base)
    while let (number, value) = try fields.next() {
      switch (number, value) {
      case (2, .bytes(let map, let offset)):
        spec.charsmap = Array(map)
        spec.charsmapOffset = offset
      case (3, .varint(let flag)): spec.addDummyPrefix = flag != 0
      case (4, .varint(let flag)): spec.removeExtraWhitespaces = flag != 0
      case (5, .varint(let flag)): spec.escapeWhitespaces = flag != 0
      default: break
      }
    }
  }
}
