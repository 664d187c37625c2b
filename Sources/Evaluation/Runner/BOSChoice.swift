/// Whether the model's begin-of-text id goes before every text.
public enum BOSChoice: String, CaseIterable, Sendable {
  /// As the model's configuration says.
  case auto
  /// Always; an error when the model has none.
  case on
  /// Never.
  case off
}
