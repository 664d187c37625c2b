internal import DSXCore

/// One pass over all rows of a JSON table that decides its columns.
///
/// Columns are the members of all rows, in the order in which they first come; a row may lack one or
/// hold null. Integers are int64, numbers (also mixed with integers) float64, truth values `.bool`, text
/// string, nested values `.json`. Other mixtures are an error, which a declared feature settles.
enum JSONInference {
  private struct Column {
    let name: String
    var kind = JSONKind.null
    /// The line where its kind was seen first.
    var line = 0
    var isNullable: Bool
    var isInexact = false
    /// The number of the last row that had it.
    var seen: Int
  }

  /// The columns of a table.
  static func decide(_ input: TextInput, _ options: TableOptions, _ kind: RowRanges.Kind)
    throws(DSXError) -> Schema
  {
    let ranges = try RowRanges(input, kind, maximumRow: options.maximumRowBytes)
    let declared = Dictionary(
      options.features.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
    let wanted = options.columns.map { Set($0) }
    var columns: [Column] = []
    var places: [String: Int] = [:]
    // Columns that are there and not wanted, for messages.
    var others: [String] = []
    var seenOthers: Set<String> = []
    var rows = 0
    while let row = try ranges.next(keeping: ranges.position) {
      do throws(DSXError) {
        let members = try JSONRow.members(ranges.text(row), at: row.lowerBound, kind)
        var checked: [(place: Int, column: Column)] = []
        var added: [Column] = []
        for (index, member) in members.enumerated() {
          if let wanted, !wanted.contains(member.name) {
            if seenOthers.insert(member.name).inserted { others.append(member.name) }
            continue
          }
          let isNext = index < columns.count && columns[index].name == member.name
          let known = isNext ? index : places[member.name]
          var column =
            known.map { columns[$0] }
            ?? Column(name: member.name, isNullable: rows > 0, seen: rows)
          if column.seen < rows { column.isNullable = true }
          column.seen = rows + 1
          if declared[member.name] == nil { try take(member.value, row, &column, ranges.window) }
          if let known { checked.append((known, column)) } else { added.append(column) }
        }
        // A row that is left out decides nothing.
        for (place, column) in checked { columns[place] = column }
        for column in added {
          places[column.name] = columns.count
          columns.append(column)
        }
        rows += 1
      } catch {
        guard options.onBadRow == .skip else {
          throw RowFault(row: row, error: error).placed(ranges.window, options)
        }
      }
    }
    return try schema(columns, rows, declared, options, input, others: others)
  }

  private static func schema(
    _ columns: [Column], _ rows: Int, _ declared: [String: Field], _ options: TableOptions,
    _ input: TextInput, others: [String]
  ) throws(DSXError) -> Schema {
    var fields = columns.map { column in
      declared[column.name]
        ?? field(column, isNullable: column.isNullable || column.seen < rows)
    }
    for field in options.features where !fields.contains(where: { $0.name == field.name }) {
      fields.append(field)
    }
    guard let wanted = options.columns else { return Schema(fields) }
    var chosen: [Field] = []
    for name in wanted {
      guard let field = fields.first(where: { $0.name == name }) else {
        throw DSXError.missingColumn(
          name, known: fields.map(\.name) + others, file: input.name, line: nil, wasAsked: true)
      }
      chosen.append(field)
    }
    return Schema(chosen)
  }

  private static func field(_ column: Column, isNullable: Bool) -> Field {
    let name = column.name
    switch column.kind {
    case .null: return Field(name, .string, isNullable: true)
    case .truth: return Field(name, .int32, feature: .bool, isNullable: isNullable)
    case .integer: return Field(name, .int64, isNullable: isNullable)
    case .number: return Field(name, .float64, isNullable: isNullable)
    case .text:
      return Field(
        name, .string, feature: name.hasSuffix(":FILE") ? .file : .plain, isNullable: isNullable)
    case .nested: return Field(name, .string, feature: .json, isNullable: isNullable)
    }
  }

  private static func take(
    _ value: JSONValue, _ row: Range<Int>, _ column: inout Column, _ window: TextWindow
  ) throws(DSXError) {
    let kind = JSONKind(value)
    var isInexact = column.isInexact
    if case .int(let number) = value, Double(exactly: number) == nil { isInexact = true }
    switch (column.kind, kind) {
    case (_, .null): column.isNullable = true
    case (.null, _):
      column.kind = kind
      column.line = window.line(at: row.lowerBound)
    case (let old, let new) where old == new && !(new == .number && isInexact): break
    case (.integer, .number) where !isInexact: column.kind = .number
    case (.number, .integer) where !isInexact: break
    default:
      let lossy = isInexact && (kind == .integer || kind == .number)
      throw DSXError(
        .malformed,
        "the column '\(column.name)' holds \(kind.words), but \(column.kind.words) in line "
          + "\(column.line)",
        hint: lossy
          ? "an integer beyond 2^53 is no float64: declare the column as string or float64"
          : "one column has one type: write all its values alike, or declare it as json or string")
    }
    column.isInexact = isInexact
  }
}
