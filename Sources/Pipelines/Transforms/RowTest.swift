public import DSXCore

/// A test that drops rows, each for a reason with a name.
public struct RowTest: Sendable {
  /// Its name in messages and recipes.
  public let name: String
  /// What decides its results: part of a saved position's pipeline.
  public let parameters: [JSONValue.Member]
  /// Why a row may be dropped, at most 255 reasons.
  public let reasons: [String]
  /// One verdict a row: 0 keeps it, k drops it for `reasons[k - 1]`. An error about a row puts
  /// `batch.firstRow + index` into its location.
  public let verdicts: @Sendable (Batch) throws(DSXError) -> [UInt8]

  /// A test with several reasons.
  public init(
    _ name: String, parameters: [JSONValue.Member] = [], reasons: [String],
    verdicts: @escaping @Sendable (Batch) throws(DSXError) -> [UInt8]
  ) {
    self.name = name
    self.parameters = parameters
    self.reasons = Array(reasons.prefix(255))
    self.verdicts = verdicts
  }

  /// A test with one reason: rows whose mask is false are dropped.
  public init(
    _ name: String, parameters: [JSONValue.Member] = [], reason: String,
    keep: @escaping @Sendable (Batch) throws(DSXError) -> [Bool]
  ) {
    self.init(name, parameters: parameters, reasons: [reason]) { (batch) throws(DSXError) in
      try keep(batch).map { $0 ? 0 : 1 }
    }
  }
}
