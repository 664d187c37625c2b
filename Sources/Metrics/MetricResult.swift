/// One finished number with all that a reader needs to trust it.
public struct MetricResult: Sendable, Equatable {
  /// The metric's name.
  public var name: String
  /// The score; nil when it is not defined.
  public var value: Double?
  /// Its standard error; nil when it is not defined (fewer than two examples).
  public var standardError: Double?
  /// How the standard error was made: `binomial n-1`, `bootstrap 1000 seed 12345`.
  public var standardErrorMethod: String?
  /// Number of examples.
  public var count: Int
  /// The metric's signature.
  public var signature: String
  /// Whether larger is better.
  public var higherIsBetter: Bool

  /// A result.
  public init(
    name: String, value: Double?, standardError: Double?, standardErrorMethod: String?,
    count: Int, signature: String, higherIsBetter: Bool
  ) {
    self.name = name
    self.value = value
    self.standardError = standardError
    self.standardErrorMethod = standardErrorMethod
    self.count = count
    self.signature = signature
    self.higherIsBetter = higherIsBetter
  }
}
