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
  private var integers: [Int64] = []
  private var numbers: [Double] = []
  private var singles: [Float] = []
  private var bytes: [UInt8] = []
  private var offsets = [0]
  private var missing: [Int] = []
  private var rows = 0
  private let labels: [String: Int64]
  /// The field as it was inferred: JSON values must be of exactly its kind, so that nothing is made text, and
  /// no truth value a number. An integer is a number.
  private let exact: Field?

  init(_ field: Field, exact: Field? = nil) {
    self.field = field
    self.exact = exact
    if case .classLabel(let names) = field.feature {
      labels = Dictionary(
        names.enumerated().map { ($0.element, Int64($0.offset)) }, uniquingKeysWith: { a, _ in a })
    } else {
      labels = [:]
    }
  }

  private var hasOffsets: Bool {
    field.type == .string || field.type == .bytes || field.shape != nil
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
    defer { self = ColumnAssembler(field, exact: exact) }
    var validity: [Bool]?
    if !missing.isEmpty {
      var valid = [Bool](repeating: true, count: rows)
      for row in missing { valid[row] = false }
      validity = valid
    }
    let places = hasOffsets ? offsets : nil
    switch field.type {
    case .int32:
      let elements = integers.map { Int32(truncatingIfNeeded: $0) }
      return Column(.int32(elements), offsets: places, validity: validity)
    case .int64: return Column(.int64(integers), offsets: places, validity: validity)
    case .float32: return Column(.float32(singles), offsets: places, validity: validity)
    case .float64: return Column(.float64(numbers), offsets: places, validity: validity)
    case .string, .bytes: return Column(.bytes(bytes), offsets: places, validity: validity)
    }
  }

  /// Takes back the rows from `count` on.
  mutating func truncate(to count: Int) {
    guard rows > count else { return }
    if hasOffsets { offsets.removeLast(rows - count) }
    let end = hasOffsets ? offsets[offsets.count - 1] : count
    switch field.type {
    case .int32, .int64: integers.removeLast(integers.count - end)
    case .float32: singles.removeLast(singles.count - end)
    case .float64: numbers.removeLast(numbers.count - end)
    case .string, .bytes: bytes.removeLast(bytes.count - end)
    }
    while let last = missing.last, last >= count { missing.removeLast() }
    rows = count
  }

  /// Adds a row without a value; throws unless the field is nullable.
  mutating func appendMissing() throws(DSXError) {
    guard field.isNullable else { throw fault("has no value") }
    missing.append(rows)
    if hasOffsets {
      endRow()
    } else {
      store(integer: 0, number: 0)
      rows += 1
    }
  }

  /// Adds a value of a JSON row; nil where the row does not have the member.
  mutating func append(_ value: JSONValue?) throws(DSXError) {
    guard let value, value != .null || isJSON else { return try appendMissing() }
    if let exact { try check(JSONKind(value), of: exact) }
    if let shape = field.shape, field.type != .string, field.type != .bytes {
      try appendElements(value, shape[...])
      if shape.contains(-1) == false, offsets[offsets.count - 1] + shape.reduce(1, *) != elements {
        throw undone("holds a list of another size than \(shape)")
      }
      endRow()
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
      store(integer: truth ? 1 : 0, number: truth ? 1 : 0)
    case .json: appendBytes(value.text(.spaced).utf8)
    case .list(let type):
      try checkList(value, type)
      appendBytes(value.text(.spaced).utf8)
    case .plain, .integer, .float16, .file, .image: try appendPlain(value)
    }
    finishScalar()
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
      appendBytes(text)
    case .list(let type):
      try checkList(try parsed(text), type)
      appendBytes(text)
    case .classLabel: try appendLabel(String(decoding: text, as: UTF8.self))
    case .bool:
      switch String(decoding: text, as: UTF8.self) {
      case "true", "True", "TRUE", "1": store(integer: 1, number: 1)
      case "false", "False", "FALSE", "0": store(integer: 0, number: 0)
      default: throw fault("holds '\(shown())'")
      }
    case .plain, .integer, .float16, .file, .image:
      switch field.type {
      case .string, .bytes: appendBytes(text)
      case .int32, .int64:
        let value = text.withUnsafeBufferPointer { buffer -> Int64? in
          buffer.baseAddress.flatMap { NumberText.int64($0, buffer.count, room: buffer.count) }
        }
        guard let value, isInRange(value) else { throw fault("holds '\(shown())'") }
        store(integer: value, number: 0)
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
    finishScalar()
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
      store(integer: number, number: 0)
    case (.int32, .bool(let truth)), (.int64, .bool(let truth)):
      store(integer: truth ? 1 : 0, number: 0)
    case (.float32, .double(let number)), (.float64, .double(let number)): try storeNumber(number)
    case (.float32, .int(let number)) where Float(exactly: number) != nil,
      (.float64, .int(let number)) where Double(exactly: number) != nil:
      try storeNumber(Double(number))
    case (.string, .string(let text)), (.bytes, .string(let text)): appendBytes(text.utf8)
    case (.string, .int(let number)): appendBytes(String(number).utf8)
    case (.string, .bool(let truth)): appendBytes((truth ? "true" : "false").utf8)
    case (.string, .double): appendBytes(value.text(.spaced).utf8)
    case (.string, .array), (.string, .object): appendBytes(value.text(.spaced).utf8)
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
      store(integer: number, number: 0)
    } else if let number = Int64(name), number >= 0, number < labels.count {
      store(integer: number, number: 0)
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
        integers.append(number)
      case (.float32, .int(let number)): singles.append(Float(number))
      case (.float32, .double(let number)): singles.append(Float(number))
      case (.float64, .int(let number)): numbers.append(Double(number))
      case (.float64, .double(let number)): numbers.append(number)
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
    let end = offsets[offsets.count - 1]
    switch field.type {
    case .int32, .int64: integers.removeLast(integers.count - end)
    case .float32: singles.removeLast(singles.count - end)
    case .float64: numbers.removeLast(numbers.count - end)
    case .string, .bytes: bytes.removeLast(bytes.count - end)
    }
    return fault(what)
  }

  private var elements: Int {
    switch field.type {
    case .int32, .int64: integers.count
    case .float32: singles.count
    case .float64: numbers.count
    case .string, .bytes: bytes.count
    }
  }

  private mutating func storeNumber(_ value: Double) throws(DSXError) {
    if case .float16 = field.feature {
      let half = HalfPrecision.rounded(value)
      guard half.isFinite else { throw fault("holds \(value), which is beyond float16") }
      store(integer: 0, number: Double(half))
      return
    }
    guard field.type == .float64 || Float(value).isFinite else {
      throw fault("holds \(value), which is beyond float32")
    }
    store(integer: 0, number: value)
  }

  private mutating func store(integer: Int64, number: Double) {
    switch field.type {
    case .int32, .int64: integers.append(integer)
    case .float32: singles.append(Float(number))
    case .float64: numbers.append(number)
    case .string, .bytes: break
    }
  }

  private mutating func appendBytes(_ text: some Sequence<UInt8>) { bytes.append(contentsOf: text) }

  private mutating func finishScalar() {
    if hasOffsets { endRow() } else { rows += 1 }
  }

  private mutating func endRow() {
    offsets.append(elements)
    rows += 1
  }

  private func fault(_ what: String) -> DSXError {
    DSXError(.malformed, "the column '\(field.name)' is \(field.typeWords), but it \(what)")
  }
}
