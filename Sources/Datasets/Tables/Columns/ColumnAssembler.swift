internal import DSXCore

/// Collects the values of one column one by one, as its field's type and feature say.
///
/// | field | JSON values | text |
/// | --- | --- | --- |
/// | int32, int64 | integers that fit; true and false as 1 and 0 | an integer |
/// | float32, float64 | numbers | a number |
/// | string, bytes, `.file`, `.image` | strings; integers, truth values and nested values as text | as it is |
/// | `.bool` | true, false | `true`, `false`, `1`, `0`, also `True` and `TRUE` |
/// | `.integer` | integers in the range | an integer in the range |
/// | `.float16` | numbers, rounded to half precision | a number |
/// | `.classLabel` | a name, or its number | a name, or its number |
/// | `.json` | any value | a JSON text |
/// | `.list`, or a shape | arrays | the JSON text of an array |
///
/// A shape's numbers are stored flat, row by row.
struct ColumnAssembler {
  let field: Field
  private var store: ColumnStore
  private let labels: [String: Int64]
  /// The field as it was inferred: JSON values must be of exactly its kind, so that nothing is made text, and
  /// no truth value a number. An integer is a number.
  private let exact: Field?

  init(_ field: Field, exact: Field? = nil) {
    self.field = field
    self.exact = exact
    store = ColumnStore(field)
    if case .classLabel(let names) = field.feature {
      labels = Dictionary(
        names.enumerated().map { ($0.element, Int64($0.offset)) }, uniquingKeysWith: { a, _ in a })
    } else {
      labels = [:]
    }
  }

  /// Whether an empty text is a value of the field.
  var takesEmptyText: Bool {
    guard field.type == .string || field.type == .bytes, field.shape == nil else { return false }
    switch field.feature {
    case .plain, .file, .image: return true
    default: return false
    }
  }

  /// The column so far; the assembler is empty afterwards.
  mutating func take() -> Column {
    defer { store = ColumnStore(field) }
    return store.column
  }

  /// Takes back the rows from `count` on.
  mutating func truncate(to count: Int) { store.truncate(to: count) }

  /// Adds a row without a value; throws unless the field is nullable.
  mutating func appendMissing() throws(DSXError) {
    guard field.isNullable else { throw fault("has no value") }
    store.appendMissing()
  }

  /// Adds a value of a JSON row; nil where the row does not have the member.
  mutating func append(_ value: JSONValue?) throws(DSXError) {
    guard let value, value != .null || isJSON else { return try appendMissing() }
    if let exact { try check(JSONKind(value), of: exact) }
    if let shape = field.shape, field.type != .string, field.type != .bytes {
      try appendElements(value, shape[...])
      if shape.contains(-1) == false, store.openElements != shape.reduce(1, *) {
        throw undone("holds a list of another size than \(shape)")
      }
      store.endRow()
      return
    }
    switch field.feature {
    case .classLabel:
      if case .string(let name) = value {
        try appendLabel(name)
      } else if case .int(let number) = value {
        try appendLabel(String(number))
      } else {
        throw fault("holds \(JSONKind(value).words)")
      }
    case .bool:
      guard case .bool(let truth) = value else { throw fault("holds \(JSONKind(value).words)") }
      store.append(integer: truth ? 1 : 0, number: truth ? 1 : 0)
    case .json: store.append(bytes: value.text(.spaced).utf8)
    case .list(let type):
      try checkList(value, type)
      store.append(bytes: value.text(.spaced).utf8)
    case .plain, .integer, .float16, .file, .image: try appendPlain(value)
    }
    store.endScalar()
  }

  private func check(_ kind: JSONKind, of inferred: Field) throws(DSXError) {
    let fits: Bool
    switch (inferred.feature, inferred.type) {
    case (.json, _): fits = kind == .nested
    case (.bool, _): fits = kind == .truth
    case (_, .int32), (_, .int64): fits = kind == .integer
    case (_, .float32), (_, .float64): fits = kind == .integer || kind == .number
    case (_, .string), (_, .bytes): fits = kind == .text
    }
    guard fits else {
      var error = DSXError(
        .malformed,
        "the column '\(field.name)' is \(inferred.typeWords), but it holds \(kind.words)")
      error.hint =
        "one column has one type: write all its values alike, or declare it as json or string"
      throw error
    }
  }

  private var isJSON: Bool {
    if case .json = field.feature { return !field.isNullable }
    return false
  }

  /// Adds a value that is written as text, as in CSV.
  mutating func append(text: [UInt8]) throws(DSXError) {
    if field.shape != nil { return try append(try parsed(text)) }
    let shown = { String(decoding: text.prefix(40), as: UTF8.self) }
    switch field.feature {
    case .json:
      _ = try parsed(text)
      store.append(bytes: text)
    case .list(let type):
      try checkList(try parsed(text), type)
      store.append(bytes: text)
    case .classLabel: try appendLabel(String(decoding: text, as: UTF8.self))
    case .bool:
      switch String(decoding: text, as: UTF8.self) {
      case "true", "True", "TRUE", "1": store.append(integer: 1, number: 1)
      case "false", "False", "FALSE", "0": store.append(integer: 0, number: 0)
      default: throw fault("holds '\(shown())'")
      }
    case .plain, .integer, .float16, .file, .image:
      switch field.type {
      case .string, .bytes: store.append(bytes: text)
      case .int32, .int64:
        let value = text.withUnsafeBufferPointer { buffer -> Int64? in
          buffer.baseAddress.flatMap { NumberText.int64($0, buffer.count, room: buffer.count) }
        }
        guard let value, isInRange(value) else { throw fault("holds '\(shown())'") }
        store.append(integer: value, number: 0)
      case .float32, .float64:
        let value = text.withUnsafeBufferPointer { buffer -> Double? in
          buffer.baseAddress.flatMap {
            NumberText.double($0, buffer.count, exactIntegers: false)
          }
        }
        guard let value else { throw fault("holds '\(shown())'") }
        try storeNumber(value)
      }
    }
    store.endScalar()
  }

  private func parsed(_ text: [UInt8]) throws(DSXError) -> JSONValue {
    do { return try JSONParser.parse(text) } catch {
      throw fault("holds text that is no JSON: \(error.message)")
    }
  }

  private mutating func appendPlain(_ value: JSONValue) throws(DSXError) {
    switch (field.type, value) {
    case (.int64, .int(let number)), (.int32, .int(let number)):
      guard isInRange(number) else { throw fault("holds \(number)") }
      store.append(integer: number, number: 0)
    case (.int32, .bool(let truth)), (.int64, .bool(let truth)):
      store.append(integer: truth ? 1 : 0, number: 0)
    case (.float32, .double(let number)), (.float64, .double(let number)): try storeNumber(number)
    case (.float32, .int(let number)) where Float(exactly: number) != nil,
      (.float64, .int(let number)) where Double(exactly: number) != nil:
      try storeNumber(Double(number))
    case (.string, .string(let text)), (.bytes, .string(let text)): store.append(bytes: text.utf8)
    case (.string, .int(let number)): store.append(bytes: String(number).utf8)
    case (.string, .bool(let truth)): store.append(bytes: (truth ? "true" : "false").utf8)
    case (.string, .double): store.append(bytes: value.text(.spaced).utf8)
    case (.string, .array), (.string, .object): store.append(bytes: value.text(.spaced).utf8)
    default: throw fault("holds \(JSONKind(value).words)")
    }
  }

  private func isInRange(_ value: Int64) -> Bool {
    if case .integer(let bits, let signed) = field.feature, bits > 0, bits < 64 {
      return signed
        ? value >= -(1 << (bits - 1)) && value < 1 << (bits - 1) : value >= 0 && value < 1 << bits
    }
    return field.type == .int64 || Int32(exactly: value) != nil
  }

  private mutating func appendLabel(_ name: String) throws(DSXError) {
    if let number = labels[name] {
      store.append(integer: number, number: 0)
    } else if let number = Int64(name), number >= 0, number < labels.count {
      store.append(integer: number, number: 0)
    } else {
      throw fault("holds '\(name.prefix(40))', which is no label")
    }
  }

  private func checkList(_ value: JSONValue, _ type: FieldType) throws(DSXError) {
    guard let elements = value.array else { throw fault("holds \(JSONKind(value).words)") }
    for element in elements {
      switch (type, element) {
      case (.int64, .int), (.float32, .int), (.float64, .int), (.float32, .double),
        (.float64, .double), (.string, .string), (.bytes, .string):
        break
      case (.int32, .int(let number)) where Int32(exactly: number) != nil: break
      default: throw fault("holds \(JSONKind(element).words) in a list")
      }
    }
  }

  /// Adds the numbers of an array of the given dimensions.
  private mutating func appendElements(_ value: JSONValue, _ shape: ArraySlice<Int>)
    throws(DSXError)
  {
    guard let dimension = shape.first else {
      switch (field.type, value) {
      case (.int32, .int(let number)) where isInRange(number), (.int64, .int(let number)):
        store.append(integer: number, number: 0)
      case (.float32, .int(let number)): store.append(single: Float(number))
      case (.float64, .int(let number)): store.append(integer: 0, number: Double(number))
      case (.float32, .double(let number)), (.float64, .double(let number)):
        store.append(integer: 0, number: number)
      default: throw undone("holds \(JSONKind(value).words) in a list")
      }
      return
    }
    guard let elements = value.array else { throw undone("holds \(JSONKind(value).words)") }
    guard dimension == -1 || elements.count == dimension else {
      throw undone("holds a list of \(elements.count) values instead of \(dimension)")
    }
    for element in elements { try appendElements(element, shape.dropFirst()) }
  }

  /// Takes back the elements of a row that turned out to be bad.
  private mutating func undone(_ what: String) -> DSXError {
    store.dropOpenElements()
    return fault(what)
  }

  private mutating func storeNumber(_ value: Double) throws(DSXError) {
    if case .float16 = field.feature {
      let half = HalfPrecision.rounded(value)
      guard half.isFinite else { throw fault("holds \(value), which is beyond float16") }
      store.append(integer: 0, number: Double(half))
      return
    }
    guard field.type == .float64 || Float(value).isFinite else {
      throw fault("holds \(value), which is beyond float32")
    }
    store.append(integer: 0, number: value)
  }

  private func fault(_ what: String) -> DSXError {
    DSXError(.malformed, "the column '\(field.name)' is \(field.typeWords), but it \(what)")
  }
}
