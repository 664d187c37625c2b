public import DSXCore
internal import Glibc

/// Minus the logarithm of the true label's probability, the mean over examples, as scikit-learn 1.9:
/// probabilities are cut to [2^-52, 1 - 2^-52] and must add up to 1 within 1e-3.
public struct LogLoss: MeanMetric {
  /// Probabilities of all labels and the true one.
  public typealias Example = TopKAccuracy.Example

  /// The metric.
  public init() {}
  /// `log-loss`.
  public var name: String { "log-loss" }
  /// The cut.
  public var signature: String { "log:e|clip:2^-52|version:1" }
  /// false
  public var higherIsBetter: Bool { false }

  /// -ln p. Throws on probabilities outside 0...1 or that do not add up to 1.
  public func value(of example: TopKAccuracy.Example) throws(DSXError) -> Double {
    try Probabilities.check(example)
    let least = Double.ulpOfOne
    return -log(min(max(example.scores[example.gold], least), 1 - least))
  }
}

/// The sum over labels of (probability - truth)², the mean over examples.
///
/// Over two labels this is twice scikit-learn's `brier_score_loss`, which `isHalved` gives.
public struct BrierScore: MeanMetric {
  /// Probabilities of all labels and the true one.
  public typealias Example = TopKAccuracy.Example

  /// Whether the sum is halved: the form for two labels.
  public let isHalved: Bool

  /// The metric; lm-eval's form unless halved.
  public init(isHalved: Bool = false) { self.isHalved = isHalved }
  /// `brier`.
  public var name: String { "brier" }
  /// The form.
  public var signature: String { "sum:\(isHalved ? "half" : "labels")|version:1" }
  /// false
  public var higherIsBetter: Bool { false }

  /// The sum of squares. Throws on probabilities outside 0...1 or that do not add up to 1.
  public func value(of example: TopKAccuracy.Example) throws(DSXError) -> Double {
    try Probabilities.check(example)
    var sum = 0.0
    for (label, value) in example.scores.enumerated() {
      let difference = value - (label == example.gold ? 1 : 0)
      sum += difference * difference
    }
    return isHalved ? sum / 2 : sum
  }
}

/// Checks of probabilities.
enum Probabilities {
  /// Throws unless all scores lie in 0...1 and add up to 1 within 1e-3: room for single precision and for
  /// numbers that were written with few digits.
  static func check(_ example: TopKAccuracy.Example) throws(DSXError) {
    try example.check(labelCount: example.scores.count)
    guard example.scores.allSatisfy({ (0...1).contains($0) }) else {
      throw DSXError(
        .malformed, "a probability lies outside of 0...1", hint: "apply softmax to logits first")
    }
    let sum = example.scores.reduce(0, +)
    guard abs(sum - 1) <= 1e-3 else {
      throw DSXError(
        .malformed, "the probabilities of an example add up to \(sum), not 1",
        hint: "scores must be probabilities over all labels")
    }
  }
}
