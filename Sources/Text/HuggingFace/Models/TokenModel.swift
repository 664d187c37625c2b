/// The model of a tokenizer: pieces of text to ids.
enum TokenModel: Sendable {
  /// BPE on bytes; the last pre-tokenizer or normalizer was ByteLevel, which is left out.
  case bytes(ByteBPEModel)
  case bytePair(BytePairModel)
  case wordPiece(WordPieceModel)
  case unigram(UnigramModel)
  case wordLevel(WordLevelModel)

  var vocabulary: PieceVocabulary {
    switch self {
    case .bytes(let model): model.vocabulary
    case .bytePair(let model): model.vocabulary
    case .wordPiece(let model): model.vocabulary
    case .unigram(let model): model.vocabulary
    case .wordLevel(let model): model.vocabulary
    }
  }

  /// Its name in `tokenizer.json`.
  var name: String {
    switch self {
    case .bytes, .bytePair: "BPE"
    case .wordPiece: "WordPiece"
    case .unigram: "Unigram"
    case .wordLevel: "WordLevel"
    }
  }
}

/// A model with the scratch space and the cache of one thread.
struct ModelEncoder {
  private let model: TokenModel
  private var scratch: ModelScratch

  init(_ model: TokenModel) {
    self.model = model
    switch model {
    case .bytes(let model): scratch = ModelScratch(model.merges)
    case .bytePair(let model): scratch = ModelScratch(model.merges)
    default: scratch = ModelScratch(MergeTable([]))
    }
  }

  /// Appends the ids of a piece.
  @inline(__always)
  mutating func encode(_ piece: UnsafeRawBufferPointer, into ids: inout [Int32]) {
    switch model {
    case .bytes(let model): model.encode(piece, &scratch, into: &ids)
    case .bytePair(let model): model.encode(piece, &scratch, into: &ids)
    default: encodeOther(piece, into: &ids)
    }
  }

  private mutating func encodeOther(_ piece: UnsafeRawBufferPointer, into ids: inout [Int32]) {
    let isCached = piece.count > 4 && piece.count <= PieceCache.longestPiece
    let hash = isCached ? PieceCache.hash(piece) : 0
    if isCached, scratch.cache.find(piece, hash, into: &ids) { return }
    scratch.tokens.removeAll(keepingCapacity: true)
    switch model {
    case .wordPiece(let model): model.tokenize(piece, into: &scratch.tokens)
    case .wordLevel(let model): model.tokenize(piece, into: &scratch.tokens)
    default:
      var tokens = scratch.tokens
      scratch.tokens = []
      tokenize(piece, into: &tokens)
      scratch.tokens = tokens
    }
    if isCached {
      scratch.symbols.removeAll(keepingCapacity: true)
      for token in scratch.tokens { scratch.symbols.append(token.id) }
      scratch.cache.insert(piece, hash, scratch.symbols)
    }
    for token in scratch.tokens { ids.append(token.id) }
  }

  /// Appends the tokens of a piece.
  mutating func tokenize(_ piece: UnsafeRawBufferPointer, into tokens: inout [ModelToken]) {
    switch model {
    case .bytes(let model): model.tokenize(piece, &scratch, into: &tokens)
    case .bytePair(let model): model.tokenize(piece, &scratch, into: &tokens)
    case .wordPiece(let model): model.tokenize(piece, into: &tokens)
    case .unigram(let model): model.tokenize(piece, &scratch, into: &tokens)
    case .wordLevel(let model): model.tokenize(piece, into: &tokens)
    }
  }
}
