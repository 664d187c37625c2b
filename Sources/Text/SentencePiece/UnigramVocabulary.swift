internal import DSXCore

/// A SentencePiece unigram model in the form that encoding needs: a trie of pieces over
/// `CharacterSymbols`, and the scores as SentencePiece uses them.
final class UnigramVocabulary: Sendable {
  let pieces: PieceTable
  /// The characters as symbols.
  let characters: CharacterSymbols
  /// The score of each piece when it is encoded: user-defined ones get 0.1 for each byte but the first,
  /// which beats every logarithm of a probability.
  let scores: FlatTable<Float>
  /// The same for lattices, where 0.1 counts for each character but the first.
  let latticeScores: [Float]
  /// The score of each symbol that stands alone, the unknown ones included.
  let symbolScores: FlatTable<Float>
  /// The score of a character that is no piece: 10 below the worst ordinary piece.
  let unknownScore: Float
  /// Number of characters of the longest piece.
  let longest: Int

  // (node, symbol) to node, open addressing; keys are stored plus one. Node 0 is the root.
  private let edgeKeys: FlatTable<UInt64>
  private let edgeNodes: FlatTable<Int32>
  /// The piece that ends in each node, -1 for none.
  private let nodePieces: FlatTable<Int32>

  init(_ pieces: PieceTable) throws(DSXError) {
    self.pieces = pieces
    let characters = CharacterSymbols(pieces)
    self.characters = characters
    var worst = Float.greatestFiniteMagnitude
    for id in 0..<pieces.count where pieces.kinds[id] == .normal {
      worst = min(worst, pieces.scores[id])
    }
    unknownScore = worst - 10

    var scores = pieces.scores
    var latticeScores = pieces.scores
    var edges = EdgeTable()
    var nodePieces: [Int32] = [-1]
    var longest = 1
    for id in 0..<Int32(pieces.count) where pieces.isOrdinary(id) {
      let kind = pieces.kinds[Int(id)]
      var node: Int32 = 0
      var length = 0
      for scalar in String(decoding: pieces.text(id), as: UTF8.self).unicodeScalars {
        length += 1
        let fresh = Int32(nodePieces.count)
        node = edges.insert(node, characters.symbol(scalar.value), fresh)
        if node == fresh { nodePieces.append(-1) }
      }
      longest = max(longest, length)
      if kind != .unused { nodePieces[Int(node)] = id }
      if kind == .userDefined {
        scores[Int(id)] = Self.userDefinedScore(pieces.byteCount(id))
        latticeScores[Int(id)] = Self.userDefinedScore(length)
      }
    }
    guard nodePieces.count > 1 else {
      throw DSXError(.malformed, "the unigram model has no pieces for text")
    }
    self.scores = FlatTable(scores)
    self.latticeScores = latticeScores
    let unknownScore = unknownScore
    symbolScores = FlatTable(
      (0..<characters.idOfSymbol.count).map {
        let id = characters.idOfSymbol[$0]
        return id < 0 ? unknownScore : scores[Int(id)]
      })
    self.longest = longest
    edgeKeys = FlatTable(edges.keys)
    edgeNodes = FlatTable(edges.nodes)
    self.nodePieces = FlatTable(nodePieces)
  }

  private static func userDefinedScore(_ length: Int) -> Float { Float(0.1 * Double(length - 1)) }

  /// Hands every piece that starts at `start` to `body`, shorter ones first: its id and its end.
  @inline(__always)
  func matches(
    _ symbols: UnsafeBufferPointer<Int32>, from start: Int, _ body: (Int32, Int) -> Void
  ) {
    let (keys, nodes, pieces) = (edgeKeys.base, edgeNodes.base, nodePieces.base)
    let mask = edgeKeys.count - 1
    var node: Int32 = 0
    var index = start
    while index < symbols.count, symbols[index] >= 0 {
      let key = EdgeTable.key(node, symbols[index])
      var slot = EdgeTable.slot(key) & mask
      while keys[slot] != key {
        if keys[slot] == 0 { return }
        slot = (slot + 1) & mask
      }
      node = nodes[slot]
      index += 1
      let piece = pieces[Int(node)]
      if piece >= 0 { body(piece, index) }
    }
  }
}

/// A growing hash table of a trie's edges: open addressing, at most half full.
private struct EdgeTable {
  private(set) var keys = [UInt64](repeating: 0, count: 1024)
  private(set) var nodes = [Int32](repeating: 0, count: 1024)
  private var used = 0

  @inline(__always)
  static func key(_ node: Int32, _ symbol: Int32) -> UInt64 {
    (UInt64(UInt32(bitPattern: node)) << 32 | UInt64(UInt32(bitPattern: symbol))) &+ 1
  }

  @inline(__always)
  static func slot(_ key: UInt64) -> Int {
    Int(truncatingIfNeeded: (key &* 0x9e37_79b9_7f4a_7c15) >> 24)
  }

  /// The node that the edge leads to, `fresh` when there was no such edge.
  mutating func insert(_ node: Int32, _ symbol: Int32, _ fresh: Int32) -> Int32 {
    if used * 2 >= keys.count { grow() }
    let key = Self.key(node, symbol)
    var slot = Self.slot(key) & (keys.count - 1)
    while keys[slot] != 0 {
      if keys[slot] == key { return nodes[slot] }
      slot = (slot + 1) & (keys.count - 1)
    }
    keys[slot] = key
    nodes[slot] = fresh
    used += 1
    return fresh
  }

  private mutating func grow() {
    let (oldKeys, oldNodes) = (keys, nodes)
    keys = [UInt64](repeating: 0, count: oldKeys.count * 2)
    nodes = [Int32](repeating: 0, count: oldKeys.count * 2)
    for (key, node) in zip(oldKeys, oldNodes) where key != 0 {
      var slot = Self.slot(key) & (keys.count - 1)
      while keys[slot] != 0 { slot = (slot + 1) & (keys.count - 1) }
      keys[slot] = key
      nodes[slot] = node
    }
  }
}
