internal import DSXCore

extension PipelineState {
  static let incomplete = DSXError(.malformed, "the saved position is not complete")

  var json: JSONValue {
    var members: [JSONValue.Member] = []
    if !numbers.isEmpty {
      members.append(.init("numbers", .array(numbers.map { .int(Int64($0)) })))
    }
    if !blocks.isEmpty { members.append(.init("blocks", .array(blocks.map(\.json)))) }
    if !inputs.isEmpty { members.append(.init("inputs", .array(inputs.map(\.json)))) }
    return .object(members)
  }

  init(json: JSONValue, depth: Int = 0) throws(DSXError) {
    guard let members = json.object, depth < 256 else { throw Self.incomplete }
    for member in members {
      guard let values = member.value.array else { throw Self.incomplete }
      for value in values {
        switch member.name {
        case "numbers":
          guard let number = value.int else { throw Self.incomplete }
          numbers.append(number)
        case "blocks": blocks.append(try Block(json: value))
        case "inputs": inputs.append(try PipelineState(json: value, depth: depth + 1))
        default: throw Self.incomplete
        }
      }
    }
  }
}

extension Block {
  fileprivate var json: JSONValue {
    let places: JSONValue =
      if case .unknown = origin {
        .null
      } else {
        .array(
          (0..<rows).map { place($0) }.map { place in
            place.map { .int(Int64(Self.pack(source: $0.source, row: $0.row))) } ?? .null
          })
      }
    let fields: [JSONValue] = zip(batch.schema.fields, batch.columns).map { field, column in
      column.json(field)
    }
    return ["places": places, "columns": .array(fields)]
  }

  fileprivate init(json: JSONValue) throws(DSXError) {
    guard let list = json["columns"]?.array, let places = json["places"] else {
      throw PipelineState.incomplete
    }
    var fields: [Field] = []
    var columns: [Column] = []
    for value in list {
      let (field, column) = try Column.read(value)
      guard columns.isEmpty || column.rows == columns[0].rows else {
        throw PipelineState.incomplete
      }
      fields.append(field)
      columns.append(column)
    }
    let batch = Batch(schema: Schema(fields), columns: columns)
    guard let numbers = places.array else {
      self.init(batch, origin: .unknown)
      return
    }
    let packed = numbers.compactMap { $0.int }.filter { $0 >= 0 }
    guard packed.count == batch.rows, numbers.count == batch.rows else {
      throw PipelineState.incomplete
    }
    self.init(batch, origin: .list(packed))
  }
}

extension Column {
  fileprivate func json(_ field: Field) -> JSONValue {
    func ints(_ values: some Sequence<Int64>) -> JSONValue { .array(values.map { .int($0) }) }
    var members: [JSONValue.Member] = [.init("name", .string(field.name))]
    switch elements {
    case .int32(let values):
      members += [.init("type", "int32"), .init("values", ints(values.lazy.map { Int64($0) }))]
    case .int64(let values):
      members += [.init("type", "int64"), .init("values", ints(values))]
    case .float32(let values):
      members += [
        .init("type", "float32"),
        .init("values", ints(values.lazy.map { Int64($0.bitPattern) })),
      ]
    case .float64(let values):
      members += [
        .init("type", "float64"),
        .init("values", ints(values.lazy.map { Int64(bitPattern: $0.bitPattern) })),
      ]
    case .bytes(let values):
      let digits = Array("0123456789abcdef".utf8)
      var text: [UInt8] = []
      text.reserveCapacity(values.count * 2)
      for byte in values {
        text.append(digits[Int(byte >> 4)])
        text.append(digits[Int(byte & 15)])
      }
      members += [
        .init("type", "bytes"), .init("bytes", .string(String(decoding: text, as: UTF8.self))),
      ]
    }
    if let offsets { members.append(.init("offsets", ints(offsets.lazy.map { Int64($0) }))) }
    if let validity {
      members.append(.init("validity", .array(validity.map { .bool($0) })))
    }
    return .object(members)
  }

  fileprivate static func read(_ json: JSONValue) throws(DSXError) -> (Field, Column) {
    guard let name = json["name"]?.string, let type = json["type"]?.string else {
      throw PipelineState.incomplete
    }
    var values: [Int64] = []
    for value in json["values"]?.array ?? [] {
      guard case .int(let number) = value else { throw PipelineState.incomplete }
      values.append(number)
    }
    let elements: Elements
    switch type {
    case "int32": elements = .int32(values.map { Int32(truncatingIfNeeded: $0) })
    case "int64": elements = .int64(values)
    case "float32":
      elements = .float32(values.map { Float(bitPattern: UInt32(truncatingIfNeeded: $0)) })
    case "float64":
      elements = .float64(values.map { Double(bitPattern: UInt64(bitPattern: $0)) })
    case "bytes":
      let digits = Array((json["bytes"]?.string ?? "").utf8)
      guard digits.count % 2 == 0 else { throw PipelineState.incomplete }
      var bytes: [UInt8] = []
      bytes.reserveCapacity(digits.count / 2)
      for index in stride(from: 0, to: digits.count, by: 2) {
        guard let high = hexValue(digits[index]), let low = hexValue(digits[index + 1]) else {
          throw PipelineState.incomplete
        }
        bytes.append(high << 4 | low)
      }
      elements = .bytes(bytes)
    default: throw PipelineState.incomplete
    }
    var column = Column(elements)
    if let offsets = json["offsets"]?.array {
      column.offsets = offsets.compactMap { $0.int }
      guard column.offsets?.isEmpty == false else { throw PipelineState.incomplete }
    }
    if let validity = json["validity"]?.array {
      column.validity = validity.compactMap { $0.bool }
    }
    guard column.isConsistent else { throw PipelineState.incomplete }
    return (Field(name, FieldType(rawValue: type) ?? .bytes), column)
  }

  private static func hexValue(_ digit: UInt8) -> UInt8? {
    switch digit {
    case 0x30...0x39: digit - 0x30
    case 0x61...0x66: digit - 0x61 + 10
    default: nil
    }
  }
}
