public import DSXCore

/// Checks a whole record set: header, every page, every row, the index against the pages, the names.
public struct RecordVerifier {
  /// At most this many findings are listed a file; one bad page can break many rows.
  public static let findingLimit = 20

  /// Everything that is wrong with the set that the file at `path` belongs to; empty when it is whole.
  ///
  /// Reads each file once; memory is bounded by a page. Throws `io` when `path` cannot be opened at all.
  public static func verify(path: String) throws(DSXError) -> [RecordFinding] {
    var verifier = RecordVerifier()
    let first: RecordFile
    do throws(DSXError) { first = try RecordFile(path: path) } catch {
      guard error.code != .io, error.code != .missingFile else { throw error }
      verifier.add(error, path)
      return verifier.findings
    }
    let (folder, name) = FilePath.split(path)
    if !first.header.addresses.contains(name) {
      verifier.add(
        path,
        "the header lists \(first.header.addresses.joined(separator: ", ")), not '\(name)': "
          + "the file was renamed")
    }
    var row = 0
    for (shard, other) in first.header.addresses.enumerated() {
      let file: RecordFile
      if other == name || first.header.addresses.count == 1 {
        file = first
      } else {
        do throws(DSXError) { file = try RecordFile(path: FilePath.join(folder, other)) } catch {
          verifier.add(error, FilePath.join(folder, other))
          continue
        }
      }
      verifier.compare(file, first, shard)
      verifier.check(file, firstRow: row)
      row += file.rows
    }
    return verifier.findings
  }

  private var findings: [RecordFinding] = []

  private mutating func add(
    _ file: String, _ message: String, row: Int? = nil, byte: Int? = nil,
    _ severity: RecordFinding.Severity = .error
  ) {
    findings.append(
      RecordFinding(severity: severity, file: file, message: message, row: row, byte: byte))
  }

  private mutating func add(_ error: DSXError, _ file: String) {
    var message = error.message
    if let underlying = error.underlying { message += " (\(underlying))" }
    add(
      error.location.file ?? file, message, row: error.location.row, byte: error.location.byte)
  }

  /// The headers of a set must agree.
  private mutating func compare(_ file: RecordFile, _ first: RecordFile, _ shard: Int) {
    if file.header.shard != shard {
      add(file.path, "the header says shard \(file.header.shard), its place in the set is \(shard)")
    }
    if file.header.addresses != first.header.addresses {
      add(file.path, "the header lists other files than that of '\(first.path)'")
    }
    let same =
      file.header.plan == first.header.plan && file.header.version == first.header.version
      && file.header.headerSize == first.header.headerSize
      && file.header.pageSize == first.header.pageSize
    if !same { add(file.path, "schema or page layout differ from those of '\(first.path)'") }
    if file.header.compressionSize != first.header.compressionSize {
      add(file.path, "compression_size differs from that of '\(first.path)'", .warning)
    }
  }

  private mutating func check(_ file: RecordFile, firstRow: Int) {
    var index: IndexReader?
    do throws(DSXError) { index = try IndexReader(file) } catch { add(error, file.path + ".db") }
    var listed = 0
    for (number, group) in file.groups.enumerated() where group.rows > 0 {
      let table: GroupTable
      do throws(DSXError) { table = try file.table(number) } catch {
        var fault = error
        fault.location.row = error.location.row.map { firstRow + $0 }
        add(fault, file.path)
        // Without positions the group's index rows mean nothing: skip them.
        do throws(DSXError) { try index?.skip(group.rows) } catch { index = nil }
        continue
      }
      for row in 0..<group.rows {
        let segment = RowSegment(
          file: file, group: number, table: table, local: row..<row + 1,
          number: firstRow + group.firstRow + row)
        var faults: [DSXError] = []
        do throws(DSXError) { try Self.decode(segment) } catch { faults.append(error) }
        do throws(DSXError) { try index?.check(segment) } catch {
          faults.append(error)
          // Rows that are lost or damaged in the database make all later ones differ as well.
          if error.code == .incomplete || error.code == .io { index = nil }
        }
        for fault in faults {
          listed += 1
          if listed <= Self.findingLimit { add(fault, file.path) }
        }
      }
      file.release(number)
    }
    do throws(DSXError) { try index?.finish() } catch { add(error, file.path + ".db") }
    if listed > Self.findingLimit {
      add(file.path, "\(listed - Self.findingLimit) more findings are not listed")
    }
  }

  /// Decodes one row in full.
  private static func decode(_ segment: RowSegment) throws(DSXError) {
    let plan = segment.file.header.plan
    var scalars = ScalarDecoder(plan, wanted: plan.raw)
    try scalars.decode(segment)
    for (position, number) in plan.blob.enumerated() {
      let field = plan.fields[number]
      if field.shape == nil {
        _ = try segment.payloads(position, of: plan.blob.count)
      } else {
        let decoder = ArrayDecoder(field, version: segment.file.header.version)
        _ = try decoder.column([segment], position, of: plan.blob.count)
      }
    }
    if plan.blob.isEmpty, segment.blob(0).count != 4 {
      throw segment.fault(
        0, segment.offset(segment.blob(0)),
        "the placeholder of a row without blob fields has "
          + "\(segment.blob(0).count) bytes instead of 4", blob: true)
    }
  }
}
