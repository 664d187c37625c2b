internal import DSXCore
internal import Metrics

/// Turns blocks of input into examples; a value, so that every worker has its own.
enum ScoreRows: Sendable {
  case lines(ScoreSides, file: String)
  case table(ScoreColumns, file: String)

  /// What a block gives.
  struct Scored: Sendable {
    let part: ScorePart
    /// The rows' ids; empty without a column of them.
    let ids: [String]
  }

  /// The statistics of a block; errors carry file and line, or file and row.
  func part(of block: ScoreSource.Block, _ plan: ScorePlan) throws(DSXError) -> Scored {
    switch (self, block) {
    case (.lines(let sides, let file), .lines(let lines)):
      do throws(DSXError) {
        return Scored(part: try plan.part(of: Self.batch(lines, sides)), ids: [])
      } catch {
        var placed = error.inFile(file)
        placed.location.line = error.location.row.map { $0 + 1 }
        placed.location.row = nil
        throw placed
      }
    case (.table(let columns, let file), .rows(let batch)):
      do throws(DSXError) {
        let made = try Self.batch(batch, columns)
        return Scored(part: try plan.part(of: made), ids: made.ids)
      } catch { throw error.inFile(file) }
    default: throw DSXError(.internal, "rows and lines are mixed up")
    }
  }

  /// The texts that metrics compare, as far as a block has some: for a look at their language.
  func texts(of block: ScoreSource.Block) throws(DSXError) -> [String] {
    let rows: [MetricRow]
    switch (self, block) {
    case (.lines(let sides, _), .lines(let lines)): rows = Self.batch(lines, sides).rows
    case (.table(let columns, _), .rows(let batch)): rows = try Self.batch(batch, columns).rows
    default: return []
    }
    return rows.flatMap { row in
      zip(row.roles, row.values).flatMap { role, value -> [String] in
        guard role == "hypothesis" || role == "references" else { return [] }
        return value.array?.compactMap(\.string) ?? [value.string].compactMap { $0 }
      }
    }
  }

  private static func batch(_ block: LineBlock, _ sides: ScoreSides) -> ScoreBatch {
    // Every row counts as a user of this array: one that all threads share would be fought for.
    var roles: [String] = []
    roles.append(contentsOf: sides.roles)
    let rows = (0..<block.rows).map { row -> MetricRow in
      let values = sides.roles.indices.map { index -> JSONValue in
        guard sides.isReference[index] else { return .string(block.text(row, 0)) }
        guard sides.isList[index] else { return .string(block.text(row, 1)) }
        return .array((1..<block.files).map { .string(block.text(row, $0)) })
      }
      return MetricRow(roles: roles, values: values)
    }
    return ScoreBatch(firstRow: block.firstRow, rows: rows)
  }

  private static func batch(_ batch: Batch, _ columns: ScoreColumns) throws(DSXError)
    -> ScoreBatch
  {
    let roles = columns.choices.map(\.role.role)
    var readers: [ColumnValues] = []
    for choice in columns.choices {
      readers.append(
        try ColumnValues(
          batch, choice.column, choice.role.kind, listsAreTexts: columns.listsAreTexts))
    }
    var made = ScoreBatch(firstRow: batch.firstRow, rows: [])
    for row in 0..<batch.rows {
      made.rows.append(
        MetricRow(roles: roles, values: readers.map { $0[row] }))
    }
    made.ids = try names(batch, columns.id)
    made.slices = try names(batch, columns.by)
    made.clusters = try names(batch, columns.cluster)
    return made
  }

  /// A column's values as names; a missing one is an error.
  private static func names(_ batch: Batch, _ column: String?) throws(DSXError) -> [String] {
    guard let column else { return [] }
    let values = try ColumnValues(batch, column, .label, listsAreTexts: false)
    var names: [String] = []
    names.reserveCapacity(batch.rows)
    for row in 0..<batch.rows {
      switch values[row] {
      case .string(let text): names.append(text)
      case .int(let number): names.append(String(number))
      case .bool(let flag): names.append(flag ? "true" : "false")
      case .double(let number): names.append(number.description)
      default:
        throw DSXError(
          .malformed, "the column '\(column)' has no value", row: batch.firstRow + row)
      }
    }
    return names
  }
}

/// One column of a batch as JSON values.
struct ColumnValues {
  private let column: Column
  private let field: Field
  private let parses: Bool

  /// `listsAreTexts`: lists of a column of texts come as the JSON text of an array (CSV). A JSON file's
  /// strings are texts whatever they look like.
  init(
    _ batch: Batch, _ name: String, _ kind: MetricColumn.Kind, listsAreTexts: Bool
  ) throws(DSXError) {
    guard let place = batch.schema.index(of: name), batch.columns.indices.contains(place) else {
      throw DSXError(.internal, "the column '\(name)' went missing")
    }
    field = batch.schema.fields[place]
    column = batch.columns[place]
    guard field.type != .bytes else {
      throw DSXError(.unsupported, "the column '\(name)' holds bytes, which no metric reads")
    }
    switch field.feature {
    case .json, .list: parses = true
    default:
      switch kind {
      case .texts, .labels, .numbers, .json: parses = listsAreTexts
      case .text, .label, .number, .flag: parses = false
      }
    }
  }

  /// The value of a row; null when it is missing.
  subscript(row: Int) -> JSONValue {
    guard column.isValid(row) else { return .null }
    guard let offsets = column.offsets else { return element(row) }
    let range = offsets[row]..<offsets[row + 1]
    guard case .bytes(let bytes) = column.elements else { return .array(range.map(element)) }
    let text = JSONValue.string(String(decoding: bytes[range], as: UTF8.self))
    // Columns of several types hold the JSON text of every value.
    if case .json = field.feature, let first = bytes[range].first, first == UInt8(ascii: "\""),
      let value = try? JSONParser.parse(Array(bytes[range]), allowNonFinite: true)
    {
      return value
    }
    // Lists come as the JSON text of an array; text that only looks like one stays text.
    guard parses, let first = bytes[range].first,
      first == UInt8(ascii: "[") || first == UInt8(ascii: "{"),
      let value = try? JSONParser.parse(Array(bytes[range]), allowNonFinite: true)
    else { return text }
    return value
  }

  private func element(_ index: Int) -> JSONValue {
    switch column.elements {
    case .int32(let values): whole(Int64(values[index]))
    case .int64(let values): whole(values[index])
    case .float32(let values): .double(Double(values[index]))
    case .float64(let values): .double(values[index])
    case .bytes: .null
    }
  }

  private func whole(_ value: Int64) -> JSONValue {
    switch field.feature {
    case .bool: return .bool(value != 0)
    case .classLabel(let names):
      return names.indices.contains(Int(value)) ? .string(names[Int(value)]) : .int(value)
    default: return .int(value)
    }
  }
}
