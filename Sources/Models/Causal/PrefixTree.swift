/// Sequences as a tree of token runs: what several of them begin with is there once.
///
/// Nodes are in preorder, so a node's rows and those of all that continue it lie one after the other.
struct PrefixTree {
  struct Node {
    /// A sequence that goes through the node.
    let sequence: Int
    /// The node's tokens, as positions in that sequence.
    let tokens: Range<Int>
    /// The node before it, or nil at the root.
    let parent: Int?
    /// One past the last node that continues it.
    fileprivate(set) var end: Int
    /// Tokens of the node and of all that continue it.
    fileprivate(set) var rows: Int
  }

  /// Shared runs of fewer tokens are computed for each sequence: pieces cost more than they save.
  static let minimumShared = 2

  private(set) var nodes: [Node] = []
  /// For each sequence the node that holds its last token; -1 for a sequence that ends at `start`.
  private(set) var leaves: [Int]

  /// The tree of `sequences`, of each its first `lengths` tokens, from position `start` on, which all
  /// have in common before. Without `shares` every sequence is a root of its own.
  ///
  /// The order of the nodes depends on the tokens and the order of the sequences only. Roughly
  /// O(tokens log sequences).
  init(_ sequences: [[Int32]], lengths: [Int], start: Int = 0, shares: Bool = true) {
    leaves = [Int](repeating: -1, count: sequences.count)
    let live = sequences.indices.filter { lengths[$0] > start }
    if shares {
      build(sequences, lengths, Self.sorted(sequences, lengths, live, start), start)
    } else {
      for index in live { add(index, start..<lengths[index], parent: nil, for: [index]) }
    }
    close()
  }

  /// The live sequences in the order of their tokens, equal ones and prefixes by length and number.
  private static func sorted(
    _ sequences: [[Int32]], _ lengths: [Int], _ live: [Int], _ start: Int
  ) -> [Int] {
    live.sorted { left, right in
      let shared = common(sequences[left], lengths[left], sequences[right], lengths[right], start)
      if shared < lengths[left], shared < lengths[right] {
        return sequences[left][shared] < sequences[right][shared]
      }
      return (lengths[left], left) < (lengths[right], right)
    }
  }

  /// The length of what two sequences begin with.
  static func common(
    _ left: [Int32], _ leftLength: Int, _ right: [Int32], _ rightLength: Int, _ start: Int = 0
  ) -> Int {
    let limit = min(leftLength, rightLength)
    return left.withUnsafeBufferPointer { left in
      right.withUnsafeBufferPointer { right in
        var index = start
        while index < limit, left[index] == right[index] { index += 1 }
        return index
      }
    }
  }

  /// A run of sorted sequences that agree up to `depth`, below `parent`.
  private struct Part {
    let range: Range<Int>
    let depth: Int
    let parent: Int?
  }

  private mutating func build(
    _ sequences: [[Int32]], _ lengths: [Int], _ order: [Int], _ start: Int
  ) {
    guard !order.isEmpty else { return }
    let shared = zip(order, order.dropFirst()).map {
      Self.common(sequences[$0], lengths[$0], sequences[$1], lengths[$1], start)
    }
    var parts = [Part(range: 0..<order.count, depth: start, parent: nil)]
    while let part = parts.popLast() {
      let first = order[part.range.lowerBound]
      // What all of them have in common; of a single one, all.
      let inner = shared[part.range.lowerBound..<part.range.upperBound - 1]
      let end = inner.min() ?? lengths[first]
      var (depth, parent) = (part.depth, part.parent)
      if part.range.count == 1 || end - depth >= Self.minimumShared {
        let ending = part.range.map { order[$0] }.filter { lengths[$0] == end }
        parent = add(first, depth..<end, parent: part.parent, for: ending)
        depth = end
      }
      if part.range.count == 1 { continue }
      // The next parts, the first one on top.
      var bounds = [part.range.lowerBound]
      for index in inner.indices where inner[index] == end { bounds.append(index + 1) }
      bounds.append(part.range.upperBound)
      for index in stride(from: bounds.count - 2, through: 0, by: -1) {
        let range = bounds[index]..<bounds[index + 1]
        // Those that end with this node need no node of their own.
        if range.count == 1, lengths[order[range.lowerBound]] == depth { continue }
        parts.append(Part(range: range, depth: depth, parent: parent))
      }
    }
  }

  @discardableResult
  private mutating func add(_ sequence: Int, _ tokens: Range<Int>, parent: Int?, for ending: [Int])
    -> Int
  {
    nodes.append(
      Node(
        sequence: sequence, tokens: tokens, parent: parent, end: nodes.count + 1,
        rows: tokens.count))
    for index in ending { leaves[index] = nodes.count - 1 }
    return nodes.count - 1
  }

  /// Sums what continues each node.
  private mutating func close() {
    for index in nodes.indices.reversed() {
      guard let parent = nodes[index].parent else { continue }
      nodes[parent].rows += nodes[index].rows
      nodes[parent].end = max(nodes[parent].end, nodes[index].end)
    }
  }
}
