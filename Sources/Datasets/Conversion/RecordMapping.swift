internal import DSXCore
internal import Records

/// How the columns of a data set are stored in a record set, and the way back.
///
/// A MindRecord has six types, field names of letters, digits and `_`, and no missing values. So a column
/// keeps its stored type (`Feature` says what it means), gets a name that may be stored, and, where values
/// may be missing, a second field of 0 and 1. The header's member `dsx_schema` keeps what is lost:
///
/// | member | content |
/// | --- | --- |
/// | `version` | 1 |
/// | `fields` | the columns in their order, each an object: |
/// | `name` | the column's own name |
/// | `field` | the field that holds it |
/// | `type` | its stored type |
/// | `shape` | its shape, where it is an array |
/// | `feature` | what it means, where that is more: `"bool"`, `"float16"`, `"json"`, `"file"`, `"image"`, `{"integer": [8, "unsigned"]}`, `{"class_label": [names]}`, `{"list": "int64"}` |
/// | `valid` | the int32 field that is 1 where a value is there and 0 where it is missing; the first field then holds zero or nothing. Left out where no value may be missing |
struct RecordMapping: Sendable {
  /// The data set's columns.
  let original: Schema
  /// The field of each column.
  let stored: [String]
  /// The field of each nullable column's validity.
  let valid: [String?]

  static let version: Int64 = 1

  /// The mapping of a schema.
  init(_ original: Schema) {
    self.original = original
    var taken: Set<String> = ["inc"]
    func free(_ wanted: String) -> String {
      var name = wanted
      var number = 2
      while !taken.insert(name.lowercased()).inserted {
        name = "\(wanted)_\(number)"
        number += 1
      }
      return name
    }
    // Names that may be stored as they are go first, so that no other takes them.
    let plain = original.fields.map { Self.storable($0.name) }
    var stored = [String](repeating: "", count: plain.count)
    for place in plain.indices where plain[place] == original.fields[place].name {
      stored[place] = free(plain[place])
    }
    for place in plain.indices where plain[place] != original.fields[place].name {
      stored[place] = free(plain[place])
    }
    self.stored = stored
    valid = original.fields.indices.map { place in
      original.fields[place].isNullable ? free(stored[place] + "_valid") : nil
    }
  }

  /// Letters, digits and `_`; a digit does not come first.
  private static func storable(_ name: String) -> String {
    var bytes = name.unicodeScalars.map { scalar -> UInt8 in
      let byte = UInt8(exactly: scalar.value) ?? 0
      let isWord =
        byte &- 0x30 <= 9 || (byte | 0x20) &- 0x61 < 26 && byte < 0x80
        || byte == UInt8(ascii: "_")
      return isWord ? byte : UInt8(ascii: "_")
    }
    if bytes.allSatisfy({ $0 == UInt8(ascii: "_") }) { bytes = Array("column".utf8) }
    if bytes[0] &- 0x30 <= 9 { bytes = Array("c_".utf8) + bytes }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// The record set's schema. Integer columns, labels among them, are index fields; text is not, since an
  /// index would hold all of it once more.
  var record: RecordSchema {
    var fields: [Field] = []
    var index: [String] = []
    for (place, field) in original.fields.enumerated() {
      fields.append(Field(stored[place], field.type, shape: field.shape))
      if field.shape == nil, field.type == .int32 || field.type == .int64 {
        index.append(stored[place])
      }
      if let valid = valid[place] { fields.append(Field(valid, .int32)) }
    }
    return RecordSchema(Schema(fields), indexFields: Array(index.prefix(900)), original: json)
  }

  private var json: JSONValue {
    let fields = original.fields.enumerated().map { place, field -> JSONValue in
      var members = [
        JSONValue.Member("name", .string(field.name)),
        JSONValue.Member("field", .string(stored[place])),
        JSONValue.Member("type", .string(field.type.rawValue)),
      ]
      if let shape = field.shape {
        members.append(.init("shape", .array(shape.map { .int(Int64($0)) })))
      }
      if let feature = field.feature.json { members.append(.init("feature", feature)) }
      if let valid = valid[place] { members.append(.init("valid", .string(valid))) }
      return .object(members)
    }
    return ["version": .int(Self.version), "fields": .array(fields)]
  }

  /// The mapping that a record set's header holds; nil when it has none, or one that its fields do not
  /// bear out, e.g. after they were renamed.
  init?(reading schema: RecordSchema) {
    guard let json = schema.original, json["version"] == .int(Self.version),
      let entries = json["fields"]?.array
    else { return nil }
    var fields: [Field] = []
    var stored: [String] = []
    var valid: [String?] = []
    for entry in entries {
      guard let name = entry["name"]?.string, let field = entry["field"]?.string,
        let place = schema.schema.index(of: field),
        entry["type"]?.string == schema.schema.fields[place].type.rawValue
      else { return nil }
      let feature: Feature
      if let value = entry["feature"] {
        guard let known = Feature(json: value) else { return nil }
        feature = known
      } else {
        feature = .plain
      }
      let shape = entry["shape"]?.array?.compactMap(\.int)
      guard shape == schema.schema.fields[place].shape else { return nil }
      let mark = entry["valid"]?.string
      if let mark {
        guard let place = schema.schema.index(of: mark),
          schema.schema.fields[place] == Field(mark, .int32)
        else { return nil }
      }
      stored.append(field)
      valid.append(mark)
      fields.append(
        Field(
          name, schema.schema.fields[place].type, shape: shape, feature: feature,
          isNullable: mark != nil))
    }
    guard !fields.isEmpty else { return nil }
    original = Schema(fields)
    self.stored = stored
    self.valid = valid
  }
}

extension Feature {
  /// The feature in a header; nil for `plain`.
  var json: JSONValue? {
    switch self {
    case .plain: nil
    case .bool: "bool"
    case .float16: "float16"
    case .json: "json"
    case .file: "file"
    case .image: "image"
    case .integer(let bits, let signed):
      ["integer": [.int(Int64(bits)), .string(signed ? "signed" : "unsigned")]]
    case .classLabel(let names): ["class_label": .array(names.map { .string($0) })]
    case .list(let type): ["list": .string(type.rawValue)]
    }
  }

  init?(json: JSONValue) {
    switch json {
    case .string("bool"): self = .bool
    case .string("float16"): self = .float16
    case .string("json"): self = .json
    case .string("file"): self = .file
    case .string("image"): self = .image
    case .object(let members) where members.count == 1:
      let value = members[0].value
      switch members[0].name {
      case "integer":
        guard let list = value.array, list.count == 2, let bits = list[0].int,
          [8, 16, 32].contains(bits), let sign = list[1].string
        else { return nil }
        self = .integer(bits: bits, signed: sign == "signed")
      case "class_label":
        let names = value.array?.compactMap(\.string) ?? []
        guard !names.isEmpty, names.count == value.array?.count else { return nil }
        self = .classLabel(names)
      case "list":
        guard let type = value.string.flatMap(FieldType.init(rawValue:)) else { return nil }
        self = .list(of: type)
      default: return nil
      }
    default: return nil
    }
  }
}
