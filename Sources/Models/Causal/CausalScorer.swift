internal import DSXCore

/// Scores batches of requests: what several of them begin with goes through the layers once (a prefix
/// tree), and what all of a batch begin with is kept for the next one.
final class CausalScorer: LikelihoodScorer {
  private let model: CausalModel
  private let options: ComputeOptions
  private(set) var tally = ComputeTally()
  /// What all requests of the last batch began with, and its keys and values.
  private var prefix = KeptPrefix()

  init(_ model: CausalModel, _ options: ComputeOptions) {
    self.model = model
    self.options = options
  }

  func score(_ requests: [LikelihoodRequest]) throws(DSXError) -> [Likelihoods] {
    for (index, request) in requests.enumerated() { try check(request, index) }
    // What follows the last scored id is never computed; a request without scored ids not at all.
    let lengths = requests.map { $0.scored.isEmpty ? 0 : $0.scored.upperBound - 1 }
    let slots = Slots(requests)
    let budget = try MemoryBudget(model.parts, options, longest: lengths.max() ?? 0)
    let start = options.sharesPrefixes ? reusable(requests, lengths) : 0
    let tree = PrefixTree(
      requests.map(\.ids), lengths: lengths, start: start, shares: options.sharesPrefixes)
    var (levels, keptNodes) = PassJob.compose(tree, budget: budget.rows)
    let trunk = trunk(tree, budget)
    if let trunk { keptNodes.insert(trunk) }
    var kept: [Int: KeyValueRun] = [:]
    for node in keptNodes {
      kept[node] = KeyValueRun(
        capacity: tree.nodes[node].tokens.count, configuration: model.parts.configuration,
        layers: model.parts.transformer.layers.count)
    }
    let wanted = WantedRows(requests, lengths, tree, slots)
    let scores = run(
      levels, tree, wanted, requests, kept, slots.count, workers: budget.workers(options.workers))
    tally.requestedTokens += lengths.reduce(0, +)
    tally.computedTokens += tree.nodes.reduce(0) { $0 + $1.tokens.count }
    tally.logitRows += wanted.count
    remember(trunk, tree, kept, start: start, requests)
    return try results(requests, slots, scores)
  }

  private func check(_ request: LikelihoodRequest, _ index: Int) throws(DSXError) {
    let context = model.parts.context
    guard request.ids.count >= 2, request.ids.count <= context + 1 else {
      throw DSXError(
        .usage,
        "sequence \(index) has \(request.ids.count) ids; this model takes 2 to \(context + 1)")
    }
    guard
      request.scored.lowerBound >= 1 && request.scored.upperBound <= request.ids.count
        || request.scored.isEmpty
    else {
      throw DSXError(
        .usage,
        "sequence \(index) of \(request.ids.count) ids cannot be scored at \(request.scored)",
        hint: "the first id has no probability of its own")
    }
    try model.check(request.ids, "sequence \(index)")
  }

  /// Positions that all requests share with the kept prefix, and of which no logits are wanted.
  private func reusable(_ requests: [LikelihoodRequest], _ lengths: [Int]) -> Int {
    var start = prefix.tokens.count
    for (index, request) in requests.enumerated() where lengths[index] > 0 {
      start = min(start, request.scored.lowerBound - 1)
      start = PrefixTree.common(request.ids, start, prefix.tokens, start)
    }
    return start
  }

  /// The tree's one root, where it is worth keeping: more batches may begin with it.
  private func trunk(_ tree: PrefixTree, _ budget: MemoryBudget) -> Int? {
    guard options.sharesPrefixes, let root = tree.nodes.first, root.end == tree.nodes.count,
      tree.nodes.count > 1, root.tokens.count >= KeptPrefix.minimum,
      budget.mayKeep(root.tokens.upperBound)
    else { return nil }
    return 0
  }

  private func remember(
    _ trunk: Int?, _ tree: PrefixTree, _ kept: [Int: KeyValueRun], start: Int,
    _ requests: [LikelihoodRequest]
  ) {
    guard !tree.nodes.isEmpty else { return }
    prefix.cut(start)
    guard let trunk, let run = kept[trunk] else { return }
    let node = tree.nodes[trunk]
    prefix.append(Array(requests[node.sequence].ids[node.tokens]), run)
  }

  /// All jobs, level after level; the answers by slot.
  private func run(
    _ levels: [[PassJob]], _ tree: PrefixTree, _ wanted: WantedRows,
    _ requests: [LikelihoodRequest], _ kept: [Int: KeyValueRun], _ count: Int, workers: Int
  ) -> [VocabularyHead.Score] {
    let past = prefix.spans(tree.nodes.first?.tokens.lowerBound ?? 0)
    let (parts, pool) = (model.parts, model.workspaces)
    return [VocabularyHead.Score](unsafeUninitializedCapacity: count) { buffer, initialized in
      buffer.initialize(repeating: VocabularyHead.Score(logLikelihood: 0, isGreedy: true))
      nonisolated(unsafe) let base = buffer.baseAddress
      nonisolated(unsafe) let past = past
      for jobs in levels {
        FanOut.run(count: jobs.count, workers: workers) { source in
          pool.with { workspace in
            while let number = source.take() {
              guard let base else { return }
              Self.run(
                jobs[number], CausalPass(parts, workspace), tree, wanted, requests, kept, past,
                base)
            }
          }
        }
      }
      initialized = count
    }
  }

  private static func run(
    _ job: PassJob, _ pass: CausalPass, _ tree: PrefixTree, _ wanted: WantedRows,
    _ requests: [LikelihoodRequest], _ kept: [Int: KeyValueRun], _ past: [KeySpan],
    _ scores: UnsafeMutablePointer<VocabularyHead.Score>
  ) {
    let plan = TreePlan(tree, job, past: past, kept: kept)
    var ids: [Int32] = []
    ids.reserveCapacity(job.rows)
    for number in job.nodes {
      let node = tree.nodes[number]
      ids += requests[node.sequence].ids[node.tokens]
    }
    pass.run(plan.rows, ids: ids)
    let (rows, targets) = wanted.select(job, tree, plan)
    guard !rows.isEmpty else { return }
    VocabularyHead(head: pass.parts.head, workspace: pass.workspace).score(
      pass.gather(rows), rows.count, targets, into: scores)
  }

  private func results(
    _ requests: [LikelihoodRequest], _ slots: Slots, _ scores: [VocabularyHead.Score]
  ) throws(DSXError) -> [Likelihoods] {
    var results: [Likelihoods] = []
    results.reserveCapacity(requests.count)
    for (index, request) in requests.enumerated() {
      let mine = scores[slots.range(index)]
      for (offset, score) in mine.enumerated() where !score.logLikelihood.isFinite {
        throw model.memory.notFinite(
          "the log-likelihood of position \(request.scored.lowerBound + offset) of sequence "
            + "\(index)")
      }
      results.append(
        Likelihoods(
          values: mine.map(\.logLikelihood), isGreedy: mine.allSatisfy(\.isGreedy)))
    }
    return results
  }
}
