internal import DSXCore

/// What the cells of a column have been: decides its type when it is inferred.
///
/// A set, so that the order in which parts of a file are looked at does not matter.
struct CSVKind: OptionSet, Sendable {
  let rawValue: UInt8
  /// There are cells without a value.
  static let missing = CSVKind(rawValue: 1)
  /// There are integers.
  static let integer = CSVKind(rawValue: 2)
  /// There are integers that float64 does not hold exactly.
  static let inexact = CSVKind(rawValue: 4)
  /// There are numbers with a fraction or an exponent.
  static let number = CSVKind(rawValue: 8)
  /// There is other text.
  static let text = CSVKind(rawValue: 16)

  /// The narrowest type that keeps every value as it is written.
  var type: FieldType {
    if contains(.text) || isSubset(of: .missing) { return .string }
    guard contains(.number) else { return .int64 }
    return contains(.inexact) ? .string : .float64
  }

  /// The field of a column with such cells.
  func field(_ name: String) -> Field {
    let type = type
    let isFile = name.hasSuffix(":FILE")
    return Field(
      name, type, feature: isFile && type == .string ? .file : .plain,
      isNullable: type != .string && contains(.missing))
  }
}
