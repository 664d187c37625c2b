public import DSXCore
internal import Glibc

/// The logits of one batch, as training frameworks hand them to their metrics.
public struct LogitBatch: Sendable {
  /// `[row][position][token]`, natural scale.
  public var logits: [[[Double]]]
  /// `[row][position]`
  public var tokens: [[Int]]
  /// `[row][position]`: 1 where the token counts.
  public var mask: [[Double]]

  /// A batch; ragged lists and tokens outside of the logits are errors.
  public init(logits: [[[Double]]], tokens: [[Int]], mask: [[Double]]) throws(DSXError) {
    let length = tokens.first?.count ?? 0
    let vocabulary = logits.first?.first?.count ?? 0
    guard !tokens.isEmpty, length > 0, vocabulary > 0, logits.count == tokens.count,
      mask.count == tokens.count, tokens.allSatisfy({ $0.count == length }),
      mask.allSatisfy({ $0.count == length && $0.allSatisfy { $0.isFinite && $0 >= 0 } }),
      logits.allSatisfy({
        $0.count == length && $0.allSatisfy { $0.count == vocabulary && $0.allSatisfy(\.isFinite) }
      })
    else { throw DSXError(.malformed, "a batch's logits, tokens and mask do not fit together") }
    guard tokens.allSatisfy({ $0.allSatisfy { (0..<vocabulary).contains($0) } }) else {
      throw DSXError(.malformed, "a token is outside of the \(vocabulary) logits")
    }
    self.logits = logits
    self.tokens = tokens
    self.mask = mask
  }

  /// ln of the softmax at one place.
  private func logProbability(_ logits: [Double], _ token: Int) -> Double {
    let largest = logits.max() ?? 0
    let sum = logits.reduce(0) { $0 + exp($1 - largest) }
    return logits[token] - largest - log(sum)
  }

  /// The negative log-likelihood of the tokens that count, each predicted from those before it, and their
  /// number: what corpus perplexities take.
  public var likelihood: (negativeLogLikelihood: Double, tokens: Double) {
    var (sum, count) = (ExactSum(), ExactSum())
    for row in tokens.indices {
      for place in tokens[row].indices.dropFirst() where mask[row][place] > 0 {
        sum.add(
          -logProbability(logits[row][place - 1], tokens[row][place]) * mask[row][place])
        count.add(mask[row][place])
      }
    }
    return (sum.value, count.value)
  }

  /// MindFormers' loss: shifted by one, -ln(softmax + 1e-24), over (tokens that count + 1e-5).
  public var mindFormersLoss: Double {
    var (sum, count) = (ExactSum(), ExactSum())
    for row in tokens.indices {
      for place in tokens[row].indices.dropFirst() {
        let share = exp(logProbability(logits[row][place - 1], tokens[row][place]))
        sum.add(-log(share + 1e-24) * mask[row][place])
        count.add(mask[row][place])
      }
    }
    return sum.value / (count.value + 1e-5)
  }

  /// ModelScope's loss: every position's logits against the token at that same position (not shifted),
  /// the mean over all, masked or not.
  public var modelScopeLoss: Double {
    var sum = ExactSum()
    for row in tokens.indices {
      for place in tokens[row].indices {
        sum.add(-logProbability(logits[row][place], tokens[row][place]))
      }
    }
    return sum.value / Double(tokens.count * tokens[0].count)
  }
}

/// One batch's loss and the number of its rows.
public struct BatchLoss: Sendable, Equatable {
  /// The mean loss in nats.
  public var loss: Double
  /// Rows in the batch.
  public var rows: Int

  /// A batch.
  public init(loss: Double, rows: Int) {
    self.loss = loss
    self.rows = rows
  }
}

/// Sums over batches.
public struct BatchLosses: MetricStatistics, VectorStatistics {
  /// Number of batches.
  public private(set) var count = 0
  /// Number of rows.
  public private(set) var rows = 0
  var losses = ExactSum()
  var weighted = ExactSum()

  /// No batch.
  public init() {}
  mutating func add(_ batch: BatchLoss) throws(DSXError) {
    guard batch.loss.isFinite, batch.rows > 0 else {
      throw DSXError(.malformed, "a batch of \(batch.rows) rows has the loss \(batch.loss)")
    }
    count += 1
    rows = try ExampleCount.sum(rows, batch.rows)
    losses.add(batch.loss)
    weighted.add(product: batch.loss, Double(batch.rows))
  }
  /// Adds other batches.
  public mutating func add(_ other: BatchLosses) throws(DSXError) {
    count = try ExampleCount.sum(count, other.count)
    rows = try ExampleCount.sum(rows, other.rows)
    losses.add(other.losses)
    weighted.add(other.weighted)
  }
  /// Rows, sum of losses, sum of losses times rows.
  public var components: [Double] { [Double(rows), losses.value, weighted.value] }
  /// From three sums.
  public init(components: [Double], count: Int) {
    self.count = max(0, count)
    guard components.count == 3 else { return }
    rows = Int(exactly: components[0]) ?? 0
    losses.add(components[1])
    weighted.add(components[2])
  }
  private enum CodingKeys: String, CodingKey { case count, rows, losses, weighted }
  /// Reads what was written.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    count = try ExampleCount.checked(container.decode(Int.self, forKey: .count))
    rows = try ExampleCount.checked(container.decode(Int.self, forKey: .rows))
    losses = try container.decode(ExactSum.self, forKey: .losses)
    weighted = try container.decode(ExactSum.self, forKey: .weighted)
  }
}

/// Perplexities as training frameworks report them: from the mean losses of batches, so that they depend
/// on how rows were put into batches. `Perplexity` is the one to compare models by.
public struct BatchPerplexity: Metric {
  /// Whose.
  public enum Style: String, Sendable, CaseIterable {
    /// exp of the plain mean of the batches' losses: MindFormers 0.8.0's PerplexityMetric.
    case mindformers
    /// exp of the mean weighted by rows: ModelScope 1.40.2's PplMetric.
    case modelscope
  }
  /// Whose.
  public let style: Style
  /// The metric.
  public init(_ style: Style) { self.style = style }
  /// `batch-perplexity`.
  public var name: String { "batch-perplexity" }
  /// How batches are weighted.
  public var signature: String {
    style == .mindformers
      ? "mindformers:0.8.0|weights:none|version:1" : "modelscope:1.40.2|weights:rows|version:1"
  }
  /// false
  public var higherIsBetter: Bool { false }
  /// No batch.
  public var zero: BatchLosses { BatchLosses() }
  /// One batch.
  public func statistics(of example: BatchLoss) throws(DSXError) -> BatchLosses {
    var one = BatchLosses()
    try one.add(example)
    return one
  }
  /// The perplexity; nil without batches.
  public func score(from statistics: BatchLosses) -> Double? {
    guard statistics.count > 0 else { return nil }
    switch style {
    case .mindformers: return exp(statistics.losses.value / Double(statistics.count))
    case .modelscope: return exp(statistics.weighted.value / Double(statistics.rows))
    }
  }
}
