/// What a gate found.
public enum GateOutcome: String, Sendable, CaseIterable {
  /// Surely better than the baseline.
  case better
  /// The change is known to be smaller than the gate's resolution.
  case same
  /// Surely worse than the baseline.
  case worse
  /// Too few examples, or nothing to compare with.
  case cannotTell = "cannot-tell"

  /// The word for readers: `cannot tell`.
  public var word: String { self == .cannotTell ? "cannot tell" : rawValue }
}
