internal import Archives
internal import DSXCore

/// The rows of several table files, one after the other, under one schema.
struct TableSetCursor: TableCursor {
  let schema: Schema
  private let readers: [TableReader]
  private var current: any TableCursor
  private var index = 0
  /// Rows of the files before.
  private(set) var base = 0
  private var finished = BadRows()
  private var done = 0

  /// The bits of `CursorState.byte` that hold a place in a file; those above number the file.
  private static let placeBits = 44

  /// A cursor over `files`. Columns, and types where nothing is declared, are decided over all of them: an
  /// integer column of one file and a float column of another are one float column; other differences
  /// make text. `known`: what an earlier cursor over these files decided.
  init(_ files: [DataFile], options: TableOptions, known: Schema? = nil) throws(DSXError) {
    guard !files.isEmpty else {
      throw DSXError(.nothingToDo, "the split has no files")
    }
    // Where several JSON files were widened to one schema, it does not say what each of them holds.
    let known = files.count == 1 || files.allSatisfy { Self.isDelimited($0, options) } ? known : nil
    var readers: [TableReader] = []
    for file in files { readers.append(try Self.reader(file, options, schema: known)) }
    if readers.count > 1, known == nil {
      let schema = try Self.common(readers)
      for (number, file) in files.enumerated() where readers[number].schema != schema {
        if let wider = readers[number].widened(to: schema) {
          readers[number] = wider
        } else {
          readers[number] = try Self.reader(file, options, schema: schema)
        }
      }
    }
    self.readers = readers
    schema = readers[0].schema
    current = try readers[0].cursor()
  }

  private static func isDelimited(_ file: DataFile, _ options: TableOptions) -> Bool {
    let format = options.format ?? TableFormat(path: file.name)
    return format == .csv || format == .tsv
  }

  private static func reader(_ file: DataFile, _ options: TableOptions, schema: Schema?)
    throws(DSXError) -> TableReader
  {
    switch file {
    case .path(let path): return try TableReader(path: path, options: options, schema: schema)
    case .member(let archive, let name):
      var options = options
      if options.format == nil { options.format = TableFormat(path: name) }
      return try TableReader(name: file.location, options: options, schema: schema) {
        () throws(DSXError) -> any ByteSource in
        try ArchiveReader().open(name, in: archive)
      }
    }
  }

  /// The schema of all files: the same columns, each with a type that holds its values everywhere.
  private static func common(_ readers: [TableReader]) throws(DSXError) -> Schema {
    var fields = readers[0].schema.fields
    for reader in readers.dropFirst() {
      let names = reader.schema.fields.map(\.name)
      for field in fields where !names.contains(field.name) {
        throw DSXError.missingColumn(field.name, known: names, file: reader.name, line: nil)
      }
      if let extra = names.first(where: { name in !fields.contains { $0.name == name } }) {
        throw DSXError(
          .malformed, "the column '\(extra)' is not in the files before", file: reader.name,
          hint: "all files of a split have the same columns")
      }
      for (place, field) in fields.enumerated() {
        guard let other = reader.schema.fields.first(where: { $0.name == field.name }) else {
          continue
        }
        fields[place] = merge(field, other)
      }
    }
    return Schema(fields)
  }

  private static func merge(_ one: Field, _ other: Field) -> Field {
    var merged = one
    merged.isNullable = one.isNullable || other.isNullable
    guard one.type != other.type || one.feature != other.feature || one.shape != other.shape else {
      return merged
    }
    let numbers: Set<FieldType> = [.int64, .float64]
    if one.feature == .plain, other.feature == .plain, numbers.contains(one.type),
      numbers.contains(other.type), one.shape == other.shape
    {
      merged.type = .float64
    } else {
      merged = Field(one.name, .string, isNullable: merged.isNullable)
    }
    return merged
  }

  mutating func next() throws(DSXError) -> Batch? {
    while true {
      if var batch = try current.next() {
        batch.firstRow += base
        done = batch.firstRow + batch.rows
        return batch
      }
      guard index + 1 < readers.count else { return nil }
      finished.add(current.badRows)
      index += 1
      base = done
      current = try readers[index].cursor()
    }
  }

  var badRows: BadRows {
    var all = finished
    all.add(current.badRows)
    return all
  }

  var consumed: Int { current.consumed }

  var state: CursorState {
    let inner = current.state
    return CursorState(row: inner.row + base, byte: index << Self.placeBits | inner.byte)
  }

  /// Goes to a saved position without reading the files before it, which hold `base` rows.
  mutating func jump(to state: CursorState, base: Int) throws(DSXError) {
    let wanted = state.byte >> Self.placeBits
    guard readers.indices.contains(wanted), base >= 0, base <= state.row else {
      throw DSXError(.usage, "the saved position is not in these files")
    }
    (index, self.base, done) = (wanted, base, state.row)
    current = try readers[wanted].cursor()
    let place = state.byte & (1 << Self.placeBits - 1)
    try current.restore(CursorState(row: state.row - base, byte: place))
  }

  /// Goes to a saved position. Counts the rows of the files before it.
  mutating func restore(_ state: CursorState) throws(DSXError) {
    let wanted = state.byte >> Self.placeBits
    guard readers.indices.contains(wanted) else {
      throw DSXError(.usage, "the saved position is not in these files")
    }
    (index, base, done, finished) = (0, 0, 0, BadRows())
    current = try readers[0].cursor()
    while index < wanted {
      while let batch = try current.next() { done = base + batch.firstRow + batch.rows }
      finished.add(current.badRows)
      index += 1
      base = done
      current = try readers[index].cursor()
    }
    let place = state.byte & (1 << Self.placeBits - 1)
    try current.restore(CursorState(row: state.row - base, byte: place))
    done = state.row
  }
}
