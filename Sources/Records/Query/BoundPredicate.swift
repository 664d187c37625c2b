internal import DSXCore

/// A condition whose names were found in a schema and whose values have the fields' types.
struct BoundPredicate: Sendable {
  let predicate: RowPredicate
  /// The fields that it reads.
  let fields: [Field]

  /// Looks the names up. `onlyIndexed`: a field without an index is refused.
  ///
  /// Throws `unknownName` for a field that is not there, `usage` for one that is not indexed, cannot be
  /// compared, or is compared with a value of another type.
  init(_ predicate: RowPredicate, _ schema: RecordSchema, onlyIndexed: Bool) throws(DSXError) {
    self.predicate = predicate
    let indexed = schema.indexFields ?? []
    var found: [Field] = []
    for name in predicate.fields {
      guard let number = schema.schema.index(of: name) else {
        let known = schema.schema.fields.filter { $0.shape == nil }.map(\.name)
        let near = NearestName.find(name, in: known).map { "did you mean '\($0)'? " } ?? ""
        throw DSXError(
          .unknownName, "the condition names a field '\(name)', which the set does not have",
          hint: near + Self.list(indexed))
      }
      let field = schema.schema.fields[number]
      guard field.shape == nil, field.type != .bytes else {
        throw DSXError(
          .usage, "the field '\(name)' is \(field.typeText), which cannot be compared",
          hint: Self.list(indexed))
      }
      guard !onlyIndexed || indexed.contains(name) else {
        throw DSXError(
          .usage, "the field '\(name)' is not indexed",
          hint: "read the pages instead: --scan; " + Self.list(indexed))
      }
      found.append(field)
    }
    fields = found
    try check(predicate)
  }

  private static func list(_ indexed: [String]) -> String {
    indexed.isEmpty
      ? "the set has no index fields" : "its index fields are: " + indexed.joined(separator: ", ")
  }

  func field(_ name: String) -> Field? { fields.first { $0.name == name } }

  private func check(_ predicate: RowPredicate) throws(DSXError) {
    switch predicate {
    case .all(let parts), .any(let parts): for part in parts { try check(part) }
    case .not(let part): try check(part)
    case .comparison(let name, _, let value): try check(name, value)
    case .among(let name, let values): for value in values { try check(name, value) }
    case .between(let name, let low, let high):
      try check(name, low)
      try check(name, high)
    case .like(let name, let pattern): try check(name, .text(pattern))
    case .isNull: break
    }
  }

  private func check(_ name: String, _ value: RowPredicate.Literal) throws(DSXError) {
    guard let field = field(name) else { return }
    let isText = if case .text = value { true } else { false }
    guard isText == (field.type == .string) else {
      let found =
        switch value {
        case .text(let text): "the text '\(text.prefix(40))'"
        case .integer(let number): "the number \(number)"
        case .float(let number): "the number \(number)"
        }
      throw DSXError(
        .usage, "the field '\(name)' is \(field.type.rawValue), but is compared with \(found)",
        hint: isText ? "write numbers without quotes" : "write text in 'quotes'")
    }
  }
}
