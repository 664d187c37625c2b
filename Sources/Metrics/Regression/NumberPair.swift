internal import DSXCore

/// What regression metrics take from one example.
public struct NumberPair: Sendable, Equatable {
  /// The true value.
  public var gold: Double
  /// The predicted one.
  public var predicted: Double

  /// A pair.
  public init(gold: Double, predicted: Double) {
    self.gold = gold
    self.predicted = predicted
  }

  /// Throws unless both are finite.
  func check() throws(DSXError) {
    for (value, what) in [(gold, "gold"), (predicted, "predicted")] where !value.isFinite {
      throw DSXError(.malformed, "the \(what) value is not finite (\(value))")
    }
  }
}
