internal import DSXCore

/// Scores as any causal model does; sequences with the padding id inside are computed one by one, with
/// that id hidden from all others.
///
/// The original also lets a padding id itself see nothing, by which its own row, from which the id behind
/// it is predicted, comes to see all positions alike, later ones too. Here it sees itself and what is
/// before it, so that no probability depends on what follows.
final class PanGuScorer: LikelihoodScorer {
  private let model: PanGuModel
  private let scorer: any LikelihoodScorer
  private var padded = ComputeTally()

  init(_ model: PanGuModel, _ scorer: any LikelihoodScorer) {
    self.model = model
    self.scorer = scorer
  }

  var tally: ComputeTally {
    var tally = scorer.tally
    tally.requestedTokens += padded.requestedTokens
    tally.computedTokens += padded.computedTokens
    tally.logitRows += padded.logitRows
    return tally
  }

  func score(_ requests: [LikelihoodRequest]) throws(DSXError) -> [Likelihoods] {
    let isPadded = requests.map { request in
      !request.scored.isEmpty
        && request.ids.prefix(max(0, request.scored.upperBound - 1)).contains(model.padding)
    }
    guard isPadded.contains(true) else { return try scorer.score(requests) }
    // All are checked alike, but nothing is scored of those that are computed here.
    let others = requests.enumerated().map { index, request in
      isPadded[index]
        ? LikelihoodRequest(
          ids: request.ids, scored: request.scored.lowerBound..<request.scored.lowerBound)
        : request
    }
    var results = try scorer.score(others)
    for (index, request) in requests.enumerated() where isPadded[index] {
      results[index] = try scorePadded(request, index)
    }
    return results
  }

  private func scorePadded(_ request: LikelihoodRequest, _ index: Int) throws(DSXError)
    -> Likelihoods
  {
    guard request.scored.lowerBound >= 1, request.scored.upperBound <= request.ids.count else {
      throw DSXError(
        .usage,
        "sequence \(index) of \(request.ids.count) ids cannot be scored at \(request.scored)",
        hint: "the first id has no probability of its own")
    }
    let parts = model.model.parts
    let ids = Array(request.ids.prefix(request.scored.upperBound - 1))
    let plan = plan(ids)
    let rows = Array(request.scored.lowerBound - 1..<request.scored.upperBound - 1)
    let targets = rows.enumerated().map { number, row in
      VocabularyHead.Target(row: number, word: request.ids[row + 1], slot: number)
    }
    var scores = rows.map { _ in VocabularyHead.Score(logLikelihood: 0, isGreedy: false) }
    model.model.workspaces.with { workspace in
      let pass = CausalPass(parts, workspace)
      pass.run(plan, ids: ids)
      scores.withUnsafeMutableBufferPointer { buffer in
        guard let base = buffer.baseAddress else { return }
        VocabularyHead(head: parts.head, workspace: workspace).score(
          pass.gather(rows), rows.count, targets, into: base)
      }
    }
    padded.requestedTokens += ids.count
    padded.computedTokens += ids.count
    padded.logitRows += rows.count
    for (offset, score) in scores.enumerated() where !score.logLikelihood.isFinite {
      throw model.model.memory.notFinite(
        "the log-likelihood of position \(request.scored.lowerBound + offset) of sequence \(index)")
    }
    return Likelihoods(
      values: scores.map(\.logLikelihood), isGreedy: scores.allSatisfy(\.isGreedy))
  }

  /// Each row sees the rows up to itself without those of the padding id, but its own.
  private func plan(_ ids: [Int32]) -> RowPlan {
    var plan = RowPlan()
    for position in ids.indices { plan.addPosition(position) }
    var visible: [Range<Int>] = []
    for start in stride(from: 0, to: ids.count, by: RowPlan.blockRows) {
      let end = min(start + RowPlan.blockRows, ids.count)
      var first: Int?
      for row in start..<end {
        var ranges = visible
        Self.append(row, to: &ranges)
        let place = plan.addRanges(ranges)
        if first == nil { first = place }
        if ids[row] != model.padding { visible = ranges }
      }
      plan.addBlock(
        start..<end, [KeySpan(place: .rows(0), count: end)], .ranges(first ?? 0))
    }
    return plan
  }

  private static func append(_ row: Int, to ranges: inout [Range<Int>]) {
    if let last = ranges.last, last.upperBound == row {
      ranges[ranges.count - 1] = last.lowerBound..<row + 1
    } else {
      ranges.append(row..<row + 1)
    }
  }
}
