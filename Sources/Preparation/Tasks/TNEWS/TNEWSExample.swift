/// One row to come: which labels are compared, behind which demonstrations.
struct TNEWSExample: Sendable {
  /// Each a text without its line end.
  var demonstrations: [String]
  var sentence: String
  /// The labels' words.
  var candidates: [String]
  /// The position of the true one.
  var label: Int
}
