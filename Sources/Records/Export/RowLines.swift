public import DSXCore

/// Rows of a batch as JSON lines, one object a row, members in field order.
///
/// Numbers and strings as JSON; non-finite floats as "NaN", "Infinity", "-Infinity"; bytes as
/// `{"base64": ...}`; arrays as `{"dtype", "shape", "data"}` with flat data. Integers are exact to 64 bits,
/// floats in their shortest form as doubles.
public struct RowLines {
  private let fields: [Field]
  private let names: [[UInt8]]
  private let decode: (([Int32]) throws -> String)?

  /// Lines for batches of that schema. `decode` turns the token ids of an int32 array into text: such a
  /// field then gets a member `text` in place of `data`.
  public init(_ schema: Schema, decode: (([Int32]) throws -> String)? = nil) {
    fields = schema.fields
    self.decode = decode
    names = schema.fields.map { field in
      var bytes: [UInt8] = []
      JSONValue.writeString(field.name, into: &bytes)
      return bytes + [UInt8(ascii: ":")]
    }
  }

  /// Appends row `row` and a line feed to `out`.
  public func append(_ batch: Batch, row: Int, into out: inout [UInt8]) throws(DSXError) {
    out.append(UInt8(ascii: "{"))
    for (position, column) in batch.columns.enumerated() {
      if position > 0 { out.append(UInt8(ascii: ",")) }
      out.append(contentsOf: names[position])
      try append(fields[position], column, batch.firstRow, row, into: &out)
    }
    out.append(UInt8(ascii: "}"))
    out.append(0x0a)
  }

  /// One value as JSON text, cut after 200 bytes.
  func value(_ batch: Batch, row: Int, field: Int) throws(DSXError) -> String {
    var out: [UInt8] = []
    try append(fields[field], batch.columns[field], batch.firstRow, row, into: &out)
    guard out.count > 200 else { return String(decoding: out, as: UTF8.self) }
    var end = 200
    while end > 0, out[end] & 0xc0 == 0x80 { end -= 1 }
    return String(decoding: out[..<end], as: UTF8.self) + "..."
  }

  private func append(
    _ field: Field, _ column: Column, _ firstRow: Int, _ row: Int, into out: inout [UInt8]
  ) throws(DSXError) {
    guard let offsets = column.offsets else {
      Self.scalar(column.elements, row, into: &out)
      return
    }
    let range = offsets[row]..<offsets[row + 1]
    if case .bytes(let bytes) = column.elements {
      if field.type == .string {
        JSONValue.writeString(String(decoding: bytes[range], as: UTF8.self), into: &out)
      } else {
        out.append(contentsOf: "{\"base64\":\"".utf8)
        Base64.encode(bytes[range], into: &out)
        out.append(contentsOf: "\"}".utf8)
      }
      return
    }
    out.append(contentsOf: "{\"dtype\":\"\(field.type.rawValue)\",\"shape\":[".utf8)
    let step = max(field.elementsPerStep ?? 1, 1)
    for (position, dimension) in (field.shape ?? []).enumerated() {
      if position > 0 { out.append(UInt8(ascii: ",")) }
      Self.integer(Int64(dimension == -1 ? range.count / step : dimension), into: &out)
    }
    if let decode, case .int32(let values) = column.elements {
      out.append(contentsOf: "],\"text\":".utf8)
      do { JSONValue.writeString(try decode(Array(values[range])), into: &out) } catch {
        throw (error as? DSXError)
          ?? DSXError(
            .malformed, "the token ids cannot be decoded", row: firstRow + row,
            underlying: "\(error)")
      }
    } else {
      out.append(contentsOf: "],\"data\":[".utf8)
      for index in range {
        if index > range.lowerBound { out.append(UInt8(ascii: ",")) }
        Self.scalar(column.elements, index, into: &out)
      }
      out.append(UInt8(ascii: "]"))
    }
    out.append(UInt8(ascii: "}"))
  }

  @inline(__always)
  private static func scalar(_ elements: Column.Elements, _ index: Int, into out: inout [UInt8]) {
    switch elements {
    case .int32(let values): integer(Int64(values[index]), into: &out)
    case .int64(let values): integer(values[index], into: &out)
    case .float32(let values): JSONValue.double(Double(values[index])).write(into: &out)
    case .float64(let values): JSONValue.double(values[index]).write(into: &out)
    case .bytes(let values): integer(Int64(values[index]), into: &out)
    }
  }

  /// Decimal digits without making a String: an export is mostly integers.
  @inline(__always)
  private static func integer(_ value: Int64, into out: inout [UInt8]) {
    if value < 0 { out.append(UInt8(ascii: "-")) }
    var left = value.magnitude
    let start = out.count
    repeat {
      out.append(UInt8(ascii: "0") + UInt8(left % 10))
      left /= 10
    } while left > 0
    var low = start
    var high = out.count - 1
    while low < high {
      out.swapAt(low, high)
      low += 1
      high -= 1
    }
  }
}
