internal import DSXCore

/// A table whose rows are lines or array elements: JSON and text.
struct RowTable: Sendable {
  let input: TextInput
  let options: TableOptions
  let kind: RowRanges.Kind
  var schema: Schema
  /// The columns whose types were inferred: their values are of exactly these types.
  let exact: [String: Field]

  /// A table with known columns; `exact`: those that were inferred.
  init(
    _ input: TextInput, _ options: TableOptions, _ kind: RowRanges.Kind, _ schema: Schema,
    exact: [Field] = []
  ) {
    let declared = Set(options.features.map(\.name))
    self.exact = Dictionary(
      exact.filter { !declared.contains($0.name) }.map { ($0.name, $0) },
      uniquingKeysWith: { first, _ in first })
    self.input = input
    self.options = options
    self.kind = kind
    self.schema = schema
  }

  /// The table of an input: `known` columns, declared ones, or inferred ones.
  static func make(
    _ input: TextInput, _ options: TableOptions, format: TableFormat, schema known: Schema?
  ) throws(DSXError) -> RowTable {
    if format == .text {
      let wanted = known?.fields ?? options.features
      let names = options.columns ?? wanted.map(\.name)
      if let other = (names + wanted.map(\.name)).first(where: { $0 != "text" }) {
        throw DSXError.missingColumn(
          other, known: ["text"], file: input.name, line: nil,
          wasAsked: options.columns?.contains(other) == true)
      }
      guard wanted.allSatisfy({ $0.type == .string && $0.shape == nil }) else {
        throw DSXError(.usage, "the column 'text' of a text file is a string", file: input.name)
      }
      // A file that is not there is told at once.
      _ = try input.open()
      return RowTable(
        input, options, .text, Schema(wanted.isEmpty ? [Field("text", .string)] : wanted))
    }
    let kind: RowRanges.Kind
    switch format {
    case .jsonArray: kind = .jsonArray
    case .json: kind = try RowRanges.isArray(input) ? .jsonArray : .jsonLines
    default: kind = .jsonLines
    }
    if let known {
      // A plain text column may be what the differing types of several files were made.
      let exact = known.fields.filter {
        $0.shape == nil && ($0.type != .string || $0.feature == .json)
          && Self.isInferable($0.feature)
      }
      return RowTable(input, options, kind, known, exact: exact)
    }
    let declared = options.features
    if let columns = options.columns,
      columns.allSatisfy({ name in declared.contains { $0.name == name } })
    {
      _ = try input.open()
      let fields = columns.compactMap { name in declared.first { $0.name == name } }
      return RowTable(input, options, kind, Schema(fields))
    }
    let schema = try JSONInference.decide(input, options, kind)
    return RowTable(input, options, kind, schema, exact: schema.fields)
  }

  private static func isInferable(_ feature: Feature) -> Bool {
    switch feature {
    case .plain, .bool, .json, .file: true
    default: false
    }
  }

  func ranges() throws(DSXError) -> RowRanges {
    try RowRanges(input, kind, maximumRow: options.maximumRowBytes)
  }
}

/// A row that cannot be used, before it has a line number.
struct RowFault: Error {
  let row: Range<Int>
  /// What is wrong, without a place, or with its byte offset in the row's text.
  let error: DSXError

  /// The error with its place.
  func placed(_ window: TextWindow, _ options: TableOptions, row number: Int? = nil) -> DSXError {
    var copy = error.inFile(window.name)
    let byte = error.location.byte
    copy.location.line = window.line(at: byte ?? row.lowerBound)
    copy.location.byte = window.isStream ? nil : byte
    copy.location.row = number
    if options.namesOptions, options.onBadRow == .refuse, copy.hint != JSONRow.oneObjectALine {
      copy.hint = (copy.hint.map { $0 + "; " } ?? "") + "--on-bad-row skip leaves such rows out"
    }
    return copy
  }
}
