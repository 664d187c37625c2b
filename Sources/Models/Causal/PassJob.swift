/// What one worker computes in one pass: nodes of a prefix tree.
struct PassJob {
  /// Nodes in preorder. The parent of each is in the same job, or kept by a job of an earlier level.
  var nodes: [Int] = []
  /// Their tokens together.
  var rows = 0

  /// The jobs of a tree, by level: those of one level may run at once, each level needs those before.
  ///
  /// Composed from the tree and the row budget alone, never from the number of workers: a pass's
  /// rows decide on the last bits of its results.
  static func compose(_ tree: PrefixTree, budget: Int) -> (levels: [[PassJob]], kept: Set<Int>) {
    /// A whole subtree, or a node whose continuations are jobs of the next level.
    struct Unit {
      let nodes: Range<Int>
      let rows: Int
    }
    var units: [[Unit]] = []
    var kept = Set<Int>()
    var open: [(node: Int, level: Int)] = []
    var node = 0
    while node < tree.nodes.count {
      // The level of a node is one more than that of the kept node that it continues.
      while let last = open.last, tree.nodes[last.node].end <= node { open.removeLast() }
      let level = open.last.map { $0.level + 1 } ?? 0
      while units.count <= level { units.append([]) }
      let here = tree.nodes[node]
      if here.rows <= budget || here.end == node + 1 {
        units[level].append(Unit(nodes: node..<here.end, rows: here.rows))
        node = here.end
      } else {
        units[level].append(Unit(nodes: node..<node + 1, rows: here.tokens.count))
        kept.insert(node)
        open.append((node, level))
        node += 1
      }
    }
    let levels = units.map { units in
      let total = units.reduce(0) { $0 + $1.rows }
      let target = Self.target(total, budget: budget)
      var jobs: [PassJob] = []
      var job = PassJob()
      for unit in units {
        if !job.nodes.isEmpty, job.rows + unit.rows / 2 > target || job.rows + unit.rows > budget {
          jobs.append(job)
          job = PassJob()
        }
        job.nodes += unit.nodes
        job.rows += unit.rows
      }
      if !job.nodes.isEmpty { jobs.append(job) }
      return jobs
    }
    return (levels, kept)
  }

  /// Rows of a job, so that jobs are about equal; two of them rather than one where each is still
  /// large enough for quick matrix products.
  private static func target(_ total: Int, budget: Int) -> Int {
    let pieces = max((total + budget - 1) / budget, total >= budget / 2 ? 2 : 1)
    return max(1, (total + pieces - 1) / pieces)
  }
}
