public import DSXCore

/// What a record set stores beside its rows: fields, a description, and the fields that its index holds.
public struct RecordSchema: Hashable, Sendable {
  /// The fields. A file keeps them sorted by the UTF-8 bytes of their names; reading gives that order.
  public var schema: Schema
  /// Free text (`desc`).
  public var description: String
  /// The scalar fields that the SQLite index holds, in order. nil: all string and integer scalars,
  /// sorted by name (under `mindSporeExact` the float scalars too, as MindSpore does).
  public var indexFields: [String]?
  /// The schema of the data set that the rows were converted from: an object that is kept as it is, as
  /// the member `dsx_schema` of the header. nil: none, and always so under `mindSporeExact`.
  public var original: JSONValue?

  /// A record schema.
  public init(
    _ schema: Schema, description: String = "", indexFields: [String]? = nil,
    original: JSONValue? = nil
  ) {
    self.schema = schema
    self.description = description
    self.indexFields = indexFields
    self.original = original
  }
}
