internal import DSXCore
internal import Glibc

/// All the ways in which a unigram model can take one normalised text apart: for the best n of them and
/// for drawing one by chance. Float32 and in the order of SentencePiece, so that scores are the same.
struct UnigramLattice {
  /// A piece at a place. Node 0 is the start of the text, node 1 its end.
  struct Node {
    /// -1 for a character that is no piece.
    var id: Int32
    var position: Int32
    var score: Float
    var previous: Int32 = -1
    var sum: Float = 0
  }

  /// One way through: ids from left to right, -1 for a character that is no piece, and its score.
  struct Path {
    var ids: [Int32]
    var score: Float
  }

  let length: Int
  private(set) var nodes: [Node]
  /// The nodes that end at each place, in the order of their making.
  private(set) var ending: [[Int32]]
  private var starting: [[Int32]]

  init(_ text: UnsafeRawBufferPointer, _ vocabulary: UnigramVocabulary) {
    var symbols: [Int32] = []
    var index = 0
    while index < text.count {
      let (scalar, width) = SentencePieceEncoder.scalar(text, index)
      symbols.append(vocabulary.characters.symbol(scalar))
      index += width
    }
    let length = symbols.count
    self.length = length
    nodes = [
      Node(id: -1, position: 0, score: 0), Node(id: -1, position: Int32(length), score: 0),
    ]
    ending = Array(repeating: [], count: length + 1)
    starting = Array(repeating: [], count: length + 1)
    ending[0].append(0)
    starting[length].append(1)
    symbols.withUnsafeBufferPointer { symbols in
      for start in 0..<length {
        var hasSingle = false
        vocabulary.matches(symbols, from: start) { id, end in
          insert(id, start, end, vocabulary.latticeScores[Int(id)])
          if end == start + 1 { hasSingle = true }
        }
        if !hasSingle { insert(-1, start, start + 1, vocabulary.unknownScore) }
      }
    }
  }

  private mutating func insert(_ id: Int32, _ start: Int, _ end: Int, _ score: Float) {
    let node = Int32(nodes.count)
    nodes.append(Node(id: id, position: Int32(start), score: score))
    starting[start].append(node)
    ending[end].append(node)
  }

  /// The best path; fills in each node's best sum.
  mutating func best() -> Path {
    guard length > 0 else { return Path(ids: [], score: 0) }
    for place in 0...length {
      for right in starting[place] {
        var sum: Float = 0
        var best: Int32 = -1
        for left in ending[place] {
          let score = nodes[Int(left)].sum + nodes[Int(right)].score
          if best < 0 || score > sum {
            best = left
            sum = score
          }
        }
        nodes[Int(right)].previous = best
        nodes[Int(right)].sum = sum
      }
    }
    var ids: [Int32] = []
    var node = nodes[1].previous
    while node > 0 {
      ids.append(nodes[Int(node)].id)
      node = nodes[Int(node)].previous
    }
    return Path(ids: ids.reversed(), score: nodes[1].sum)
  }

  /// The logarithm of the sum of the probabilities of all paths up to each node.
  private func forward(_ alpha: Float) -> [Float] {
    var sums = [Float](repeating: 0, count: nodes.count)
    for place in 0...length {
      for right in starting[place] {
        for (number, left) in ending[place].enumerated() {
          let term = alpha * nodes[Int(left)].score + sums[Int(left)]
          sums[Int(right)] = number == 0 ? term : Self.logSum(sums[Int(right)], term)
        }
      }
    }
    return sums
  }

  private static func logSum(_ left: Float, _ right: Float) -> Float {
    let (low, high) = (min(left, right), max(left, right))
    if high > low + 50 { return high }
    return Float(Double(high) + log1p(exp(Double(low - high))))
  }

  /// One path by chance: its probability is proportional to `exp(alpha * score)`.
  func sample(_ alpha: Float, _ random: inout PCG64) -> [Int32] {
    guard length > 0 else { return [] }
    let sums = forward(alpha)
    var ids: [Int32] = []
    var node = 1
    while true {
      let left = ending[Int(nodes[node].position)]
      let weights = left.map {
        exp(Double(sums[Int($0)] + alpha * nodes[Int($0)].score - sums[node]))
      }
      node = Int(left[Self.draw(weights, &random)])
      if node == 0 { break }
      ids.append(nodes[node].id)
    }
    return ids.reversed()
  }

  /// An index by chance, with these weights; one uniform draw.
  static func draw(_ weights: [Double], _ random: inout PCG64) -> Int {
    let usable = weights.map { $0.isFinite && $0 > 0 ? $0 : 0 }
    let total = usable.reduce(0, +)
    var left = random.unit() * total
    guard total > 0, total.isFinite else {
      return Int(random.bounded(UInt32(clamping: max(weights.count, 1))))
    }
    for (index, weight) in usable.enumerated() where weight > 0 {
      left -= weight
      if left < 0 { return index }
    }
    return usable.lastIndex { $0 > 0 } ?? 0
  }
}
