public import DSXCore

/// An element type that rows are read into buffers as: exactly the element type of the field.
public protocol RecordElement: BitwiseCopyable, Sendable {
  /// The field type whose elements these are.
  static var fieldType: FieldType { get }
}

extension Int32: RecordElement {
  /// int32 fields.
  public static var fieldType: FieldType { .int32 }
}
extension Int64: RecordElement {
  /// int64 fields.
  public static var fieldType: FieldType { .int64 }
}
extension Float: RecordElement {
  /// float32 arrays. (A float32 scalar keeps the double that was written: read it as Double.)
  public static var fieldType: FieldType { .float32 }
}
extension Double: RecordElement {
  /// float64 fields, and float32 scalars.
  public static var fieldType: FieldType { .float64 }
}
