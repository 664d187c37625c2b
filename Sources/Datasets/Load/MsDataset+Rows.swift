public import DSXCore
internal import Records

extension MsDataset {
  /// The number of rows where that is known without parsing them, for progress: nil for CSV, whose records
  /// may hold line ends, and for several tables.
  public func rowCount() throws(DSXError) -> Int? {
    switch content {
    case .images(let folder): return folder.items.count
    case .records(let path): return try RecordReader(path: path).count
    case .values(let values, _): return values.count
    case .custom: return nil
    case .tables(let files):
      guard files.count == 1, case .path(let table) = files[0],
        FileKind(fileName: table) == .json, options.format == nil, argument("format") == nil
      else { return nil }
      let input = TextInput(name: table, origin: .file(table), encoding: .automatic)
      if TableFormat(path: table) == .json, try RowRanges.isArray(input) { return nil }
      let ranges = try RowRanges(
        input, .jsonLines, maximumRow: TableOptions().maximumRowBytes)
      var rows = 0
      while try ranges.next(keeping: ranges.position) != nil { rows += 1 }
      return rows
    }
  }
}
