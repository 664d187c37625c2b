public import DSXCore

extension RecordSchema {
  /// The type of that name. MindRecord has int32, int64, float32, float64, string and bytes.
  ///
  /// Throws `usage` for any other name, with the nearest type that holds all its values where there is one.
  public static func type(named name: String) throws(DSXError) -> FieldType {
    if let type = FieldType(rawValue: name) { return type }
    let known = FieldType.allCases.map(\.rawValue).joined(separator: ", ")
    guard let near = nearest(to: name) else {
      throw DSXError(
        .usage, "MindRecord has no type '\(name.prefix(40))'", hint: "its types are \(known)")
    }
    throw DSXError(
      .usage, "MindRecord has no type '\(name)'; the nearest that it has is \(near.type.rawValue)",
      hint: near.note ?? "declare the field \(near.type.rawValue)")
  }

  /// The nearest type for a name that other formats use.
  private static func nearest(to name: String) -> (type: FieldType, note: String?)? {
    switch name.lowercased() {
    case "bool", "boolean": (.int32, "store 0 and 1 as int32")
    case "int8", "uint8", "int16", "uint16", "byte", "short": (.int32, nil)
    case "uint32", "int", "long": (.int64, nil)
    case "uint64", "ulong":
      (.int64, "int64 holds values below 2^63; store larger ones as string")
    case "float16", "bfloat16", "half", "float": (.float32, nil)
    case "double": (.float64, nil)
    case "longdouble", "float128", "decimal":
      (.float64, "float64 rounds; store exact values as string")
    case "str", "text", "char", "utf8", "unicode", "object", "date", "datetime", "timestamp":
      (.string, nil)
    case "binary", "blob", "image", "void": (.bytes, nil)
    case "complex64", "complex128":
      (.float64, "store the real and the imaginary part as an array of shape [2]")
    default: nil
    }
  }
}
