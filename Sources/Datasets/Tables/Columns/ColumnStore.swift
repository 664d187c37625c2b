internal import DSXCore

/// The values of one column as they come, in the arrays of its field's type.
struct ColumnStore {
  private let type: FieldType
  /// Rows are of any length: texts, bytes, lists.
  private let hasOffsets: Bool
  private var integers: [Int64] = []
  private var numbers: [Double] = []
  private var singles: [Float] = []
  private var bytes: [UInt8] = []
  private var offsets = [0]
  private var missing: [Int] = []
  private var rows = 0

  init(_ field: Field) {
    type = field.type
    hasOffsets = field.type == .string || field.type == .bytes || field.shape != nil
  }

  /// All rows so far.
  var column: Column {
    var validity: [Bool]?
    if !missing.isEmpty {
      var valid = [Bool](repeating: true, count: rows)
      for row in missing { valid[row] = false }
      validity = valid
    }
    let places = hasOffsets ? offsets : nil
    switch type {
    case .int32:
      let elements = integers.map { Int32(truncatingIfNeeded: $0) }
      return Column(.int32(elements), offsets: places, validity: validity)
    case .int64: return Column(.int64(integers), offsets: places, validity: validity)
    case .float32: return Column(.float32(singles), offsets: places, validity: validity)
    case .float64: return Column(.float64(numbers), offsets: places, validity: validity)
    case .string, .bytes: return Column(.bytes(bytes), offsets: places, validity: validity)
    }
  }

  /// Elements of the row that is not ended yet.
  var openElements: Int { elements - offsets[offsets.count - 1] }

  private var elements: Int {
    switch type {
    case .int32, .int64: integers.count
    case .float32: singles.count
    case .float64: numbers.count
    case .string, .bytes: bytes.count
    }
  }

  /// Adds the one of the two that the type takes.
  mutating func append(integer: Int64, number: Double) {
    switch type {
    case .int32, .int64: integers.append(integer)
    case .float32: singles.append(Float(number))
    case .float64: numbers.append(number)
    case .string, .bytes: break
    }
  }

  mutating func append(single: Float) { singles.append(single) }

  mutating func append(bytes text: some Sequence<UInt8>) { bytes.append(contentsOf: text) }

  /// A row without a value.
  mutating func appendMissing() {
    missing.append(rows)
    if !hasOffsets { append(integer: 0, number: 0) }
    endScalar()
  }

  /// Ends a row of one value.
  mutating func endScalar() {
    if hasOffsets { endRow() } else { rows += 1 }
  }

  /// Ends a row of any length.
  mutating func endRow() {
    offsets.append(elements)
    rows += 1
  }

  /// Takes back the elements of a row that is not ended.
  mutating func dropOpenElements() { drop(from: offsets[offsets.count - 1]) }

  /// Takes back the rows from `count` on.
  mutating func truncate(to count: Int) {
    guard rows > count else { return }
    if hasOffsets { offsets.removeLast(rows - count) }
    drop(from: hasOffsets ? offsets[offsets.count - 1] : count)
    while let last = missing.last, last >= count { missing.removeLast() }
    rows = count
  }

  private mutating func drop(from end: Int) {
    switch type {
    case .int32, .int64: integers.removeLast(integers.count - end)
    case .float32: singles.removeLast(singles.count - end)
    case .float64: numbers.removeLast(numbers.count - end)
    case .string, .bytes: bytes.removeLast(bytes.count - end)
    }
  }
}
