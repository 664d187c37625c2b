internal import DSXCore

extension RecordSchema {
  /// In what `other` differs, a line each: `field 'a': int32[-1], there int64`. Empty when rows of one
  /// can be rows of the other and are indexed alike. The description does not count, nor does the order of
  /// the fields, which a file sorts.
  public func differences(from other: RecordSchema) -> [String] {
    var lines: [String] = []
    let (ours, theirs) = (sorted, other.sorted)
    for field in ours {
      guard let match = theirs.first(where: { $0.name == field.name }) else {
        lines.append("field '\(field.name)': \(field.typeText), missing there")
        continue
      }
      if match.typeText != field.typeText {
        lines.append("field '\(field.name)': \(field.typeText), there \(match.typeText)")
      }
    }
    for field in theirs where !ours.contains(where: { $0.name == field.name }) {
      lines.append("field '\(field.name)': missing, there \(field.typeText)")
    }
    if indexFields != other.indexFields {
      func text(_ names: [String]?) -> String {
        guard let names else { return "by default" }
        return names.isEmpty ? "none" : names.joined(separator: ", ")
      }
      lines.append("index fields: \(text(indexFields)), there \(text(other.indexFields))")
    }
    return lines
  }

  private var sorted: [Field] {
    schema.fields.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
  }
}
