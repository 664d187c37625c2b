public import DSXCore

extension MsDataset {
  /// The number of rows where one look at the line ends tells it, for progress: nil for CSV, whose
  /// records may hold line ends. Linear in the file, without parsing.
  public func rowCount() throws(DSXError) -> Int? {
    guard let format = TableFormat(path: table), format == .json || format == .jsonLines else {
      return nil
    }
    let input = TextInput(name: table, origin: .file(table), encoding: .automatic)
    let isArray = format == .json ? try RowRanges.isArray(input) : false
    guard !isArray else { return nil }
    let ranges = try RowRanges(
      input, .jsonLines, maximumRow: TableOptions().maximumRowBytes)
    var rows = 0
    while try ranges.next(keeping: ranges.position) != nil { rows += 1 }
    return rows
  }
}
