internal import DSXCore

/// Collects the values of one column over the rows of a batch.
struct ColumnBuilder {
  let field: Field
  private var integers: [Int64] = []
  private var numbers: [Double] = []
  private var bytes: [UInt8] = []
  private var offsets = [0]

  init(_ field: Field) { self.field = field }

  /// The column so far; the builder is empty afterwards.
  mutating func take() -> Column {
    defer { self = ColumnBuilder(field) }
    switch field.type {
    case .int32: return Column(.int32(integers.map { Int32(truncatingIfNeeded: $0) }))
    case .int64: return Column(.int64(integers))
    case .float32: return Column(.float32(numbers.map { Float($0) }))
    case .float64: return Column(.float64(numbers))
    case .string, .bytes: return Column(.bytes(bytes), offsets: offsets)
    }
  }

  /// Adds a value of a JSON row. Text columns take strings, and integers and truth values as text;
  /// nested values become their JSON text.
  mutating func append(_ value: JSONValue) throws(DSXError) {
    switch (field.type, value) {
    case (.int64, .int(let number)): integers.append(number)
    case (.int32, .int(let number)) where Int32(exactly: number) != nil: integers.append(number)
    case (.int32, .bool(let truth)), (.int64, .bool(let truth)): integers.append(truth ? 1 : 0)
    case (.float32, .double(let number)), (.float64, .double(let number)): numbers.append(number)
    case (.float32, .int(let number)) where Float(exactly: number) != nil,
      (.float64, .int(let number)) where Double(exactly: number) != nil:
      numbers.append(Double(number))
    case (.string, .string(let text)), (.bytes, .string(let text)): appendBytes(text.utf8)
    case (.string, .int(let number)): appendBytes(String(number).utf8)
    case (.string, .bool(let truth)): appendBytes((truth ? "true" : "false").utf8)
    case (.string, .array), (.string, .object): appendBytes(value.text(.spaced).utf8)
    default: throw fault("holds \(JSONKind(value).words)")
    }
  }

  /// Adds a field of a CSV row.
  mutating func append(_ text: UnsafeRawBufferPointer) throws(DSXError) {
    switch field.type {
    case .string, .bytes: appendBytes(text)
    case .int32, .int64:
      let number = NumberText(text).isInteger ? Int64(String(decoding: text, as: UTF8.self)) : nil
      guard let number, field.type == .int64 || Int32(exactly: number) != nil else {
        throw fault("holds '\(String(decoding: text.prefix(40), as: UTF8.self))'")
      }
      integers.append(number)
    case .float32, .float64:
      let number = NumberText(text).isNumber ? Double(String(decoding: text, as: UTF8.self)) : nil
      guard let number, number.isFinite else {
        throw fault("holds '\(String(decoding: text.prefix(40), as: UTF8.self))'")
      }
      numbers.append(number)
    }
  }

  private mutating func appendBytes(_ text: some Sequence<UInt8>) {
    bytes.append(contentsOf: text)
    offsets.append(bytes.count)
  }

  private func fault(_ what: String) -> DSXError {
    DSXError(.malformed, "the column '\(field.name)' is \(field.type.rawValue), but it \(what)")
  }
}

/// Whether a piece of text is a number in the form that inference accepts.
///
/// Integers are `-?(0|[1-9][0-9]*)`, numbers add a fraction and an exponent as in JSON. So `007`,
/// `+1`, ` 1` and `1,000` stay text, and nothing is lost by converting.
struct NumberText {
  private(set) var isInteger = false
  private(set) var isNumber = false

  init(_ text: UnsafeRawBufferPointer) {
    var index = 0
    func digits() -> Int {
      let start = index
      while index < text.count, text[index] &- 0x30 <= 9 { index += 1 }
      return index - start
    }
    if index < text.count, text[index] == UInt8(ascii: "-") { index += 1 }
    let zero = index < text.count && text[index] == UInt8(ascii: "0")
    let whole = digits()
    guard whole > 0, !(zero && whole > 1) else { return }
    if index == text.count {
      isInteger = true
      isNumber = true
      return
    }
    if text[index] == UInt8(ascii: ".") {
      index += 1
      guard digits() > 0 else { return }
    }
    if index < text.count, text[index] | 0x20 == UInt8(ascii: "e") {
      index += 1
      if index < text.count, text[index] == UInt8(ascii: "+") || text[index] == UInt8(ascii: "-") {
        index += 1
      }
      guard digits() > 0 else { return }
    }
    isNumber = index == text.count
  }
}

/// The kind of a JSON value as inference sees it.
enum JSONKind: Equatable {
  case null
  case truth
  case integer
  case number
  case text
  case nested

  init(_ value: JSONValue) {
    switch value {
    case .null: self = .null
    case .bool: self = .truth
    case .int: self = .integer
    case .double: self = .number
    case .string: self = .text
    case .array, .object: self = .nested
    }
  }

  var words: String {
    switch self {
    case .null: "null"
    case .truth: "a truth value"
    case .integer: "an integer"
    case .number: "a number"
    case .text: "text"
    case .nested: "a nested value"
    }
  }

  /// The type of a column of only such values; nil for null.
  var type: FieldType? {
    switch self {
    case .null: nil
    case .truth: .int32
    case .integer: .int64
    case .number: .float64
    case .text, .nested: .string
    }
  }
}
