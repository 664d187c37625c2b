internal import Glibc

/// Finds the best answers from start and end logits: `postprocess_qa_predictions` of transformers'
/// `run_qa.py`.
///
/// One difference: where not one answer is possible that script writes the word "empty"; here there is
/// no answer.
struct SpanSearch {
  let options: SpanOptions
  private var found: [Found] = []
  private var none: Found?

  /// A pair of places, or no answer. Scores are float32 sums, as there.
  private struct Found {
    var bytes: Range<Int>
    var start: Float
    var end: Float
    var score: Float
    var isNone = false
  }

  init(_ options: SpanOptions) { self.options = options }

  /// Takes the logits of one window: for each token two numbers, start and end.
  mutating func add(_ logits: [Float], _ places: [Range<Int>?]) {
    let count = places.count
    guard count > 0, logits.count == 2 * count else { return }
    let start = (0..<count).map { logits[2 * $0] }
    let end = (0..<count).map { logits[2 * $0 + 1] }
    let null = Found(
      bytes: 0..<0, start: start[0], end: end[0], score: start[0] + end[0], isNone: true)
    if none.map({ $0.score > null.score }) ?? true { none = null }
    let (starts, ends) = (best(start), best(end))
    for first in starts {
      guard let from = places[first] else { continue }
      for last in ends {
        guard let to = places[last], last >= first,
          last - first + 1 <= options.maximumAnswerTokens
        else { continue }
        found.append(
          Found(
            bytes: from.lowerBound..<max(from.lowerBound, to.upperBound), start: start[first],
            end: end[last], score: start[first] + end[last]))
      }
    }
  }

  /// The places of the highest logits; of equal ones the later place first, as a stable `argsort` read
  /// from its end.
  private func best(_ logits: [Float]) -> [Int] {
    let order = logits.indices.sorted {
      logits[$0] == logits[$1] ? $0 > $1 : logits[$0] > logits[$1]
    }
    return Array(order.prefix(max(0, options.best)))
  }

  /// The answers over all windows.
  func prediction(_ context: String, windows: Int) -> SpanPrediction {
    var all = found
    if options.allowsNone, let none { all.append(none) }
    // Stable, highest first.
    var kept = all.enumerated().sorted {
      $0.element.score == $1.element.score
        ? $0.offset < $1.offset : $0.element.score > $1.element.score
    }.prefix(max(1, options.best)).map(\.element)
    if options.allowsNone, let none, !kept.contains(where: { $0.bytes == 0..<0 }) {
      kept.append(none)
    }
    let null = Double(none?.score ?? 0)
    let top = Double(kept.map(\.score).max() ?? 0)
    let weights = kept.map { exp(Double($0.score) - top) }
    let sum = weights.reduce(0, +)
    let utf8 = Array(context.utf8)
    let candidates = zip(kept, weights).map { item, weight in
      SpanAnswer(
        text: String(decoding: utf8[item.bytes], as: UTF8.self), bytes: item.bytes,
        score: Double(item.score), nullScore: null, startLogit: Double(item.start),
        endLogit: Double(item.end), probability: weight / sum)
    }
    return SpanPrediction(
      answer: choose(candidates, null), candidates: candidates, windows: windows)
  }

  private func choose(_ candidates: [SpanAnswer], _ null: Double) -> SpanAnswer {
    let nothing = SpanAnswer(
      text: "", bytes: 0..<0, score: null, nullScore: null,
      probability: candidates.first { $0.text.isEmpty }?.probability ?? 0)
    guard options.allowsNone else { return candidates.first ?? nothing }
    guard let best = candidates.first(where: { !$0.text.isEmpty }) else { return nothing }
    let difference = Float(null) - Float(best.startLogit) - Float(best.endLogit)
    return Double(difference) > options.noneThreshold ? nothing : best
  }
}
