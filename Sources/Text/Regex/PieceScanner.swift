/// The splitting patterns of well-known models, scanned by hand.
///
/// All of them match everywhere: a text is cut into matches without gaps. A test compares each with the
/// pattern itself on random text.
enum PieceScanner: Sendable {
  /// GPT-2.
  case gpt2(GPT2Splitter)
  /// Llama 3, Qwen, tiktoken's cl100k.
  case cl100k(CL100KSplitter)

  /// GPT-2's pattern.
  static let gpt2Pattern =
    #"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+"#

  /// The scanner of a pattern; nil for one that has none.
  init?(pattern: String) {
    if pattern == Self.gpt2Pattern {
      self = .gpt2(GPT2Splitter())
    } else if let splitter = CL100KSplitter(pattern: pattern) {
      self = .cl100k(splitter)
    } else {
      return nil
    }
  }

  /// The end of the piece that starts at `start` (`start < text.count`).
  @inline(__always)
  func pieceEnd(_ text: UnsafeRawBufferPointer, from start: Int) -> Int {
    switch self {
    case .gpt2(let splitter): splitter.pieceEnd(text, from: start)
    case .cl100k(let splitter): splitter.pieceEnd(text, from: start)
    }
  }
}
