public import DSXCore

/// Reads a split from front to back and counts what is wrong with it.
public enum DatasetCheck {
  /// What was found in one split.
  public struct Result: Sendable {
    /// The subset.
    public var subset: String
    /// The split.
    public var split: String
    /// Rows that are right.
    public var rows = 0
    /// The first faults, at most ten of bad rows.
    public var faults: [DSXError]
    /// All faults.
    public var count: Int

    /// A result with these faults.
    public init(subset: String, split: String, faults: [DSXError]) {
      self.subset = subset
      self.split = split
      self.faults = faults
      count = faults.count
    }

    /// The result for programs.
    public var json: JSONValue {
      [
        "subset": .string(subset), "split": .string(split), "rows": .int(Int64(rows)),
        "faults": .int(Int64(count)),
        "first_faults": .array(
          faults.map { fault in
            [
              "code": .string(fault.code.name), "message": .string(fault.message),
              "file": fault.location.file.map { .string($0) } ?? .null,
              "line": fault.location.line.map { .int(Int64($0)) } ?? .null,
              "row": fault.location.row.map { .int(Int64($0)) } ?? .null,
            ]
          }),
      ]
    }

    /// `default/train: 141 rows, ok`
    public var text: String {
      let name = split.isEmpty ? subset : subset + "/" + split
      let words = count == 0 ? "ok" : "\(count) fault\(count == 1 ? "" : "s")"
      return "\(name): \(rows) row\(rows == 1 ? "" : "s"), \(words)"
    }
  }

  private static let keptFaults = 10

  /// Checks a split: every row, every image, every file that a cell names.
  public static func run(_ dataset: MsDataset, options: TableOptions? = nil) -> Result {
    var result = Result(subset: dataset.subset, split: dataset.split, faults: [])
    func note(_ fault: DSXError) {
      result.count += 1
      if result.faults.count < keptFaults { result.faults.append(fault) }
    }
    do throws(DSXError) {
      if case .custom = dataset.content {
        try checkCustom(dataset)
        return result
      }
      var strict = options ?? dataset.options
      strict.onBadRow = .skip
      var cursor = try dataset.rows(strict)
      let files = cursor.schema.fields.indices.filter { cursor.schema.fields[$0].feature == .file }
      let images = cursor.schema.fields.indices.filter {
        cursor.schema.fields[$0].feature == .image
      }
      let archives = ArchiveReader()
      while let batch = try cursor.next() {
        result.rows += batch.rows
        for row in 0..<batch.rows {
          for column in files {
            if let fault = try missing(batch, column, row, archives) { note(fault) }
          }
          for column in images {
            if let fault = ImageCheck.fault(batch, column, row, dataset) { note(fault) }
          }
        }
      }
      let bad = cursor.badRows
      result.count += bad.count
      result.faults += bad.reasons.prefix(max(0, keptFaults - result.faults.count))
    } catch { note(error) }
    return result
  }

  private static func missing(
    _ batch: Batch, _ column: Int, _ row: Int, _ archives: ArchiveReader
  ) throws(DSXError) -> DSXError? {
    let values = batch.columns[column]
    guard values.isValid(row), let cell = values.string(row), !cell.isEmpty else { return nil }
    let name = batch.schema.fields[column].name
    let isThere: Bool
    switch DataFile(location: cell) {
    case .path(let path): isThere = FilePath.exists(path)
    case .member(let archive, let member): isThere = try archives.has(member, in: archive)
    }
    guard !isThere else { return nil }
    return DSXError(
      .missingFile, "the file that the column '\(name)' names is not there", file: cell,
      row: batch.firstRow + row)
  }

  /// Reads every member of an archive, so that lengths and checksums are compared.
  private static func checkCustom(_ dataset: MsDataset) throws(DSXError) {
    let custom = CustomDataset([dataset], arguments: [])
    let archives = ArchiveReader()
    var buffer = [UInt8]()
    for file in try custom.members(of: dataset.split) {
      guard case .member(let archive, let name) = file else { continue }
      let source = try archives.open(name, in: archive)
      while true {
        buffer.removeAll(keepingCapacity: true)
        guard try source.read(upTo: 1 << 18, into: &buffer) > 0 else { break }
      }
    }
  }
}
