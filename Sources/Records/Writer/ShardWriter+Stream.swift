internal import DSXCore

/// Placement that depends on the rows only, not on how they were handed over.
///
/// Rows fill the open row group until its blob page or its raw records would outgrow a page. The raw
/// records of a group are kept in memory until it is closed, then written whole.
extension ShardWriter {
  /// Appends encoded rows: records back to back, with their lengths.
  func stream(blob: UnsafeRawBufferPointer, raw: UnsafeRawBufferPointer, rows count: Int)
    throws(DSXError)
  {
    var blobAt = 0
    var rawAt = 0
    var blobRun = 0
    var rawRun = 0
    for _ in 0..<count {
      let blobLength = blob.recordLength(at: blobAt)
      let rawLength = raw.recordLength(at: rawAt)
      let used = (blobPage.map { header.pages[$0].used } ?? 0) + blobAt - blobRun
      let isFull =
        used + blobLength > pageSize
        || openGroup.count + rawAt - rawRun + rawLength > pageSize
      if blobPage == nil || isFull {
        try extend(blob, blobRun..<blobAt, raw, rawRun..<rawAt)
        blobRun = blobAt
        rawRun = rawAt
        try closeGroup()
        _ = try openBlobPage()
      }
      rows += 1
      if indexing != nil {
        // A record is no longer than a page, 256 MiB.
        lengths.blob.append(UInt32(truncatingIfNeeded: blobLength))
        lengths.raw.append(UInt32(truncatingIfNeeded: rawLength))
      }
      blobAt += blobLength
      rawAt += rawLength
    }
    try extend(blob, blobRun..<blobAt, raw, rawRun..<rawAt)
  }

  /// Adds a run of records to the open row group.
  private func extend(
    _ blob: UnsafeRawBufferPointer, _ blobRun: Range<Int>, _ raw: UnsafeRawBufferPointer,
    _ rawRun: Range<Int>
  ) throws(DSXError) {
    guard let page = blobPage, !blobRun.isEmpty else { return }
    try write(
      UnsafeRawBufferPointer(rebasing: blob[blobRun]), page: page, at: header.pages[page].used)
    header.pages[page].used += blobRun.count
    header.pages[page].endRow = rows
    openGroup.append(UnsafeRawBufferPointer(rebasing: raw[rawRun]))
  }

  /// Writes the raw records of the open row group.
  func closeGroup() throws(DSXError) {
    guard openGroup.count > 0 else { return }
    var page: Int
    if let open = rawPage, header.pages[open].used + openGroup.count <= pageSize {
      page = open
    } else {
      page = try openRawPage()
    }
    let offset = header.pages[page].used
    try write(openGroup.bytes, page: page, at: offset)
    header.pages[page].groups.append(PageEntry.GroupStart(id: groups - 1, offset: offset))
    try index(rawPage: page, offset: offset)
    header.pages[page].used += openGroup.count
    openGroup.removeAll()
  }
}
