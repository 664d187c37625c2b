internal import DSXCore

/// MindSpore's own placement: all rows of one call at once, so the files are byte-identical to FileWriter's.
extension ShardWriter {
  /// A run of rows that share a blob page.
  private struct Cut {
    var blob: Range<Int>
    var raw: Range<Int>
    var rows = 0
  }

  /// Places the rows of one call.
  func place(blob: UnsafeRawBufferPointer, raw: UnsafeRawBufferPointer, rows count: Int)
    throws(DSXError)
  {
    guard count > 0 else { return }
    let cuts = cut(blob, raw, count)
    // Blobs: the first cut goes on in the open page, each further one opens a page.
    for (number, cut) in cuts.enumerated() where number > 0 || cut.rows > 0 {
      let page: Int
      if number == 0, let open = blobPage { page = open } else { page = try openBlobPage() }
      try write(
        UnsafeRawBufferPointer(rebasing: blob[cut.blob]), page: page, at: header.pages[page].used)
      header.pages[page].used += cut.blob.count
      rows += cut.rows
      header.pages[page].endRow = rows
    }
    if cuts[0].rows > 0 { try shift(cuts[0].raw.count) }
    // Raws: a cut that goes on in the open row group, then one new row group a cut.
    let firstNew = groups - (cuts.count - 1)
    for (number, cut) in cuts.enumerated() where cut.rows > 0 {
      let page: Int
      if let open = rawPage, header.pages[open].used + cut.raw.count <= pageSize {
        page = open
      } else {
        page = try openRawPage()
      }
      let offset = header.pages[page].used
      try write(UnsafeRawBufferPointer(rebasing: raw[cut.raw]), page: page, at: offset)
      header.pages[page].used += cut.raw.count
      if number > 0 {
        header.pages[page].groups.append(
          PageEntry.GroupStart(id: firstNew + number - 1, offset: offset))
      }
    }
  }

  /// Cuts a call's rows where the open blob page or the open row group would outgrow a page.
  private func cut(_ blob: UnsafeRawBufferPointer, _ raw: UnsafeRawBufferPointer, _ count: Int)
    -> [Cut]
  {
    var blobUsed = blobPage.map { header.pages[$0].used } ?? 0
    var rawUsed = 0
    if let rawPage, let last = header.pages[rawPage].groups.last {
      rawUsed = header.pages[rawPage].used - last.offset
    }
    var cuts: [Cut] = []
    var current = Cut(blob: 0..<0, raw: 0..<0)
    for _ in 0..<count {
      let blobEnd = current.blob.upperBound + blob.recordLength(at: current.blob.upperBound)
      let rawEnd = current.raw.upperBound + raw.recordLength(at: current.raw.upperBound)
      let blobLength = blobEnd - current.blob.upperBound
      let rawLength = rawEnd - current.raw.upperBound
      if blobUsed == 0 || blobUsed + blobLength > pageSize || rawUsed + rawLength > pageSize {
        cuts.append(current)
        current = Cut(
          blob: current.blob.upperBound..<blobEnd, raw: current.raw.upperBound..<rawEnd, rows: 1)
        blobUsed = blobLength
        rawUsed = rawLength
      } else {
        current = Cut(
          blob: current.blob.lowerBound..<blobEnd, raw: current.raw.lowerBound..<rawEnd,
          rows: current.rows + 1)
        blobUsed += blobLength
        rawUsed += rawLength
      }
    }
    cuts.append(current)
    return cuts
  }

  /// When `more` raw bytes for the last row group do not fit, moves that group to a new raw page. Its old
  /// bytes stay where they were, beyond the old page's used size.
  private func shift(_ more: Int) throws(DSXError) {
    guard let old = rawPage, header.pages[old].used + more > pageSize,
      let last = header.pages[old].groups.last
    else { return }
    let moved = header.pages[old].used - last.offset
    var bytes = ByteStore(capacity: moved)
    try file.read(moved, at: start(old) + last.offset, into: &bytes)
    written[old] = max(written[old] ?? 0, header.pages[old].used)
    header.pages[old].used = last.offset
    header.pages[old].groups.removeLast()
    let page = try openRawPage()
    try write(bytes.bytes, page: page, at: 0)
    header.pages[page].used = moved
    header.pages[page].groups = [PageEntry.GroupStart(id: last.id, offset: 0)]
  }
}
