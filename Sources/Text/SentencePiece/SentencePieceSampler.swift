public import DSXCore
internal import Glibc

/// Subword regularisation: pieces by chance instead of the best ones. One sampler works on one thread;
/// the same seed and the same texts in the same order give the same ids everywhere.
///
/// | model | `best` | what is drawn |
/// | --- | --- | --- |
/// | unigram | negative | a path of all, with a probability proportional to `exp(alpha * score)` |
/// | unigram | 0 or 1 | nothing: the best path |
/// | unigram | 2 to 512 | one of the n best paths, likewise |
/// | BPE | any | merges are skipped with probability `alpha` (BPE dropout) |
///
/// The rules are those of `SentencePieceProcessor.SampleEncode` in SentencePiece 0.2.3; the random
/// numbers are those of PCG64.
public struct SentencePieceSampler {
  private let tokenizer: SentencePieceTokenizer
  private let alpha: Float
  private let best: Int
  private var random: PCG64
  private var encoder: SentencePieceEncoder

  /// The most paths to choose from.
  public static let maximumBest = 512

  /// A sampler. Throws `usage` for word and char models, which have one way only, for an `alpha` that is
  /// negative or not finite, and for `best` above 512.
  public init(_ tokenizer: SentencePieceTokenizer, alpha: Float, best: Int = -1, seed: UInt64)
    throws(DSXError)
  {
    guard tokenizer.kind == .unigram || tokenizer.kind == .bpe else {
      throw DSXError(
        .usage, "a SentencePiece model of type '\(tokenizer.kind.rawValue)' cannot sample",
        hint: "only unigram and bpe models have more than one way to take a text apart")
    }
    guard alpha.isFinite, alpha >= 0 else {
      throw DSXError(.usage, "alpha is \(alpha)", hint: "alpha is 0 or more")
    }
    guard best <= Self.maximumBest else {
      throw DSXError(.usage, "\(best) paths to sample from are too many", hint: "at most 512")
    }
    self.tokenizer = tokenizer
    self.alpha = alpha
    self.best = best
    random = PCG64(seed: seed)
    encoder = SentencePieceEncoder(tokenizer)
  }

  /// The ids of one way to take `text` apart.
  public mutating func sample(_ text: String) -> [Int32] {
    var text = text
    return text.withUTF8 { tokens(UnsafeRawBufferPointer($0)) }.map(\.id)
  }

  /// The same as tokens with pieces and places, of valid UTF-8.
  public mutating func tokens(_ text: UnsafeRawBufferPointer) -> [SentencePieceToken] {
    let (normalized, origins) = tokenizer.normalizer.aligned(text)
    let ids = normalized.withUnsafeBytes { raw($0) }
    return tokenizer.tokens(normalized, origins, ids)
  }

  private mutating func raw(_ text: UnsafeRawBufferPointer) -> [Int32] {
    var ids: [Int32] = []
    encoder.isRaw = true
    switch tokenizer.algorithm {
    case .bpe(let vocabulary):
      encoder.encode(
        normalized: text, vocabulary, dropout: Double(alpha), &random, into: &ids)
    case .unigram(let vocabulary):
      if best < 0 {
        return UnigramLattice(text, vocabulary).sample(alpha, &random)
      }
      if best <= 1 {
        encoder.encode(normalized: text, into: &ids)
        return ids
      }
      guard !text.isEmpty else { return [] }
      var lattice = UnigramLattice(text, vocabulary)
      let paths = lattice.best(best)
      let scores = paths.map { Double(alpha * $0.score) }
      let highest = scores.max() ?? 0
      ids = paths[UnigramLattice.draw(scores.map { exp($0 - highest) }, &random)].ids
    case .word, .char: encoder.encode(normalized: text, into: &ids)
    }
    return ids
  }
}

extension SentencePieceTokenizer {
  /// The ids of one way to take a text apart by chance, see `SentencePieceSampler`.
  public func sample(_ text: String, seed: UInt64, alpha: Float, best: Int = -1) throws(DSXError)
    -> [Int32]
  {
    var sampler = try SentencePieceSampler(self, alpha: alpha, best: best, seed: seed)
    return sampler.sample(text)
  }

  /// The `count` best ways to take a text apart with their scores, best first: `NBestEncode` of
  /// unigram models. `count` is 1 to 512; the only one of 1 has score 0, as in the library. Throws `usage`
  /// for other models and counts.
  public func best(_ count: Int, of text: String) throws(DSXError) -> [(
    tokens: [SentencePieceToken], score: Float
  )] {
    guard case .unigram(let vocabulary) = algorithm else {
      throw DSXError(.usage, "a SentencePiece model of type '\(kind.rawValue)' has no n-best list")
    }
    guard count >= 1, count <= SentencePieceSampler.maximumBest else {
      throw DSXError(.usage, "\(count) paths cannot be listed", hint: "1 to 512")
    }
    var text = text
    let (normalized, origins) = text.withUTF8 { normalizer.aligned(UnsafeRawBufferPointer($0)) }
    guard count > 1, !normalized.isEmpty else { return [(tokens(text), 0)] }
    var lattice = normalized.withUnsafeBytes { UnigramLattice($0, vocabulary) }
    return lattice.best(count).map { (tokens(normalized, origins, $0.ids), $0.score) }
  }
}
