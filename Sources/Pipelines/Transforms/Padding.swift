internal import DSXCore

/// How arrays of a batch are brought to one length of their first dimension.
public struct Padding: Sendable {
  /// To which length.
  public enum Length: Hashable, Sendable {
    /// The longest row of the batch.
    case longest
    /// The longest row of the batch, rounded up to a multiple.
    case multiple(of: Int)
    /// Always this length.
    case fixed(Int)
  }

  /// What to do with a row that is longer than a fixed length.
  public enum TooLong: String, CaseIterable, Sendable {
    /// It is an error with its row.
    case refuse
    /// Its end is cut off.
    case truncate
  }

  /// The length.
  public var length: Length
  /// The columns; nil: every array of numbers whose first dimension varies.
  public var columns: [String]?
  /// What is filled in, by column; a number that the column's type holds exactly.
  public var values: [String: Double]
  /// What is filled in for columns that `values` does not name.
  public var value: Double
  /// What to do with longer rows.
  public var tooLong: TooLong
  /// Adds a column of this name: the length of each row (of the first padded column) before padding.
  public var lengthColumn: String?

  /// Padding with 0 to the longest row, all arrays.
  public init(
    length: Length = .longest, columns: [String]? = nil, values: [String: Double] = [:],
    value: Double = 0, tooLong: TooLong = .refuse, lengthColumn: String? = nil
  ) {
    self.length = length
    self.columns = columns
    self.values = values
    self.value = value
    self.tooLong = tooLong
    self.lengthColumn = lengthColumn
  }
}

extension BatchTransform {
  /// Pads arrays of numbers to one length of their first dimension within a batch. The result's shape
  /// says a fixed length, else -1; every row of a batch has then as many elements. A missing value becomes
  /// a row of padding.
  public static func pad(_ padding: Padding) -> BatchTransform {
    var parameters: [JSONValue.Member] = []
    switch padding.length {
    case .longest: parameters.append(.init("length", "longest"))
    case .multiple(let step): parameters.append(.init("multiple", .int(Int64(step))))
    case .fixed(let length): parameters.append(.init("length", .int(Int64(length))))
    }
    parameters.append(.init("value", .double(padding.value)))
    if !padding.values.isEmpty {
      let names = padding.values.keys.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
      parameters.append(
        .init(
          "values", .object(names.map { .init($0, .double(padding.values[$0] ?? 0)) })))
    }
    if let columns = padding.columns {
      parameters.append(.init("columns", .array(columns.map { .string($0) })))
    }
    parameters.append(.init("too_long", .string(padding.tooLong.rawValue)))
    if let name = padding.lengthColumn {
      parameters.append(.init("length_column", .string(name)))
    }
    return BatchTransform(
      "pad", parameters: parameters, isTrusted: true,
      schema: { (schema) throws(DSXError) in try PadPlan(padding, schema).schema },
      make: { (schema) throws(DSXError) in
        let plan = try PadPlan(padding, schema)
        return { (batch) throws(DSXError) in try plan.apply(batch) }
      })
  }
}

/// Padding bound to a schema.
struct PadPlan: Sendable {
  private struct Target: Sendable {
    let column: Int
    let value: Double
    let step: Int
  }
  private let padding: Padding
  private let targets: [Target]
  let schema: Schema

  init(_ padding: Padding, _ schema: Schema) throws(DSXError) {
    self.padding = padding
    switch padding.length {
    case .longest: break
    case .multiple(let size), .fixed(let size):
      guard (1...1 << 31).contains(size) else {
        throw DSXError(.usage, "the stage 'pad' cannot have the length \(size)")
      }
    }
    func isArray(_ field: Field) -> Bool {
      field.shape?.isEmpty == false && field.type != .string && field.type != .bytes
    }
    let names =
      padding.columns
      ?? schema.fields.filter { isArray($0) && $0.shape?.first == -1 }.map(\.name)
    guard !names.isEmpty else {
      throw DSXError(
        .usage, "the stage 'pad' finds no array of numbers whose length varies",
        hint: "name the columns: columns: [input_ids]")
    }
    for name in padding.values.keys where !names.contains(name) {
      throw DSXError.unknown("padded column", name, known: names)
    }
    var targets: [Target] = []
    var fields = schema.fields
    for name in names {
      let number = try schema.number(of: name)
      let field = schema.fields[number]
      guard isArray(field), field.shape?.dropFirst().contains(-1) != true else {
        throw DSXError(
          .usage, "the column '\(name)' is no array of numbers that varies in its first dimension",
          hint: "only such arrays can be padded")
      }
      let value = padding.values[name] ?? padding.value
      let isExact =
        switch field.type {
        case .int32: Int32(exactly: value) != nil
        case .int64: Int64(exactly: value) != nil
        default: true
        }
      guard isExact else {
        throw DSXError(
          .usage, "the value \(value) cannot stand in the \(field.type.rawValue) column '\(name)'")
      }
      targets.append(Target(column: number, value: value, step: field.elementsAStep))
      var length = -1
      if case .fixed(let fixed) = padding.length { length = fixed }
      fields[number].shape?[0] = length
      fields[number].isNullable = false
    }
    if let name = padding.lengthColumn {
      guard schema.index(of: name) == nil else {
        throw DSXError(.usage, "the length column '\(name)' exists already")
      }
      fields.append(Field(name, .int32))
    }
    self.targets = targets
    self.schema = Schema(fields)
  }

  func apply(_ batch: Batch) throws(DSXError) -> Batch {
    var columns = batch.columns
    for (index, target) in targets.enumerated() {
      let column = batch.columns[target.column]
      guard let offsets = column.offsets else { continue }
      let lengths = (0..<column.rows).map { (offsets[$0 + 1] - offsets[$0]) / target.step }
      let longest = lengths.max() ?? 0
      let length: Int
      switch padding.length {
      case .longest: length = longest
      case .multiple(let size): length = (longest + size - 1) / size * size
      case .fixed(let size):
        length = size
        if longest > size, padding.tooLong == .refuse {
          let row = lengths.firstIndex { $0 > size } ?? 0
          throw DSXError(
            .malformed,
            "a row of '\(schema.fields[target.column].name)' has \(lengths[row]) values, more than "
              + "the \(size) that it is padded to", row: batch.firstRow + row,
            hint: "take a greater length, or too_long: truncate")
        }
      }
      let (wide, overflow) = length.multipliedReportingOverflow(by: target.step)
      let (total, more) = wide.multipliedReportingOverflow(by: column.rows)
      guard !overflow, !more, total <= 1 << 40 else {
        throw DSXError(.malformed, "a padded batch would have too many values")
      }
      if index == 0, padding.lengthColumn != nil {
        columns.append(Column(.int32(lengths.map { Int32(clamping: min($0, length)) })))
      }
      func filled<Element>(_ values: [Element], _ pad: Element) -> [Element] {
        // An empty array is one for all threads: even its count must not be written.
        guard total > 0 else { return [] }
        return [Element](unsafeUninitializedCapacity: total) { buffer, count in
          values.withUnsafeBufferPointer { values in
            for row in 0..<column.rows {
              let part = values[offsets[row]..<min(offsets[row + 1], offsets[row] + wide)]
              _ = buffer[count...].initialize(from: part)
              buffer[(count + part.count)..<(count + wide)].initialize(repeating: pad)
              count += wide
            }
          }
        }
      }
      let elements: Column.Elements =
        switch column.elements {
        case .int32(let values): .int32(filled(values, Int32(target.value)))
        case .int64(let values): .int64(filled(values, Int64(target.value)))
        case .float32(let values): .float32(filled(values, Float(target.value)))
        case .float64(let values): .float64(filled(values, target.value))
        case .bytes(let values): .bytes(values)
        }
      columns[target.column] = Column(
        elements, offsets: (0...column.rows).map { $0 * wide })
    }
    return Batch(schema: schema, columns: columns, firstRow: batch.firstRow)
  }
}
