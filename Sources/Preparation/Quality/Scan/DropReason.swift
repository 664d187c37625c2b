/// Why a document is dropped.
public struct DropReason: Hashable, Sendable {
  /// The rule that it failed.
  public var rule: QualityRule
  /// What was measured; for contamination the number of shared n-grams, for near duplicates the
  /// estimated similarity when it was verified, otherwise 0.
  public var value: Double
  /// The number of the first evaluation item that was hit.
  public var item: Int
  /// For duplicates, the document that is kept in its stead.
  public var original: DocumentPlace?

  /// A reason.
  public init(
    _ rule: QualityRule, value: Double = 0, item: Int = 0, original: DocumentPlace? = nil
  ) {
    self.rule = rule
    self.value = value
    self.item = item
    self.original = original
  }
}
