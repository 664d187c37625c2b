/// Where the answers of a batch go: one slot for each scored id, requests one after the other.
struct Slots {
  private let starts: [Int]
  /// Slots of the whole batch.
  let count: Int

  init(_ requests: [LikelihoodRequest]) {
    var starts: [Int] = []
    var total = 0
    for request in requests {
      starts.append(total)
      total += request.scored.count
    }
    starts.append(total)
    self.starts = starts
    count = total
  }

  func range(_ request: Int) -> Range<Int> { starts[request]..<starts[request + 1] }
}

/// Which rows of a prefix tree need logits, and of which words.
struct WantedRows {
  private struct Want {
    let offset: Int
    let word: Int32
    let slot: Int
  }

  /// By node, in the order of the offsets.
  private var wants: [[Want]]
  /// Rows that need logits.
  private(set) var count = 0

  init(
    _ requests: [LikelihoodRequest], _ lengths: [Int], _ tree: PrefixTree, _ slots: Slots
  ) {
    wants = Array(repeating: [], count: tree.nodes.count)
    for (index, request) in requests.enumerated() where lengths[index] > 0 {
      // From the last scored id back to the first, and from the leaf towards the root.
      var node = tree.leaves[index]
      for position in request.scored.reversed() {
        let row = position - 1
        while node >= 0, tree.nodes[node].tokens.lowerBound > row {
          node = tree.nodes[node].parent ?? -1
        }
        guard node >= 0 else { break }
        wants[node].append(
          Want(
            offset: row - tree.nodes[node].tokens.lowerBound, word: request.ids[position],
            slot: slots.range(index).lowerBound + position - request.scored.lowerBound))
      }
    }
    for node in wants.indices {
      wants[node].sort { ($0.offset, $0.slot) < ($1.offset, $1.slot) }
      count += Self.rows(wants[node])
    }
  }

  private static func rows(_ wants: [Want]) -> Int {
    var (count, last) = (0, -1)
    for want in wants where want.offset != last {
      count += 1
      last = want.offset
    }
    return count
  }

  /// The rows of a job's pass that need logits, rising, and the words wanted of each.
  func select(_ job: PassJob, _ tree: PrefixTree, _ plan: TreePlan)
    -> (rows: [Int], targets: [VocabularyHead.Target])
  {
    var rows: [Int] = []
    var targets: [VocabularyHead.Target] = []
    for (index, node) in job.nodes.enumerated() {
      for want in wants[node] {
        let row = plan.firstRows[index] + want.offset
        if rows.last != row { rows.append(row) }
        targets.append(
          VocabularyHead.Target(row: rows.count - 1, word: want.word, slot: want.slot))
      }
    }
    return (rows, targets)
  }
}
