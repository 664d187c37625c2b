internal import DSXCore

/// The values of one field, row by row, while rows are read; a row that fails is taken back.
final class ColumnBuilder {
  let field: Field
  let isIndexed: Bool
  /// An empty value would make MindSpore lose the row.
  let refusesEmpty: Bool
  private var int32: [Int32] = []
  private var int64: [Int64] = []
  private var float32: [Float] = []
  private var float64: [Double] = []
  var bytes: [UInt8] = []
  private var offsets = [0]
  private var mark = 0
  private let hasOffsets: Bool

  init(_ field: Field, isIndexed: Bool, refusesEmpty: Bool) {
    self.field = field
    self.isIndexed = isIndexed
    self.refusesEmpty = refusesEmpty
    hasOffsets = field.shape != nil || field.type == .string || field.type == .bytes
  }

  /// Elements so far.
  var count: Int {
    switch field.type {
    case .int32: int32.count
    case .int64: int64.count
    case .float32 where field.shape != nil: float32.count
    case .float32, .float64: float64.count
    case .string, .bytes: bytes.count
    }
  }

  /// Elements of the row that is being read.
  var rowCount: Int { count - mark }

  /// Keeps the row that was read.
  func keep() {
    mark = count
    if hasOffsets { offsets.append(mark) }
  }

  /// Takes the row that was being read back.
  func rollBack() {
    let extra = count - mark
    guard extra > 0 else { return }
    switch field.type {
    case .int32: int32.removeLast(extra)
    case .int64: int64.removeLast(extra)
    case .float32 where field.shape != nil: float32.removeLast(extra)
    case .float32, .float64: float64.removeLast(extra)
    case .string, .bytes: bytes.removeLast(extra)
    }
  }

  /// The column of the rows that were kept; starts anew.
  func take() -> Column {
    let elements: Column.Elements =
      switch field.type {
      case .int32: .int32(int32)
      case .int64: .int64(int64)
      case .float32 where field.shape != nil: .float32(float32)
      case .float32, .float64: .float64(float64)
      case .string, .bytes: .bytes(bytes)
      }
    let column = Column(elements, offsets: hasOffsets ? offsets : nil)
    int32 = []
    int64 = []
    float32 = []
    float64 = []
    bytes = []
    offsets = [0]
    mark = 0
    return column
  }

  private func fault(_ reason: RowFault.Reason, _ message: String) -> RowFault {
    RowFault(reason, field: field.name, "the field '\(field.name)' " + message)
  }

  /// Reads one number of an array or a scalar.
  func number(_ scanner: inout RowScanner) throws(RowFault) {
    let first = scanner.peek()
    if first == UInt8(ascii: "\""), field.type.isFloat {
      try special(&scanner)
      return
    }
    guard first == UInt8(ascii: "-") || first &- 0x30 <= 9 else {
      throw fault(.wrongType, "is \(field.typeText), but the value is \(scanner.valueText())")
    }
    let (text, isInteger) = try scanner.number()
    func words() -> String { String(decoding: scanner.bytes[text].prefix(60), as: UTF8.self) }
    switch field.type {
    case .int32, .int64:
      guard isInteger else {
        throw fault(.wrongType, "is \(field.typeText), but the value is \(words())")
      }
      guard let value = scanner.integer(text) else {
        throw fault(.outOfRange, "is \(field.typeText), but the value is \(words())")
      }
      if field.type == .int64 {
        int64.append(value)
      } else if let small = Int32(exactly: value) {
        int32.append(small)
      } else {
        throw fault(.outOfRange, "is \(field.typeText), but the value is \(value)")
      }
    case .float32 where field.shape != nil:
      guard let value = Float(String(decoding: scanner.bytes[text], as: UTF8.self)), value.isFinite
      else { throw fault(.outOfRange, "is \(field.typeText), but the value is \(words())") }
      try checkWhole(isInteger, scanner, text, Double(value))
      float32.append(value)
    default:
      guard let value = Double(String(decoding: scanner.bytes[text], as: UTF8.self)), value.isFinite
      else { throw fault(.outOfRange, "is \(field.typeText), but the value is \(words())") }
      try checkWhole(isInteger, scanner, text, value)
      float64.append(value)
    }
  }

  /// A whole number in a float field must be held exactly: 2^53 + 1 is an id that was declared wrongly.
  private func checkWhole(
    _ isInteger: Bool, _ scanner: RowScanner, _ text: Range<Int>, _ value: Double
  ) throws(RowFault) {
    guard isInteger else { return }
    guard let whole = scanner.integer(text), Int64(exactly: value) == whole else {
      throw fault(
        .outOfRange,
        "is \(field.typeText), which cannot hold the whole number "
          + String(decoding: scanner.bytes[text].prefix(60), as: UTF8.self))
    }
  }

  private func special(_ scanner: inout RowScanner) throws(RowFault) {
    let words = scanner.valueText()
    let value: Double
    switch words {
    case "\"NaN\"": value = .nan
    case "\"Infinity\"": value = .infinity
    case "\"-Infinity\"": value = -.infinity
    default: throw fault(.wrongType, "is \(field.typeText), but the value is \(words)")
    }
    guard !isIndexed else {
      throw fault(.notFinite, "is indexed, but the value is \(words)")
    }
    try scanner.skipValue()
    if field.type == .float32, field.shape != nil {
      float32.append(Float(value))
    } else {
      float64.append(value)
    }
  }
}
