/// What happens to the tokens that do not fill a last row.
public enum TailPolicy: String, CaseIterable, Sendable {
  /// They are left out and counted.
  case drop
  /// The row is filled with the id of the piece `<pad>`.
  case pad
  /// They become a shorter row.
  case keep
}
