internal import DSXCore

/// Writes the pages and the header of one data file from encoded rows.
///
/// Blob records go to blob pages, raw records to raw pages. The rows of one blob page are a row group;
/// a row group lies in one raw page. Two ways of placing rows: `ShardWriter+Stream.swift` (the result
/// depends on the rows only) and `ShardWriter+Exact.swift` (MindSpore's, which depends on the calls).
final class ShardWriter {
  var header: ShardHeader
  let file: OutputFile
  /// Positions in `header.pages` of the last blob and the last raw page.
  var blobPage: Int?
  var rawPage: Int?
  var rows = 0
  var groups = 0
  /// Stream placement: the raw records of the open row group.
  var openGroup = ByteStore()
  /// Exact placement: pages whose end was moved back, with the end of the bytes that stay behind it.
  var written: [Int: Int] = [:]
  /// Whether pages were written since the last checkpoint.
  var isDirty = false
  private var flushed = 0
  /// Stream placement: makes the index beside the pages. nil: it is made from the finished file.
  var indexing: WorkThread?
  private var builder: IndexBuilder?
  /// Record lengths of the open row group, for the index.
  var lengths: (blob: [UInt32], raw: [UInt32]) = ([], [])
  /// Whether the index's last job was handed over.
  private(set) var hasIndex = false

  init(file: OutputFile, header: ShardHeader) {
    self.header = header
    self.file = file
  }

  convenience init(path: String, header: ShardHeader) throws(DSXError) {
    self.init(file: try OutputFile(path: path), header: header)
  }

  var pageSize: Int { header.pageSize }

  /// The digest of the shard's rows and pages; 0 without checksums.
  var digest: UInt32 { header.checks?.digest(rows: rows) ?? 0 }

  /// Where a page starts in the file.
  func start(_ page: Int) -> Int { header.headerSize + header.pages[page].id * pageSize }

  /// Opens a new blob page for the next row group.
  func openBlobPage() throws(DSXError) -> Int {
    try checkHeaderRoom()
    let id = header.pages.count
    header.pages.append(
      PageEntry(id: id, kind: .blob, typeID: groups, used: 0, startRow: rows, endRow: rows))
    header.checks?.pages.append(0)
    groups += 1
    blobPage = id
    return id
  }

  /// Opens a new raw page.
  func openRawPage() throws(DSXError) -> Int {
    try checkHeaderRoom()
    let id = header.pages.count
    // MindSpore's quirk: 0, then the previous raw page's id + 1.
    let typeID = rawPage.map { header.pages[$0].id + 1 } ?? 0
    header.pages.append(PageEntry(id: id, kind: .raw, typeID: typeID, used: 0, groups: []))
    header.checks?.pages.append(0)
    rawPage = id
    return id
  }

  /// Fails early when the page list has certainly outgrown the header.
  private func checkHeaderRoom() throws(DSXError) {
    // An entry takes at least 140 bytes, so this never refuses what would fit.
    guard header.pages.count * 140 <= header.headerSize else { throw headerTooSmall() }
  }

  private func headerTooSmall() -> DSXError {
    DSXError(
      .malformed,
      "the header of \(header.headerSize) bytes cannot hold the list of "
        + "\(header.pages.count) pages", file: file.path,
      hint: "choose a larger header size or page size, or more shards")
  }

  /// Writes at a place in a page: with checksums, only behind what was written to it before.
  func write(_ bytes: UnsafeRawBufferPointer, page: Int, at offset: Int) throws(DSXError) {
    let position = start(page) + offset
    try file.write(bytes, at: position)
    isDirty = true
    if let sum = header.checks?.pages[page] { header.checks?.pages[page] = bytes.crc32c(sum) }
    // Once a page is behind us, let the disk work on it while we go on encoding.
    let settled = start(page)
    if settled > flushed {
      file.startFlush(from: flushed, count: settled - flushed)
      flushed = settled
    }
  }

  /// Hands the open row group, which goes to `rawPage` at `offset`, over to the index.
  func index(rawPage: Int, offset: Int) throws(DSXError) {
    guard let indexing, let blobPage else { return }
    let builder: IndexBuilder
    if let made = self.builder { builder = made } else { builder = try makeBuilder() }
    let group = IndexBuilder.Group(
      id: groups - 1, firstRow: header.pages[blobPage].startRow,
      blobPage: header.pages[blobPage].id,
      rawPage: header.pages[rawPage].id, rawOffset: offset, blobLengths: lengths.blob,
      rawLengths: lengths.raw, raw: header.plan.index.isEmpty ? [] : Array(openGroup.bytes))
    lengths = ([], [])
    try indexing.submit {
      do throws(DSXError) { try builder.add(group) } catch { return error }
      return nil
    }
  }

  private func makeBuilder() throws(DSXError) -> IndexBuilder {
    let made = try IndexBuilder(
      path: file.path + ".db", name: FilePath.split(file.path).name, plan: header.plan)
    builder = made
    return made
  }

  /// All rows are there: writes what is open, and lets the index be ended. `durable`: flushed, too.
  func complete(durable: Bool) throws(DSXError) {
    try closeGroup()
    try file.settle()
    guard let indexing, let builder, !hasIndex else { return }
    let (checks, rows, path) = (header.checks, rows, file.path + ".db")
    try indexing.submit {
      do throws(DSXError) {
        try builder.finish(checks, rows: rows)
        if durable { try FilePath.flush(path) }
      } catch { return error }
      return nil
    }
    self.builder = nil
    hasIndex = true
  }

  /// Writes the header; the pages must be complete. Returns the file's size.
  func finish(saved: Int, set: UInt32) throws(DSXError) -> Int {
    // Floored at 0 as MindSpore does: packing can grow tiny arrays.
    header.compressionSize = max(0, saved)
    header.checks?.saved = saved
    header.checks?.set = set
    var text = ByteStore()
    header.write(into: &text)
    guard text.count <= header.headerSize else { throw headerTooSmall() }
    try file.write(text.bytes, at: 0)
    try file.close()
    return header.pages.last.map { start($0.id) + $0.used } ?? text.count
  }
}
