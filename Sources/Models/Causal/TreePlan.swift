/// The rows of a job with what each of them sees: a `RowPlan` over a prefix tree.
struct TreePlan {
  private(set) var rows = RowPlan()
  /// For each of the job's nodes its first row, in the order of the job.
  private(set) var firstRows: [Int] = []

  /// A node whose rows are too few for a block of their own joins its neighbours up to so many rows.
  private static let joinedRows = 64

  private let joinsNodes: Bool

  /// - Parameters:
  ///   - past: what all sequences of the tree see before its first token.
  ///   - kept: the runs of nodes; those in the job are filled by the pass, others are read.
  ///   - joinsNodes: off, what a node's rows round to does not depend on its neighbours.
  init(
    _ tree: PrefixTree, _ job: PassJob, past: [KeySpan], kept: [Int: KeyValueRun],
    joinsNodes: Bool = true
  ) {
    self.joinsNodes = joinsNodes
    var places: [Int: Int] = [:]
    var next = 0
    for node in job.nodes {
      places[node] = firstRows.count
      firstRows.append(next)
      for position in tree.nodes[node].tokens { rows.addPosition(position) }
      if let run = kept[node] {
        rows.keep(next..<next + tree.nodes[node].tokens.count, in: run, at: 0)
      }
      next += tree.nodes[node].tokens.count
    }
    var index = 0
    while index < job.nodes.count {
      index = addBlocks(tree, job, index, past, places, kept)
    }
  }

  /// The nodes from the root to the one before `node`; first those that are kept, then those of the job.
  private static func ancestors(_ tree: PrefixTree, _ node: Int, _ places: [Int: Int])
    -> (kept: [Int], inside: [Int])
  {
    var (kept, inside): ([Int], [Int]) = ([], [])
    var current = tree.nodes[node].parent
    while let ancestor = current {
      if places[ancestor] == nil { kept.append(ancestor) } else { inside.append(ancestor) }
      current = tree.nodes[ancestor].parent
    }
    return (kept.reversed(), inside.reversed())
  }

  /// Blocks for the node at `index`, or for it and its neighbours; gives the next node's index.
  private mutating func addBlocks(
    _ tree: PrefixTree, _ job: PassJob, _ index: Int, _ past: [KeySpan], _ places: [Int: Int],
    _ kept: [Int: KeyValueRun]
  ) -> Int {
    let node = job.nodes[index]
    let (outside, inside) = Self.ancestors(tree, node, places)
    var keys = past
    for ancestor in outside {
      if let run = kept[ancestor] { keys.append(run.span(tree.nodes[ancestor].tokens.count)) }
    }
    for ancestor in inside {
      guard let place = places[ancestor] else { continue }
      keys.append(
        KeySpan(place: .rows(firstRows[place]), count: tree.nodes[ancestor].tokens.count))
    }
    let before = keys.reduce(0) { $0 + $1.count }
    let count = tree.nodes[node].tokens.count
    let end = joined(tree, job, index, places, inside)
    guard end > index + 1 else {
      addNode(firstRows[index], count, keys, before)
      return index + 1
    }
    addJoined(tree, job, index..<end, keys, before, places, inside)
    return end
  }

  /// A node alone: blocks of its rows, each seeing what is before and itself.
  private mutating func addNode(_ first: Int, _ count: Int, _ keys: [KeySpan], _ before: Int) {
    for start in stride(from: 0, to: count, by: RowPlan.blockRows) {
      let end = min(start + RowPlan.blockRows, count)
      rows.addBlock(
        first + start..<first + end, keys + [KeySpan(place: .rows(first), count: end)],
        .causal(first: before + start + 1))
    }
  }

  /// One past the last node that joins the one at `index` in a block, as long as there is room.
  private func joined(
    _ tree: PrefixTree, _ job: PassJob, _ index: Int, _ places: [Int: Int], _ inside: [Int]
  ) -> Int {
    let first = tree.nodes[job.nodes[index]]
    guard joinsNodes, first.tokens.count < Self.joinedRows else { return index + 1 }
    var total = first.tokens.count
    var end = index + 1
    while end < job.nodes.count {
      let node = tree.nodes[job.nodes[end]]
      guard total + node.tokens.count <= RowPlan.blockRows, node.tokens.count < Self.joinedRows
      else { break }
      // Neighbours see what the block's first node sees, or part of what is inside of the job.
      if node.parent != first.parent {
        guard let parent = node.parent, let place = places[parent] else { break }
        guard place >= index || inside.contains(parent) else { break }
      }
      total += node.tokens.count
      end += 1
    }
    return end
  }

  /// One block over several nodes: each row sees its own ancestors only.
  private mutating func addJoined(
    _ tree: PrefixTree, _ job: PassJob, _ nodes: Range<Int>, _ keys: [KeySpan], _ before: Int,
    _ places: [Int: Int], _ inside: [Int]
  ) {
    let first = firstRows[nodes.lowerBound]
    var last = first
    // The columns of the outer ancestors: kept ones and the past are seen by all.
    var columns: [Int: Range<Int>] = [:]
    var column = before
    for ancestor in inside.reversed() {
      let count = tree.nodes[ancestor].tokens.count
      columns[ancestor] = column - count..<column
      column -= count
    }
    let common = 0..<column
    var start: Int?
    for index in nodes {
      let node = job.nodes[index]
      let count = tree.nodes[node].tokens.count
      let own = before + firstRows[index] - first
      columns[node] = own..<own + count
      var visible = [common]
      for ancestor in Self.ancestors(tree, node, places).inside {
        if let range = columns[ancestor] { Self.append(range, to: &visible) }
      }
      for row in 0..<count {
        var ranges = visible
        Self.append(own..<own + row + 1, to: &ranges)
        let at = rows.addRanges(ranges.filter { !$0.isEmpty })
        if start == nil { start = at }
      }
      last = firstRows[index] + count
    }
    rows.addBlock(
      first..<last, keys + [KeySpan(place: .rows(first), count: last - first)],
      .ranges(start ?? 0))
  }

  private static func append(_ range: Range<Int>, to ranges: inout [Range<Int>]) {
    if let last = ranges.last, last.upperBound == range.lowerBound {
      ranges[ranges.count - 1] = last.lowerBound..<range.upperBound
    } else {
      ranges.append(range)
    }
  }
}
