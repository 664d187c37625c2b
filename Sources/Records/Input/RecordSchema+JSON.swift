public import DSXCore

/// The schema as a JSON file: what `dsx records info --schema` prints and `dsx records write` takes.
///
/// | member | meaning |
/// |---|---|
/// | `description` | free text; may be missing |
/// | `fields` | `{"name", "type"}` or `{"name", "type", "shape"}` each |
/// | `index_fields` | names in order; missing: all string and integer scalars |
///
/// MindSpore's own form `{"NAME": {"type": "int32", "shape": [-1]}, ...}` is read too.
extension RecordSchema {
  /// The schema as JSON.
  public var json: JSONValue {
    let fields = schema.fields.map { field -> JSONValue in
      var members = [
        JSONValue.Member("name", .string(field.name)),
        JSONValue.Member("type", .string(field.type.rawValue)),
      ]
      if let shape = field.shape {
        members.append(.init("shape", .array(shape.map { .int(Int64($0)) })))
      }
      return .object(members)
    }
    var members = [
      JSONValue.Member("description", .string(description)),
      JSONValue.Member("fields", .array(fields)),
    ]
    if let indexFields {
      members.append(.init("index_fields", .array(indexFields.map { .string($0) })))
    }
    return .object(members)
  }

  /// Reads a schema. Throws `malformed` for what is no schema, `unsupported` for a type that MindRecord
  /// lacks (with the nearest one that it has).
  public init(json: JSONValue) throws(DSXError) {
    guard let members = json.object else {
      throw DSXError(.malformed, "the schema is no JSON object", hint: Self.form)
    }
    if members.contains(where: { $0.name == "fields" && $0.value.array != nil }) {
      try self.init(own: members)
      return
    }
    // A bare type name in place of {"type": ...} is a common slip: let it pass as an error with the form.
    var fields: [Field] = []
    for member in members {
      fields.append(try Self.field(member.name, member.value))
    }
    self.init(Schema(fields))
    try check()
  }

  private init(own members: [JSONValue.Member]) throws(DSXError) {
    var fields: [Field] = []
    var description = ""
    var indexFields: [String]?
    for member in members {
      switch (member.name, member.value) {
      case ("fields", .array(let entries)):
        for entry in entries {
          guard let name = entry["name"]?.string else {
            throw DSXError(.malformed, "a field of the schema has no name", hint: Self.form)
          }
          fields.append(try Self.field(name, entry))
        }
      case ("description", .string(let text)): description = text
      case ("index_fields", .array(let names)):
        indexFields = []
        for name in names {
          guard let name = name.string else {
            throw DSXError(.malformed, "index_fields of the schema holds no field names")
          }
          indexFields?.append(name)
        }
      case ("index_fields", .null): break
      default:
        throw DSXError(
          .malformed, "the schema's member '\(member.name)' is unknown or of a wrong type",
          hint: Self.form)
      }
    }
    self.init(Schema(fields), description: description, indexFields: indexFields)
    try check()
  }

  /// What the writer would refuse is refused here, as bad input.
  private func check() throws(DSXError) {
    do { _ = try RecordPlan(self, floatsIndexed: false) } catch {
      var fault = error
      fault.code = .malformed
      throw fault
    }
  }

  private static let form =
    #"write {"fields": [{"name": "ids", "type": "int32", "shape": [-1]}, ...], "index_fields": [...]}"#

  private static func field(_ name: String, _ json: JSONValue) throws(DSXError) -> Field {
    guard let members = json.object, let type = json["type"]?.string else {
      throw DSXError(.malformed, "the field '\(name)' of the schema has no type", hint: form)
    }
    for member in members where !["name", "type", "shape"].contains(member.name) {
      throw DSXError(
        .malformed, "the field '\(name)' of the schema has an unknown member '\(member.name)'",
        hint: form)
    }
    guard let known = FieldType(rawValue: type) else {
      throw DSXError(
        .unsupported, "the field '\(name)' is \(type), which MindRecord does not have",
        hint: nearest(type))
    }
    guard let shape = json["shape"], !shape.isNull else { return Field(name, known) }
    var dimensions: [Int] = []
    for dimension in shape.array ?? [] {
      guard case .int(let value) = dimension, let size = Int(exactly: value) else {
        throw DSXError(.malformed, "the shape of the field '\(name)' holds no integers")
      }
      dimensions.append(size)
    }
    return Field(name, known, shape: dimensions)
  }

  /// What to store a type as that MindRecord lacks.
  static func nearest(_ type: String) -> String {
    let all = "its types are: " + FieldType.allCases.map(\.rawValue).joined(separator: ", ")
    let advice: String? =
      switch type.lowercased() {
      case "bool", "boolean": "store it as int32, 0 and 1"
      case "int8", "uint8", "int16", "uint16", "byte", "short", "int": "store it as int32"
      case "uint32", "long", "integer": "store it as int64"
      case "uint64": "store it as int64, or as string when values reach 2^63"
      case "float16", "half", "bfloat16", "float": "store it as float32"
      case "double", "decimal": "store it as float64"
      case "str", "text", "char", "utf8", "category": "store it as string"
      case "binary", "blob", "image": "store it as bytes"
      case "datetime", "timestamp", "date": "store it as int64 or as string"
      case "complex64", "complex128": "store it as a float array of shape [2]"
      default: nil
      }
    return advice.map { $0 + "; " + all } ?? all
  }
}
