/// Settings of Tercom's normaliser, named as sacrebleu's TER names them.
public struct TercomOptions: Sendable, Equatable {
  /// Resolves entities and takes punctuation apart.
  public var isNormalized: Bool
  /// Deletes `. , ? : ; ! " ( )`.
  public var dropsPunctuation: Bool
  /// With `isNormalized` takes Chinese and Japanese characters apart, with `dropsPunctuation`
  /// deletes their punctuation too; alone it does nothing.
  public var asianSupport: Bool
  /// Keeps capitals.
  public var isCaseSensitive: Bool

  /// Settings; the defaults only lower the text.
  public init(
    isNormalized: Bool = false, dropsPunctuation: Bool = false, asianSupport: Bool = false,
    isCaseSensitive: Bool = false
  ) {
    self.isNormalized = isNormalized
    self.dropsPunctuation = dropsPunctuation
    self.asianSupport = asianSupport
    self.isCaseSensitive = isCaseSensitive
  }
}
