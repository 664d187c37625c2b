/// A Unicode normal form that text is brought into (Unicode Standard Annex 15).
///
/// Code points that Unicode 14 does not know stay as they are.
public enum NormalForm: String, CaseIterable, Sendable {
  /// Canonical composition: two spellings of one character become the same.
  case nfc
  /// Compatible composition: also full-width letters, ligatures, superscripts and the like.
  case nfkc

  private var normalizer: UnicodeNormalizer { UnicodeNormalizer(self == .nfc ? .nfc : .nfkc) }

  /// Normalises valid UTF-8 in place; whether anything changed. Text that is sure to be in the form is
  /// looked at once and not copied.
  public func normalize(_ text: inout [UInt8]) -> Bool {
    let normalizer = normalizer
    let changes = text.withUnsafeBytes { bytes in
      normalizer.leaves(bytes) ? nil : normalizer.changes(bytes)
    }
    guard let changes else { return false }
    var result: [UInt8] = []
    result.reserveCapacity(text.count + 16)
    for change in changes { UTF8Scalars.append(change.code, to: &result) }
    guard result != text else { return false }
    text = result
    return true
  }
}
