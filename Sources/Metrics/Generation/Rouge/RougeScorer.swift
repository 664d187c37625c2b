public import DSXCore

/// ROUGE of single texts as rouge-score 0.1.2: several kinds from one tokenization.
///
/// Source: C.-Y. Lin, ROUGE: A Package for Automatic Evaluation of Summaries, 2004. A class with
/// scratch space of its own: one for each thread.
public final class RougeScorer {
  private let kinds: [RougeKind]
  private let work: TextWork
  private let summary: RougeSummary?
  private let highest: Int

  /// A scorer of these kinds.
  public init(_ kinds: [RougeKind], tokenizer: MetricTokenizer = .rouge()) {
    self.kinds = kinds
    work = TextWork(tokenizer)
    summary = kinds.contains(.summary) ? RougeSummary(tokenizer) : nil
    highest =
      kinds.map { kind in
        if case .ngrams(let order) = kind { min(16, max(1, order)) } else { 0 }
      }.max() ?? 0
  }

  /// Texts of the last example that are not blank and have no token.
  var emptied: Int { work.emptied }

  /// One score a kind: of the reference with the best F, the first of equals.
  public func scores(_ hypothesis: String, _ references: [String]) throws(DSXError) -> [RougeScore]
  {
    work.read(hypothesis, references)
    var best: [RougeScore] = []
    for (reference, text) in references.enumerated() {
      let scores = try scores(reference + 1, hypothesis, text)
      if best.isEmpty {
        best = scores
      } else {
        for index in best.indices where scores[index].f > best[index].f {
          best[index] = scores[index]
        }
      }
    }
    return best
  }

  private func scores(
    _ reference: Int, _ hypothesisText: String, _ text: String
  ) throws(DSXError) -> [RougeScore] {
    let (hypothesis, tokens) = (work.tokens(0), work.tokens(reference))
    var matches = [Int](repeating: 0, count: highest)
    if highest > 0 {
      work.matcher.start(distinct: work.distinct)
      work.matcher.add(reference: tokens, order: highest)
      matches.withUnsafeMutableBufferPointer { matches in
        guard let base = matches.baseAddress else { return }
        work.matcher.match(hypothesis: hypothesis, order: highest, into: base)
      }
    }
    var scores: [RougeScore] = []
    scores.reserveCapacity(kinds.count)
    for kind in kinds {
      switch kind {
      case .ngrams(let order):
        let order = min(16, max(1, order))
        scores.append(
          RougeScore(
            hits: matches[order - 1], hypothesis: max(0, hypothesis.count - order + 1),
            reference: max(0, tokens.count - order + 1)))
      case .subsequence:
        let length = work.common.length(hypothesis, tokens, distinct: work.distinct)
        scores.append(
          RougeScore(hits: length, hypothesis: hypothesis.count, reference: tokens.count))
      case .summary:
        scores.append(try summary?.score(hypothesisText, text) ?? .zero)
      }
    }
    return scores
  }
}
