internal import DSXCore

/// BPE over bytes: GPT-2, Llama 3, Qwen, tiktoken. The vocabulary spells bytes in GPT-2's alphabet; the
/// text is taken as it is.
final class ByteBPEModel: Sendable {
  /// Spellings in the byte alphabet.
  let vocabulary: PieceVocabulary
  /// Whether a piece that is in the vocabulary as a whole takes that id without merging.
  let ignoresMerges: Bool
  let merges: MergeTable
  private let byteIDs: [Int32]
  /// How many bytes each id stands for.
  private let lengths: [Int32]

  /// nil when a byte has no piece: then text is lost or unknown, and characters have to be looked at.
  init?(_ vocabulary: PieceVocabulary, _ merges: MergeTable, ignoresMerges: Bool) {
    self.vocabulary = vocabulary
    self.merges = merges
    self.ignoresMerges = ignoresMerges
    byteIDs = (UInt8.min...UInt8.max).map { vocabulary.id(of: ByteAlphabet.spell([$0])) ?? -1 }
    guard !byteIDs.contains(-1) else { return nil }
    lengths = (0..<Int32(vocabulary.size)).map { id in
      var count: Int32 = 0
      for byte in vocabulary.utf8(id) ?? [] where byte & 0xc0 != 0x80 { count += 1 }
      return count
    }
  }

  /// Appends the ids of a piece.
  @inline(__always)
  func encode(
    _ piece: UnsafeRawBufferPointer, _ scratch: inout ModelScratch, into ids: inout [Int32]
  ) {
    if piece.count == 1 {
      ids.append(byteIDs[Int(piece[0])])
      return
    }
    let isCached = piece.count <= PieceCache.longestPiece
    let hash = isCached ? PieceCache.hash(piece) : 0
    if isCached, scratch.cache.find(piece, hash, into: &ids) { return }
    encodeFresh(piece, hash, isCached, &scratch, into: &ids)
  }

  @inline(never)
  private func encodeFresh(
    _ piece: UnsafeRawBufferPointer, _ hash: UInt64, _ isCached: Bool,
    _ scratch: inout ModelScratch,
    into ids: inout [Int32]
  ) {
    merge(piece, &scratch)
    if isCached { scratch.cache.insert(piece, hash, scratch.symbols) }
    ids.append(contentsOf: scratch.symbols)
  }

  private func merge(_ piece: UnsafeRawBufferPointer, _ scratch: inout ModelScratch) {
    scratch.symbols.removeAll(keepingCapacity: true)
    if ignoresMerges, let id = vocabulary.id(of: ByteAlphabet.spell(piece)) {
      scratch.symbols.append(id)
      return
    }
    for byte in piece { scratch.symbols.append(byteIDs[Int(byte)]) }
    scratch.merger.merge(&scratch.symbols)
  }

  /// Appends the tokens of a piece.
  func tokenize(
    _ piece: UnsafeRawBufferPointer, _ scratch: inout ModelScratch, into tokens: inout [ModelToken]
  ) {
    merge(piece, &scratch)
    var start = 0
    for id in scratch.symbols {
      let end = start + Int(lengths[Int(id)])
      tokens.append(ModelToken(id: id, start: start, end: end))
      start = end
    }
  }
}
