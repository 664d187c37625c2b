/// Why a row cannot become a record, and which value is to blame.
public struct RowFault: Error, Hashable, Sendable {
  /// The kind of fault: what skipped rows are counted by. The names are stable.
  public enum Reason: String, CaseIterable, Sendable {
    /// The line is no JSON, or not valid UTF-8.
    case notJSON = "not-json"
    /// The line is JSON, but no object.
    case notObject = "not-an-object"
    /// A field of the schema is not there.
    case missingField = "missing-field"
    /// There is a field that the schema does not have.
    case unknownField = "unknown-field"
    /// A field comes twice.
    case repeatedField = "repeated-field"
    /// The value is of another type than the field.
    case wrongType = "wrong-type"
    /// The number does not fit into the field's type.
    case outOfRange = "out-of-range"
    /// NaN or infinity in an indexed field: MindSpore could not open the set.
    case notFinite = "not-finite"
    /// The array's shape or number of elements is not the field's.
    case wrongShape = "wrong-shape"
    /// The text of a bytes value is no base64.
    case badBase64 = "bad-base64"
    /// The only bytes or array field is empty: MindSpore would lose the row.
    case emptyValue = "empty-value"
    /// What the record writer refuses for another reason, such as a row longer than a page.
    case refused
  }

  /// The kind of fault.
  public var reason: Reason
  /// The field, where one is to blame.
  public var field: String?
  /// What is wrong, with the value.
  public var message: String

  /// A fault.
  public init(_ reason: Reason, field: String? = nil, _ message: String) {
    self.reason = reason
    self.field = field
    self.message = message
  }
}

/// A row that was left out.
public struct SkippedRow: Hashable, Sendable {
  /// The row's number in the input, from 0, skipped rows included.
  public var row: Int
  /// The line that it came from, from 1; nil when it did not come from text.
  public var line: Int?
  /// Why.
  public var fault: RowFault

  /// A skipped row.
  public init(row: Int, line: Int? = nil, _ fault: RowFault) {
    self.row = row
    self.line = line
    self.fault = fault
  }
}
