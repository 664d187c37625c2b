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
      return try MappedFile(path: table).withBytes { bytes in
        guard bytes.first(where: { !Self.isBlank($0) }) != UInt8(ascii: "[") else { return nil }
        var scanner = LineScanner(bytes)
        var rows = 0
        while let line = scanner.next() {
          if !line.allSatisfy(Self.isBlank) { rows += 1 }
        }
        return rows
      }
    }
  }

  private static func isBlank(_ byte: UInt8) -> Bool {
    byte == 0x20 || (0x09...0x0d).contains(byte)
  }
}
