internal import DSXCore

/// The rows of one blob page and where their raw records lie. Byte positions count from the file's start.
struct RowGroup: Hashable, Sendable {
  var id: Int
  /// The first row's number in its shard.
  var firstRow: Int
  var rows: Int
  var blobPage: Int
  var blob: Range<Int>
  var rawPage: Int
  var raw: Range<Int>

  /// The groups of a file, from its header. Checks every page against the file's size, and that groups,
  /// rows and raw regions fit together.
  static func all(_ header: ShardHeader, fileSize: Int) throws(DSXError) -> [RowGroup] {
    var groups: [RowGroup] = []
    for page in header.pages {
      let start = try pageStart(page, header, fileSize)
      guard page.kind == .blob else { continue }
      guard page.typeID == groups.count else {
        throw fault(page, start, "is of row group \(page.typeID), expected \(groups.count)")
      }
      let firstRow = groups.last.map { $0.firstRow + $0.rows } ?? 0
      // A record takes at least its 8-byte length, so the page bounds the number of its rows.
      guard page.startRow == firstRow, page.endRow >= firstRow,
        page.endRow - firstRow <= page.used / 8
      else {
        throw fault(
          page, start,
          "claims rows \(page.startRow) to \(page.endRow) in \(page.used) bytes, "
            + "expected them to start at \(firstRow)")
      }
      groups.append(
        RowGroup(
          id: page.typeID, firstRow: firstRow, rows: page.endRow - firstRow, blobPage: page.id,
          blob: start..<start + page.used, rawPage: -1, raw: 0..<0))
    }
    for page in header.pages where page.kind == .raw {
      let start = header.headerSize + page.id * header.pageSize
      for (position, group) in page.groups.enumerated() {
        let end = position + 1 < page.groups.count ? page.groups[position + 1].offset : page.used
        guard group.offset <= end, end <= page.used, groups.indices.contains(group.id),
          groups[group.id].rawPage < 0
        else {
          throw fault(page, start, "has a wrong row group \(group.id) at offset \(group.offset)")
        }
        groups[group.id].rawPage = page.id
        groups[group.id].raw = start + group.offset..<start + end
      }
    }
    for group in groups {
      guard group.rawPage >= 0 || group.rows == 0 else {
        throw DSXError(
          .corrupt, "no raw page holds the row group \(group.id) of page \(group.blobPage)", byte: 8
        )
      }
      guard group.rows <= group.raw.count / 8 else {
        throw DSXError(
          .corrupt,
          "the raw region of row group \(group.id) in page \(group.rawPage) is too small "
            + "for \(group.rows) rows", byte: group.raw.lowerBound)
      }
    }
    return groups
  }

  private static func pageStart(_ page: PageEntry, _ header: ShardHeader, _ fileSize: Int)
    throws(DSXError) -> Int
  {
    let (offset, overflow) = page.id.multipliedReportingOverflow(by: header.pageSize)
    let start = overflow ? Int.max : header.headerSize &+ offset
    guard page.used <= header.pageSize else {
      throw fault(page, start, "uses \(page.used) bytes of \(header.pageSize)")
    }
    guard !overflow, start >= 0, start <= fileSize, page.used <= fileSize - start else {
      throw fault(
        page, start, "ends at byte \(start &+ page.used), but the file has \(fileSize) bytes")
    }
    return start
  }

  private static func fault(_ page: PageEntry, _ start: Int, _ message: String) -> DSXError {
    DSXError(
      .corrupt, "page \(page.id) \(message)", byte: start,
      hint: "the file is cut off or its header is damaged")
  }
}
