internal import DSXCore

/// A data set's columns in a plan: an array of `{"name", "type", "shape", "feature", "nullable"}`.
extension Schema {
  var json: JSONValue {
    .array(
      fields.map { field in
        [
          "name": .string(field.name), "type": .string(field.type.rawValue),
          "shape": field.shape.map { .array($0.map { .int(Int64($0)) }) } ?? .null,
          "feature": field.feature.json ?? .null, "nullable": .bool(field.isNullable),
        ]
      })
  }

  /// Reads it; nil when it is none.
  init?(json: JSONValue) {
    guard let entries = json.array, !entries.isEmpty else { return nil }
    var fields: [Field] = []
    for entry in entries {
      guard let name = entry["name"]?.string,
        let type = entry["type"]?.string.flatMap(FieldType.init(rawValue:)),
        let isNullable = entry["nullable"]?.bool
      else { return nil }
      var feature = Feature.plain
      if let value = entry["feature"], !value.isNull {
        guard let known = Feature(json: value) else { return nil }
        feature = known
      }
      let shape = entry["shape"]?.array?.compactMap(\.int)
      guard shape?.count == entry["shape"]?.array?.count else { return nil }
      fields.append(
        Field(name, type, shape: shape, feature: feature, isNullable: isNullable))
    }
    self.init(fields)
  }
}
