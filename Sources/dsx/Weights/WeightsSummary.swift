internal import DSXCore
internal import Models

/// What `dsx weights info` prints.
struct WeightsSummary {
  let store: TensorStore
  let digests: [String: String]

  private var entries: [TensorEntry] { store.names.compactMap { store.entry($0) } }
  private var elements: Int { entries.reduce(0) { $0 + $1.count } }
  private var bytes: Int { entries.reduce(0) { $0 + $1.byteCount } }

  var text: String {
    var lines: [String] = []
    for file in store.files {
      lines.append("\(file.file.path): \(file.format.rawValue), \(file.file.bytes.count) bytes")
    }
    lines.append("sha256: \(store.fingerprint())")
    lines.append(
      "\(entries.count) tensors, \(elements) elements, \(bytes) bytes, "
        + store.storedType(of: store.names))
    for file in store.files {
      for member in file.metadata {
        lines.append("\(Self.safe(member.name)) = \(Self.shown(member.value))")
      }
    }
    for entry in entries {
      let shape = entry.shape.map(String.init).joined(separator: ", ")
      var line =
        "\(Self.safe(entry.name))  \(entry.type.shortName) [\(shape)]  \(entry.byteCount) bytes"
      if let digest = digests[entry.name] { line += "  \(digest)" }
      lines.append(line)
    }
    return lines.joined(separator: "\n")
  }

  var json: JSONValue {
    let tensors = entries.map { entry -> JSONValue in
      var members: [JSONValue.Member] = [
        .init("name", .string(entry.name)), .init("dtype", .string(entry.type.shortName)),
        .init("shape", .array(entry.shape.map { .int(Int64($0)) })),
        .init("bytes", .int(Int64(entry.byteCount))),
      ]
      if let digest = digests[entry.name] { members.append(.init("sha256", .string(digest))) }
      return .object(members)
    }
    return [
      "files": .array(store.files.map(Self.json)),
      "sha256": .string(store.fingerprint()),
      "tensor_count": .int(Int64(entries.count)), "elements": .int(Int64(elements)),
      "bytes": .int(Int64(bytes)), "dtype": .string(store.storedType(of: store.names)),
      "tensors": .array(tensors),
    ]
  }

  private static func json(_ file: WeightFile) -> JSONValue {
    // A name may come twice in a checkpoint's facts, and must not in a JSON object.
    let metadata = file.metadata.map { member -> JSONValue in
      ["name": .string(member.name), "value": member.value]
    }
    return [
      "path": .string(file.file.path), "format": .string(file.format.rawValue),
      "bytes": .int(Int64(file.file.bytes.count)), "metadata": .array(metadata),
    ]
  }

  /// A name from a file for a terminal: control characters as JSON escapes.
  private static func safe(_ name: String) -> String {
    String(JSONValue.string(name).text().dropFirst().dropLast())
  }

  /// A value on one line, at most 200 characters of it.
  private static func shown(_ value: JSONValue) -> String {
    let text = value.text()
    return text.count > 200 ? String(text.prefix(200)) + "..." : text
  }
}
