/// Which paired test decides a gate.
public enum GateTest: String, Sendable, CaseIterable {
  /// McNemar's exact test where every example is right or wrong and stands alone, else the bootstrap.
  case auto
  /// McNemar's exact test.
  case mcnemar
  /// The paired bootstrap over examples, or over clusters of them.
  case bootstrap
  /// Approximate randomisation over examples, or over clusters of them.
  case randomisation
}
