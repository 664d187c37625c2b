import DSXCore
import Evaluation
import Glibc
import Metrics

/// Made-up nights of one kind of data: a fixed set of examples, on which systems differ by chance and,
/// where asked, by a true change for the worse.
struct GateWorld {
  enum Kind: String, CaseIterable {
    /// Right or wrong answers, McNemar's test.
    case mcnemar
    /// Scores between 0 and 1 (F1, ROUGE-L), paired bootstrap.
    case bootstrap
    /// The same, approximate randomisation.
    case randomisation
    /// Perplexity over documents, paired bootstrap.
    case perplexity
    /// Scores of questions that share a passage, paired bootstrap over passages.
    case clusters
  }

  let kind: Kind
  let count: Int
  /// Four questions a passage; empty where questions stand alone.
  let clusters: [String]

  init(kind: Kind, count: Int) {
    self.kind = kind
    self.count = count
    clusters = kind == .clusters ? (0..<count).map { String($0 / 4) } : []
  }

  var test: GateTest {
    switch kind {
    case .mcnemar: .mcnemar
    case .randomisation: .randomisation
    default: .bootstrap
    }
  }

  var metric: AnyMetric {
    switch kind {
    case .mcnemar: Self.accuracy
    case .perplexity: Self.perplexity
    default: Self.score
    }
  }

  private static let accuracy = hidden(Accuracy())
  private static let perplexity = hidden(Perplexity(.token))
  private static let score = hidden(SimulatedScore())

  private static func hidden<M: Metric>(_ metric: M) -> AnyMetric {
    AnyMetric(metric) { (_: MetricRow) throws(DSXError) -> M.Example in
      throw DSXError(.internal, "simulated examples are made directly")
    }
  }

  /// One example as the baseline sees it.
  struct Example {
    var value: Double
    var size: Double
  }

  /// What the baseline gives on the examples.
  func baseline(_ random: inout PCG64) -> [Example] {
    (0..<count).map { _ in
      switch kind {
      case .mcnemar: Example(value: random.unit() < 0.65 ? 1 : 0, size: 1)
      case .perplexity:
        // Nats a token, and a number of tokens with a long tail.
        Example(
          value: 3 + 0.5 * normal(&random), size: (60 * exp(0.8 * normal(&random))).rounded() + 5)
      default:
        // A third at each end, the rest between: as F1 of short answers.
        Example(value: min(1, max(0, random.unit() * 3 - 1)), size: 1)
      }
    }
  }

  /// Another system on the same examples: chance changes, and a change for the worse of `change` in the
  /// metric's own unit.
  func system(_ base: [Example], change: Double, _ random: inout PCG64) -> [Example] {
    var mood = 0.0
    let mean = base.reduce(0) { $0 + $1.value } / Double(base.count)
    let shift = kind == .perplexity ? log1p(change / corpus(base)) : 0
    return base.enumerated().map { row, example in
      var value = example.value
      switch kind {
      case .mcnemar:
        // A share of 8 per cent flips by chance, half each way.
        let isRight = value > 0.5
        if random.unit() < 0.04 / (isRight ? mean : 1 - mean) { value = 1 - value }
        // Of those that are still right.
        if isRight, value > 0.5, random.unit() < change / (mean - 0.04) { value = 0 }
      case .perplexity:
        // Some documents change much more than others.
        value += 0.02 * normal(&random) * (random.unit() < 0.1 ? 4 : 1) + shift
      default:
        if row % 4 == 0 { mood = kind == .clusters ? 0.15 * normal(&random) : 0 }
        if random.unit() < 0.3 {
          // Away from one end as far as from the other, so that nothing changes in the mean.
          let step = mood + 0.3 * normal(&random)
          value = reflected(value, step)
        }
        // The drop strikes some answers and takes them whole.
        if change > 0, random.unit() < change / max(mean, 1e-9) { value = 0 }
      }
      return Example(value: value, size: example.size)
    }
  }

  /// A step that the ends allow to both sides alike.
  private func reflected(_ value: Double, _ step: Double) -> Double {
    let room = min(value, 1 - value)
    if room <= 0 { return value }
    return value + max(-room, min(room, step))
  }

  private func corpus(_ examples: [Example]) -> Double {
    let sums = examples.reduce(into: (0.0, 0.0)) { sums, example in
      sums.0 += example.value * example.size
      sums.1 += example.size
    }
    return exp(sums.0 / sums.1)
  }

  /// The examples' statistics as the metric's own vectors: what it would make of each example.
  func table(_ examples: [Example]) throws -> Metrics.ExampleTable {
    var rows = ExampleMatrix(width: metric.zero.components?.count ?? 0)
    for example in examples {
      let value = example.value
      switch kind {
      case .mcnemar: try rows.append([value > 0.5 ? 1 : 0])
      case .perplexity:
        let size = example.size
        let loss = max(0, value * size)
        // As many words as tokens, and four bytes a token.
        let unit = [size, size * size, loss * size]
        let bytes = 4 * size
        try rows.append([loss, loss * loss] + unit + unit + [bytes, bytes * bytes, loss * bytes])
      default: try rows.append([value, value * value])
      }
    }
    guard let table = Metrics.ExampleTable(metric, rows: rows) else {
      throw DSXError(.internal, "rows of another width than those of \(metric.name)")
    }
    return table
  }

  private func normal(_ random: inout PCG64) -> Double {
    let radius = (-2 * log(1 - random.unit())).squareRoot()
    return radius * cos(2 * Double.pi * random.unit())
  }
}

/// The mean of one number an example.
struct SimulatedScore: MeanMetric {
  typealias Example = Double
  typealias Statistics = MeanStatistics
  var name: String { "simulated-score" }
  var signature: String { "version:1" }
  var higherIsBetter: Bool { true }
  func value(of example: Double) throws(DSXError) -> Double { example }
}
