public import DSXCore

/// A condition on a row, as `--where` writes it.
///
/// | grammar | |
/// |---|---|
/// | condition | `term { OR term }` |
/// | term | `factor { AND factor }` |
/// | factor | `NOT factor`, `( condition )`, or a test |
/// | test | `field = value`, and `!=` `<>` `<` `<=` `>` `>=` |
/// | | `field [NOT] IN (value, ...)` |
/// | | `field [NOT] BETWEEN value AND value` |
/// | | `field [NOT] LIKE 'pattern'`: `%` any text, `_` one character, upper and lower case differ |
/// | | `field IS [NOT] NULL`: no row of a MindRecord has a null |
/// | value | `'text'` (a quote inside is doubled), an integer, a decimal number |
/// | field | a name, or a name in double quotes (a quote inside is doubled) |
///
/// Words such as AND may be written in any case. A value is never anything but a value, and a name is only
/// ever looked up in the schema.
public indirect enum RowPredicate: Hashable, Sendable {
  /// A value that a field is compared with.
  public enum Literal: Hashable, Sendable {
    /// A whole number.
    case integer(Int64)
    /// A decimal number; finite.
    case float(Double)
    /// Text.
    case text(String)
  }

  /// How a field is compared.
  public enum Operator: String, Hashable, Sendable {
    /// Equal.
    case equal = "="
    /// Not equal.
    case notEqual = "!="
    /// Less.
    case less = "<"
    /// Less or equal.
    case lessOrEqual = "<="
    /// Greater.
    case greater = ">"
    /// Greater or equal.
    case greaterOrEqual = ">="
  }

  /// All of them hold.
  case all([RowPredicate])
  /// At least one of them holds.
  case any([RowPredicate])
  /// It does not hold.
  case not(RowPredicate)
  /// A comparison.
  case comparison(field: String, Operator, Literal)
  /// The value is one of these.
  case among(field: String, [Literal])
  /// The value lies between these two, both included.
  case between(field: String, Literal, Literal)
  /// The text matches a pattern.
  case like(field: String, pattern: String)
  /// Never true: MindRecord has no nulls.
  case isNull(field: String)

  /// Reads a condition. Throws `usage` with the place in the text.
  public init(_ text: String) throws(DSXError) {
    var parser = try PredicateParser(text)
    self = try parser.condition()
    try parser.finish()
  }

  /// The names of the fields, in order of appearance, each once.
  public var fields: [String] {
    switch self {
    case .all(let parts), .any(let parts):
      parts.reduce(into: []) { found, part in
        for name in part.fields where !found.contains(name) { found.append(name) }
      }
    case .not(let part): part.fields
    case .comparison(let field, _, _), .among(let field, _), .between(let field, _, _),
      .like(let field, _), .isNull(let field):
      [field]
    }
  }
}
