public import DSXCore

/// One value of a batch as people and programs read it.
public struct CellValue: Sendable {
  private let field: Field
  private let column: Column
  private let row: Int

  /// The value of a column in one row.
  public init(_ batch: Batch, column: Int, row: Int) {
    field = batch.schema.fields[column]
    self.column = batch.columns[column]
    self.row = row
  }

  /// Whether there is a value.
  public var isPresent: Bool { column.isValid(row) }

  /// The value as JSON: truth values, nested values and lists as such, labels as numbers, bytes as
  /// `{"base64": ...}`, arrays as lists, a missing value as null.
  public var json: JSONValue {
    guard isPresent else { return .null }
    guard let offsets = column.offsets else { return scalar(row) }
    let range = offsets[row]..<offsets[row + 1]
    guard case .bytes(let bytes) = column.elements else {
      return .array(range.map { scalar($0) })
    }
    guard field.type == .string else {
      return ["base64": .string(Self.base64(bytes[range]))]
    }
    let text = String(decoding: bytes[range], as: UTF8.self)
    switch field.feature {
    case .json, .list: return (try? JSONParser.parse(text)) ?? .string(text)
    default: return .string(text)
    }
  }

  /// The value in a table for people: labels with their names, bytes by their number; nil when missing.
  public var text: String? {
    guard isPresent else { return nil }
    switch (field.feature, json) {
    case (.classLabel(let names), .int(let number)):
      let place = Int(number)
      return names.indices.contains(place) ? "\(number) (\(names[place]))" : "\(number)"
    case (.image, _): return "<image, \(count) bytes>"
    case (_, .object) where field.type == .bytes: return "<\(count) bytes>"
    case (_, .string(let text)): return text
    case (_, let value): return value.text(.spaced)
    }
  }

  /// The value in a CSV cell: text as it is, bytes in base64, a missing one empty.
  public var csv: String {
    guard isPresent else { return "" }
    switch json {
    case .string(let text): return text
    case .object(let members) where field.type == .bytes: return members[0].value.string ?? ""
    case let value: return value.text(.spaced)
    }
  }

  private var count: Int { column.offsets.map { $0[row + 1] - $0[row] } ?? 1 }

  private func scalar(_ index: Int) -> JSONValue {
    switch column.elements {
    case .int32(let values):
      return field.feature == .bool ? .bool(values[index] != 0) : .int(Int64(values[index]))
    case .int64(let values): return .int(values[index])
    case .float32(let values):
      // The shortest text that gives the single back, not the double's.
      return .double(Double(values[index].description) ?? Double(values[index]))
    case .float64(let values): return .double(values[index])
    case .bytes(let values): return .int(Int64(values[index]))
    }
  }

  static func base64(_ bytes: ArraySlice<UInt8>) -> String {
    let digits = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
    var out: [UInt8] = []
    out.reserveCapacity((bytes.count + 2) / 3 * 4)
    var at = bytes.startIndex
    while at < bytes.endIndex {
      let left = bytes.endIndex - at
      let word =
        UInt32(bytes[at]) << 16 | (left > 1 ? UInt32(bytes[at + 1]) << 8 : 0)
        | (left > 2 ? UInt32(bytes[at + 2]) : 0)
      out.append(digits[Int(word >> 18)])
      out.append(digits[Int(word >> 12 & 63)])
      out.append(left > 1 ? digits[Int(word >> 6 & 63)] : UInt8(ascii: "="))
      out.append(left > 2 ? digits[Int(word & 63)] : UInt8(ascii: "="))
      at += 3
    }
    return String(decoding: out, as: UTF8.self)
  }
}

extension Field {
  /// The type as people read it: `int64`, `float32[-1]`, `bool`, `label (10 classes)`, `int64 or null`.
  public var displayType: String {
    let word: String
    switch feature {
    case .plain: word = type.rawValue
    case .bool: word = "bool"
    case .integer(let bits, let signed): word = "\(signed ? "" : "u")int\(bits)"
    case .float16: word = "float16"
    case .classLabel(let names): word = "label (\(names.count) classes)"
    case .json: word = "json"
    case .list(let of): word = "list of \(of.rawValue)"
    case .file: word = "file"
    case .image: word = "image"
    }
    let shaped =
      shape.map { word + "[" + $0.map(String.init).joined(separator: ", ") + "]" } ?? word
    return isNullable ? shaped + " or null" : shaped
  }
}
