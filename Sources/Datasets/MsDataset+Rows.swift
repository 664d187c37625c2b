public import DSXCore

extension MsDataset {
  /// The number of rows where one look at the line ends tells it, for progress: nil for CSV, whose
  /// records may hold line ends. Linear in the file, without parsing.
  public func rowCount() throws(DSXError) -> Int? {
    let name = FilePath.split(table).name.lowercased()
    guard name.hasSuffix(".json") || name.hasSuffix(".jsonl") else { return nil }
    return try MappedFile(path: table).withBytes { bytes in
      var scanner = LineScanner(bytes)
      var rows = 0
      while let line = scanner.next() {
        if !line.allSatisfy({ $0 == 0x20 || (0x09...0x0d).contains($0) }) { rows += 1 }
      }
      return rows
    }
  }
}
