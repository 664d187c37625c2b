public import DSXCore
internal import Kernels

/// Random access to the rows of a MindRecord set, in shard order.
///
/// Values and positions come from the pages, so a set reads the same with and without its `.db` files
/// (`RecordVerifier` compares them). Files are mapped; a batch decodes straight into its columns. Safe to
/// share between threads. Every length, offset and count is checked before it is used: damage is a
/// `corrupt` error that names file, shard, page, row and byte.
public struct RecordReader: Sendable {
  /// Fields (sorted by name, as stored), description, index fields.
  public let schema: RecordSchema
  /// Rows over all shards.
  public let count: Int
  let files: [RecordFile]
  let plan: RecordPlan
  /// The number of the first row of each file.
  let firstRows: [Int]

  /// Opens the set that the file at `path` belongs to: all files of its `shard_addresses`.
  ///
  /// `verify`: headers are compared with their checksums now and each page when it is first touched,
  /// where the files have checksums (those of MindSpore have none).
  public init(path: String, verify: Bool = true) throws(DSXError) {
    let first = try RecordFile(path: path, verify: verify)
    let (folder, name) = FilePath.split(path)
    let names = first.header.addresses
    guard names.count > 1 else {
      try self.init(opened: [first])
      return
    }
    guard Set(names).count == names.count else {
      throw DSXError(.corrupt, "the file's header lists a file of its set twice", file: path)
    }
    guard names.contains(name) else {
      throw DSXError(
        .corrupt, "the file's header lists the files of its set, but not '\(name)'", file: path,
        hint: "it was renamed; give it the name that its header lists (\(names[0]) is the first)")
    }
    var opened: [RecordFile] = []
    for other in names {
      opened.append(
        other == name
          ? first : try RecordFile(path: FilePath.join(folder, other), verify: verify, names: names)
      )
    }
    for (shard, file) in opened.enumerated() {
      guard file.header.shard == shard, file.header.addresses == names else {
        throw DSXError(
          .corrupt,
          "the file is shard \(file.header.shard) of another set, not shard \(shard) of "
            + "the set of '\(name)'", file: file.path)
      }
    }
    try RecordFile.checkSameSet(opened)
    try self.init(opened: opened)
  }

  /// Opens exactly these files, in this order; `verify` as above.
  public init(files: [String], verify: Bool = true) throws(DSXError) {
    var opened: [RecordFile] = []
    for path in files { opened.append(try RecordFile(path: path, verify: verify)) }
    try self.init(opened: opened)
  }

  private init(opened: [RecordFile]) throws(DSXError) {
    guard let first = opened.first else {
      throw DSXError(.nothingToDo, "no record file was named")
    }
    for file in opened.dropFirst() {
      let same =
        file.header.plan == first.header.plan && file.header.version == first.header.version
        && file.header.headerSize == first.header.headerSize
        && file.header.pageSize == first.header.pageSize
      guard same else {
        throw DSXError(
          .malformed, "the schema or the page layout differs from that of '\(first.path)'",
          file: file.path)
      }
    }
    var starts: [Int] = []
    var rows = 0
    for file in opened {
      starts.append(rows)
      rows += file.rows
    }
    files = opened
    plan = first.header.plan
    schema = plan.record
    firstRows = starts
    count = rows
  }

  /// The rows of a range, columns in schema order, or those of `fields` in that order.
  ///
  /// A float32 scalar column holds float64 elements: the file keeps the double that was written.
  /// Throws `corrupt` on damage, `unknownName` for a field that is not there, `usage` for rows outside
  /// of the set.
  public func batch(_ rows: Range<Int>, fields: [String]? = nil) throws(DSXError) -> Batch {
    try batch(segments(rows), numbers: numbers(of: fields), firstRow: rows.lowerBound)
  }

  /// The rows of some segments, columns of the fields of these numbers.
  func batch(_ segments: [RowSegment], numbers: [Int], firstRow: Int) throws(DSXError) -> Batch {
    var scalars = ScalarDecoder(plan, wanted: numbers.filter { !plan.fields[$0].isBlob })
    if numbers.contains(where: { !plan.fields[$0].isBlob }) {
      for segment in segments { try scalars.decode(segment) }
    }
    var columns: [Column] = []
    for number in numbers {
      let field = plan.fields[number]
      guard let position = plan.blob.firstIndex(of: number) else {
        if let column = scalars.column(number) { columns.append(column) }
        continue
      }
      if field.shape == nil {
        columns.append(try Self.bytesColumn(segments, position, of: plan.blob.count))
      } else {
        let decoder = ArrayDecoder(field, version: files[0].header.version)
        columns.append(try decoder.column(segments, position, of: plan.blob.count))
      }
    }
    return Batch(
      schema: Schema(numbers.map { plan.fields[$0] }), columns: columns, firstRow: firstRow)
  }

  /// Decodes rows of an int32 array field straight into `buffer`, one after the other; returns the
  /// number of elements written.
  ///
  /// The fast way to a rows x length matrix: allocates nothing that grows with the rows. Throws `usage`
  /// when the buffer is too small.
  public func readInt32(
    _ field: String, rows: Range<Int>, into buffer: UnsafeMutableBufferPointer<Int32>
  ) throws(DSXError) -> Int {
    let number = try number(of: field)
    guard let position = plan.blob.firstIndex(of: number), plan.fields[number].type == .int32 else {
      throw DSXError(
        .usage, "the field '\(field)' is \(plan.fields[number].typeText), not an int32 array")
    }
    let decoder = ArrayDecoder(plan.fields[number], version: files[0].header.version)
    var written = 0
    for segment in try segments(rows) {
      let payloads = try segment.payloads(position, of: plan.blob.count)
      for (row, payload) in payloads.enumerated() {
        guard let count = decoder.count(payload) else {
          throw decoder.wrongCount(segment, row, payload)
        }
        guard count <= buffer.count - written, let base = buffer.baseAddress else {
          guard count > 0 else { continue }
          throw DSXError(
            .usage, "the buffer of \(buffer.count) elements is too small for rows \(rows)")
        }
        guard decoder.decode(payload, count, into: UnsafeMutableRawPointer(base + written)) else {
          throw decoder.wrongWidths(segment, row, payload)
        }
        written += count
      }
    }
    return written
  }

  /// A stream of batches of `batchRows` rows over `rows` (default: all).
  public func cursor(batchRows: Int = 1024, rows: Range<Int>? = nil) -> RecordCursor {
    RecordCursor(reader: self, batchRows: batchRows, rows: rows ?? 0..<count)
  }
}

extension RecordReader {
  /// The number of a field in the plan.
  func number(of name: String) throws(DSXError) -> Int {
    guard let number = plan.fields.firstIndex(where: { $0.name == name }) else {
      throw DSXError(
        .unknownName, "the record set has no field '\(name)'", file: files[0].path,
        hint: "its fields are: " + plan.fields.map(\.name).joined(separator: ", "))
    }
    return number
  }

  /// The rows of a range, cut at the ends of row groups and files.
  func segments(_ rows: Range<Int>) throws(DSXError) -> [RowSegment] {
    guard rows.lowerBound >= 0, rows.upperBound <= count else {
      throw DSXError(
        .usage, "rows \(rows.lowerBound)..<\(rows.upperBound) are outside of the \(count) rows",
        file: files[0].path)
    }
    var found: [RowSegment] = []
    var next = rows.lowerBound
    while next < rows.upperBound {
      let low = fileIndex(of: next)
      let file = files[low]
      let local = next - firstRows[low]
      let index = file.groupIndex(of: local)
      let group = file.groups[index]
      let start = local - group.firstRow
      let end = min(group.rows, start + rows.upperBound - next)
      found.append(
        RowSegment(
          file: file, group: index, table: try file.table(index), local: start..<end, number: next))
      next += end - start
    }
    return found
  }

  /// Lets the system take back the memory of the row groups that end within `rows`.
  public func release(_ rows: Range<Int>) {
    guard !rows.isEmpty, !files.isEmpty else { return }
    var number = fileIndex(of: rows.lowerBound)
    while number < files.count, firstRows[number] < rows.upperBound {
      let file = files[number]
      let first = firstRows[number]
      number += 1
      guard file.rows > 0 else { continue }
      var index = file.groupIndex(of: min(max(0, rows.lowerBound - first), file.rows - 1))
      while index < file.groups.count {
        let end = first + file.groups[index].firstRow + file.groups[index].rows
        guard end <= rows.upperBound else { break }
        if end > rows.lowerBound { file.release(index) }
        index += 1
      }
    }
  }

  private static func bytesColumn(_ segments: [RowSegment], _ position: Int, of count: Int)
    throws(DSXError) -> Column
  {
    var bytes: [UInt8] = []
    var offsets = [0]
    for segment in segments {
      for payload in try segment.payloads(position, of: count) {
        bytes.append(contentsOf: payload)
        offsets.append(bytes.count)
      }
    }
    return Column(.bytes(bytes), offsets: offsets)
  }
}
