/// The element type of a field, as MindRecord names them.
public enum FieldType: String, CaseIterable, Sendable {
  /// 32-bit signed integers.
  case int32
  /// 64-bit signed integers.
  case int64
  /// IEEE single precision.
  case float32
  /// IEEE double precision.
  case float64
  /// UTF-8 text.
  case string
  /// Raw bytes.
  case bytes
}

/// One named field of a schema.
public struct Field: Hashable, Sendable {
  /// Its name.
  public var name: String
  /// Its element type.
  public var type: FieldType
  /// nil for a scalar; else the dimensions, at most one of which is -1 (varies from row to row).
  public var shape: [Int]?
  /// What its values mean beyond their type.
  public var feature: Feature
  /// Whether a value may be missing: `Column.validity` then says which are.
  public var isNullable: Bool

  /// A field.
  public init(
    _ name: String, _ type: FieldType, shape: [Int]? = nil, feature: Feature = .plain,
    isNullable: Bool = false
  ) {
    self.name = name
    self.type = type
    self.shape = shape
    self.feature = feature
    self.isNullable = isNullable
  }
}

/// The fields of a data set or record file, in order.
public struct Schema: Hashable, Sendable {
  /// The fields.
  public var fields: [Field]

  /// A schema with these fields.
  public init(_ fields: [Field]) { self.fields = fields }

  /// The position of the field of that name.
  public func index(of name: String) -> Int? { fields.firstIndex { $0.name == name } }
}
