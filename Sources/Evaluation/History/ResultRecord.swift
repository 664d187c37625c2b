public import DSXCore

/// One metric of a cell.
public struct ResultRecord: Sendable, Equatable {
  /// Its key in reports.
  public var metric: String
  /// The score; nil when it is not defined.
  public var value: Double?
  /// Its standard error.
  public var standardError: Double?
  /// The interval's lower end.
  public var low: Double?
  /// The interval's upper end.
  public var high: Double?
  /// Number of examples.
  public var count: Int?
  /// The unit.
  public var unit: String
  /// Whether larger is better.
  public var higherIsBetter: Bool
  /// The signature.
  public var signature: String
  /// The metric's entry in the head of the examples' file; nil where no examples are kept.
  public var head: JSONValue?

  /// A result.
  public init(
    metric: String, value: Double?, standardError: Double? = nil, low: Double? = nil,
    high: Double? = nil, count: Int? = nil, unit: String, higherIsBetter: Bool,
    signature: String, head: JSONValue? = nil
  ) {
    self.metric = metric
    self.value = value
    self.standardError = standardError
    self.low = low
    self.high = high
    self.count = count
    self.unit = unit
    self.higherIsBetter = higherIsBetter
    self.signature = signature
    self.head = head
  }
}
