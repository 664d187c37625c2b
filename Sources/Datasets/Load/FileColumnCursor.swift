internal import DSXCore

/// Turns the cells of columns `NAME:FILE` into the places of their files, as ModelScope does: inside of the
/// split's archive or folder. The column keeps its whole name.
///
/// (modelscope 1.9.5 cuts the name by letters, so that 'FILENAME:FILE' loses some; that is not copied.)
struct FileColumnCursor: TableCursor {
  let schema: Schema
  private var inner: any TableCursor
  private let columns: [Int]
  private let root: String
  private let isArchive: Bool

  /// The ending of such columns' names.
  static let suffix = ":FILE"

  init(_ inner: any TableCursor, root: String) {
    self.inner = inner
    self.root = root
    isArchive = !FilePath.isFolder(root)
    var schema = inner.schema
    columns = schema.fields.indices.filter {
      schema.fields[$0].name.hasSuffix(Self.suffix) && schema.fields[$0].type == .string
    }
    for place in columns { schema.fields[place].feature = .file }
    self.schema = schema
  }

  mutating func next() throws(DSXError) -> Batch? {
    guard var batch = try inner.next() else { return nil }
    batch.schema = schema
    for place in columns {
      let column = batch.columns[place]
      var made = Column(
        strings: (0..<column.rows).map { row in
          guard column.isValid(row), let cell = column.string(row), !cell.isEmpty else { return "" }
          return isArchive
            ? DataFile.member(archive: root, name: cell).location : FilePath.join(root, cell)
        })
      made.validity = column.validity
      batch.columns[place] = made
    }
    return batch
  }

  var badRows: BadRows { inner.badRows }
  var consumed: Int { inner.consumed }
  var state: CursorState { inner.state }
  mutating func restore(_ state: CursorState) throws(DSXError) { try inner.restore(state) }
}
