public import DSXCore

/// Checks a whole record set: headers, every page, every row, the index against the pages, the names.
public struct RecordVerifier {
  /// At most this many findings are listed a file; one bad page can break many rows.
  public static let findingLimit = 20

  /// Everything that is wrong with the set that the file at `path` belongs to; empty when it is whole.
  ///
  /// Reads each file once or twice; memory is bounded by a page. Throws `io` when `path` cannot be opened
  /// at all.
  public static func verify(path: String) throws(DSXError) -> [RecordFinding] {
    var verifier = RecordVerifier()
    guard let first = try verifier.open(path, isFirst: true) else { return verifier.findings }
    let (folder, name) = FilePath.split(path)
    if !first.header.addresses.contains(name) {
      verifier.add(
        path,
        "the header lists \(first.header.addresses.joined(separator: ", ")), not '\(name)': "
          + "the file was renamed ('dsx records rename' puts a single file right)")
    }
    var files: [RecordFile] = []
    var row = 0
    var seen: Set<String> = []
    for (shard, other) in first.header.addresses.enumerated() {
      guard seen.insert(other).inserted else {
        // Once: a list of 4,096 equal names must not cost 4,096 times the time.
        verifier.add(path, "the header lists the file '\(other)' twice")
        break
      }
      var file = first
      if other != name, first.header.addresses.count > 1 {
        guard let opened = try verifier.open(FilePath.join(folder, other)) else { continue }
        file = opened
      }
      files.append(file)
      verifier.compare(file, first, shard)
      verifier.check(file, firstRow: row)
      row += file.rows
    }
    if files.count == first.header.addresses.count {
      do throws(DSXError) { try RecordFile.checkSameSet(files) } catch {
        verifier.add(error, path)
      }
    }
    return verifier.findings
  }

  var findings: [RecordFinding] = []

  mutating func add(
    _ file: String, _ message: String, row: Int? = nil, byte: Int? = nil,
    _ severity: RecordFinding.Severity = .error
  ) {
    findings.append(
      RecordFinding(severity: severity, file: file, message: message, row: row, byte: byte))
  }

  mutating func add(_ error: DSXError, _ file: String) {
    var message = error.message
    if let underlying = error.underlying { message += " (\(underlying))" }
    add(
      error.location.file ?? file, message, row: error.location.row, byte: error.location.byte)
  }

  /// Opens a file. A header that does not match its checksum is listed, and the file is checked as far
  /// as the header can be read; nil when it cannot.
  private mutating func open(_ path: String, isFirst: Bool = false) throws(DSXError) -> RecordFile?
  {
    do throws(DSXError) { return try RecordFile(path: path) } catch {
      if isFirst, error.code == .io || error.code == .missingFile { throw error }
      add(error, path)
    }
    do throws(DSXError) { return try RecordFile(path: path, verify: false) } catch { return nil }
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
    let end = file.header.pages.last.map { page in
      file.header.headerSize + page.id * file.header.pageSize + page.used
    }
    if let end, file.bytes.count > end {
      add(
        file.path, "\(file.bytes.count - end) bytes follow the last page", byte: end, .warning)
    }
  }
}
