internal import DSXCore

/// Decodes raw records into columns: one a wanted scalar field.
struct ScalarDecoder {
  private let plan: RecordPlan
  private let names: [[UInt8]]
  /// Per field of the plan: the values so far; nil for fields that are not wanted.
  private var columns: [Column?]
  /// Per raw field: the number of the last record that held it, so that nothing is cleared a record.
  private var seen: [Int]
  private var record = 0

  init(_ plan: RecordPlan, wanted: [Int]) {
    self.plan = plan
    names = plan.fields.map { Array($0.name.utf8) }
    seen = Array(repeating: 0, count: plan.raw.count)
    columns = plan.fields.indices.map { number in
      guard wanted.contains(number) else { return nil }
      switch plan.fields[number].type {
      case .int32: return Column(.int32([]))
      case .int64: return Column(.int64([]))
      case .float32, .float64: return Column(.float64([]))
      case .string, .bytes: return Column(.bytes([]), offsets: [0])
      }
    }
  }

  /// The finished column of a field.
  func column(_ number: Int) -> Column? { columns[number] }

  /// Decodes the raw records of a segment's rows. All members are checked, wanted or not.
  mutating func decode(_ segment: RowSegment) throws(DSXError) {
    for row in 0..<segment.count {
      let record = segment.raw(row)
      do { try decode(record, segment.offset(record)) } catch {
        throw segment.fault(
          row, error.location.byte ?? segment.offset(record), error.message, blob: false)
      }
    }
  }

  /// Decodes one raw record that starts at byte `base`.
  mutating func decode(_ record: UnsafeRawBufferPointer, _ base: Int) throws(DSXError) {
    var reader = MessagePackReader(record, base: base)
    let members = try reader.map()
    var found = 0
    // Writers sort the members, so the next field is nearly always the next member.
    var expected = 0
    self.record += 1
    for _ in 0..<members {
      let at = reader.offset
      let key = try reader.key()
      let value = try reader.value()
      var position = expected
      if position >= plan.raw.count || !Self.equal(key, names[plan.raw[position]]) {
        guard let other = plan.raw.firstIndex(where: { Self.equal(key, names[$0]) }) else {
          continue
        }
        position = other
      }
      guard seen[position] != self.record else {
        throw DSXError(
          .corrupt, "the raw record has '\(plan.fields[plan.raw[position]].name)' twice", byte: at)
      }
      seen[position] = self.record
      expected = position + 1
      found += 1
      try store(value, plan.raw[position], at)
    }
    try reader.finish()
    guard found == plan.raw.count else {
      let missing = plan.raw.indices.first { seen[$0] != self.record } ?? 0
      throw DSXError(
        .corrupt, "the raw record lacks the field '\(plan.fields[plan.raw[missing]].name)'",
        byte: base)
    }
  }

  private static func equal(_ left: UnsafeRawBufferPointer, _ right: [UInt8]) -> Bool {
    left.count == right.count && left.elementsEqual(right)
  }

  private mutating func store(_ value: MessagePackValue, _ number: Int, _ at: Int)
    throws(DSXError)
  {
    let field = plan.fields[number]
    switch (value, field.type) {
    case (.integer(let value), .int32):
      guard let small = Int32(exactly: value) else {
        throw DSXError(
          .corrupt, "the int32 field '\(field.name)' holds \(value)", byte: at)
      }
      columns[number]?.append(small)
    case (.integer(let value), .int64): columns[number]?.append(value)
    case (.double(let value), .float32), (.double(let value), .float64):
      columns[number]?.append(value)
    case (.integer(let value), .float32), (.integer(let value), .float64):
      guard let exact = Double(exactly: value) else {
        throw DSXError(
          .corrupt, "the \(field.type.rawValue) field '\(field.name)' holds \(value)", byte: at)
      }
      columns[number]?.append(exact)
    case (.string(let text), .string):
      if let bad = UTF8Validation.firstInvalid(text) {
        throw DSXError(
          .corrupt, "the text of the field '\(field.name)' is not valid UTF-8 (its byte \(bad))",
          byte: at)
      }
      columns[number]?.append(text)
    default:
      throw DSXError(
        .corrupt, "the field '\(field.name)' is \(field.type.rawValue), but holds another type",
        byte: at)
    }
  }
}

extension Column {
  // Growing in place: the enum is emptied while its array grows, so that the array is not copied.
  fileprivate mutating func append(_ value: Int32) {
    guard case .int32(var values) = elements else { return }
    elements = .int32([])
    values.append(value)
    elements = .int32(values)
  }

  fileprivate mutating func append(_ value: Int64) {
    guard case .int64(var values) = elements else { return }
    elements = .int64([])
    values.append(value)
    elements = .int64(values)
  }

  fileprivate mutating func append(_ value: Double) {
    guard case .float64(var values) = elements else { return }
    elements = .float64([])
    values.append(value)
    elements = .float64(values)
  }

  fileprivate mutating func append(_ text: UnsafeRawBufferPointer) {
    guard case .bytes(var values) = elements else { return }
    elements = .bytes([])
    values.append(contentsOf: text)
    offsets?.append(values.count)
    elements = .bytes(values)
  }
}
