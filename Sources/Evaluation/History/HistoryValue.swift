/// A value that is bound to a statement.
enum HistoryValue {
  case integer(Int)
  case number(Double)
  case text(String)
  case null

  static func optional(_ value: Double?) -> HistoryValue { value.map { .number($0) } ?? .null }
  static func optional(_ value: Int?) -> HistoryValue { value.map { .integer($0) } ?? .null }
  static func optional(_ value: String?) -> HistoryValue { value.map { .text($0) } ?? .null }
  static func flag(_ value: Bool) -> HistoryValue { .integer(value ? 1 : 0) }
}
