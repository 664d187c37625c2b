internal import DSXCore

/// The columns that `dataset_info` of a README declares, and the same in a conversion's header.
///
/// | dtype | stored as | feature |
/// | --- | --- | --- |
/// | `string`, `large_string` | string | |
/// | `binary`, `large_binary` | bytes | |
/// | `int64`, `int32`, `float64`, `float32` | the same | |
/// | `bool` | int32 | bool |
/// | `int8`, `int16`, `uint8`, `uint16` | int32 | integer of that size |
/// | `uint32` | int64 | integer of that size |
/// | `float16` | float32 | float16 |
/// | `class_label: {names: {'0': a}}` or `[a, b]` | int64 | classLabel |
/// | `image` | bytes | image |
/// | `list:`, `sequence:`, `struct:` | string | list or json: the JSON text |
enum DatasetFeatures {
  /// The fields of a list `[{name, dtype}]`. Throws `malformed` or `unsupported` with the column's name.
  static func fields(_ value: JSONValue) throws(DSXError) -> [Field] {
    guard let entries = value.array else {
      throw DSXError(.malformed, "'features' is not a list of columns")
    }
    var fields: [Field] = []
    for entry in entries {
      guard let name = entry["name"]?.string, !name.isEmpty else {
        throw DSXError(.malformed, "a column of 'features' has no name")
      }
      guard !fields.contains(where: { $0.name == name }) else {
        throw DSXError(.malformed, "the column '\(name)' of 'features' comes twice")
      }
      fields.append(try field(name, entry))
    }
    return fields
  }

  private static func field(_ name: String, _ entry: JSONValue) throws(DSXError) -> Field {
    if let inner = entry["list"] ?? entry["sequence"] {
      // `list: int64`, `list: {dtype: int64}`; what is nested deeper stays JSON.
      let word = inner.string ?? inner["dtype"]?.string
      guard let word, let plain = plain(word), plain.feature == .plain else {
        return Field(name, .string, feature: .json, isNullable: true)
      }
      return Field(name, .string, feature: .list(of: plain.type), isNullable: true)
    }
    if entry["struct"] != nil { return Field(name, .string, feature: .json, isNullable: true) }
    if let label = entry["class_label"] ?? entry["dtype"]?["class_label"] {
      return Field(name, .int64, feature: .classLabel(try classes(label, name)), isNullable: true)
    }
    guard let word = entry["dtype"]?.string else {
      throw DSXError(.malformed, "the column '\(name)' of 'features' has no dtype")
    }
    guard let plain = plain(word) else {
      throw DSXError(
        .unsupported, "the column '\(name)' has the dtype '\(word)', which is not read",
        hint: "known: " + words.joined(separator: ", "))
    }
    return Field(name, plain.type, feature: plain.feature, isNullable: true)
  }

  private static func classes(_ label: JSONValue, _ name: String) throws(DSXError) -> [String] {
    let names = label["names"] ?? label
    if let list = names.array {
      let texts = list.compactMap(\.string)
      if texts.count == list.count, !texts.isEmpty { return texts }
    }
    if let members = names.object {
      var texts = [String?](repeating: nil, count: members.count)
      for member in members {
        guard let number = Int(member.name), texts.indices.contains(number),
          let text = member.value.string ?? member.value.int.map(String.init)
        else { break }
        texts[number] = text
      }
      let all = texts.compactMap { $0 }
      if all.count == members.count, !all.isEmpty { return all }
    }
    throw DSXError(
      .malformed, "the classes of the column '\(name)' are neither a list nor numbered from 0")
  }

  private static let words = [
    "string", "large_string", "binary", "int8", "int16", "int32", "int64", "uint8", "uint16",
    "uint32", "float16", "float32", "float64", "bool", "image", "class_label",
  ]

  /// The type and meaning of a dtype word.
  private static func plain(_ word: String) -> (type: FieldType, feature: Feature)? {
    switch word {
    case "string", "large_string": (.string, .plain)
    case "binary", "large_binary": (.bytes, .plain)
    case "int32": (.int32, .plain)
    case "int64": (.int64, .plain)
    case "float32": (.float32, .plain)
    case "float64": (.float64, .plain)
    case "bool": (.int32, .bool)
    case "int8": (.int32, .integer(bits: 8, signed: true))
    case "int16": (.int32, .integer(bits: 16, signed: true))
    case "uint8": (.int32, .integer(bits: 8, signed: false))
    case "uint16": (.int32, .integer(bits: 16, signed: false))
    case "uint32": (.int64, .integer(bits: 32, signed: false))
    case "float16": (.float32, .float16)
    case "image": (.bytes, .image)
    default: nil
    }
  }
}
