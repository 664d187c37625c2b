internal import DSXCore

/// Going on with a data file that an earlier writer left.
extension ShardWriter {
  /// Goes on behind the last page of `header`. `openGroup`: the raw records of its last row group, when
  /// they are in no page yet.
  convenience init(resuming file: OutputFile, header: ShardHeader, openGroup group: [UInt8] = []) {
    self.init(file: file, header: header)
    rows = header.rows
    groups = header.pages.count { $0.kind == .blob }
    blobPage = header.pages.lastIndex { $0.kind == .blob }
    rawPage = header.pages.lastIndex { $0.kind == .raw }
    openGroup.append(copying: group)
  }

  /// Where the last page ends.
  var end: Int { header.pages.last.map { start($0.id) + $0.used } ?? 0 }

  /// Removes what was written after the checkpoint: the header, everything behind the last page, and
  /// the tails of the pages that were still open. The file is then as it was at the checkpoint.
  func rewind() throws(DSXError) {
    guard end <= (try file.size()) else {
      throw DSXError(
        .corrupt, "the file ends before byte \(end), up to which its checkpoint speaks of rows",
        file: file.path, hint: "remove the temporary folder and start again")
    }
    try file.clear(0..<header.headerSize)
    try file.truncate(to: end)
    for page in [blobPage, rawPage] {
      guard let page else { continue }
      let used = max(header.pages[page].used, written[page] ?? 0)
      try file.clear(start(page) + used..<start(page) + pageSize)
    }
  }

  /// Takes the last row group out of its raw page again, as if the set had not been finished, so that
  /// rows can be added to it. False when the file is not laid out as `stream` does it.
  func reopenGroup() throws(DSXError) -> Bool {
    guard groups > 0 else { return true }
    guard let page = rawPage, let last = header.pages[page].groups.last, last.id == groups - 1,
      let blobPage, header.pages[blobPage].typeID == last.id
    else { return false }
    let used = header.pages[page].used
    let isOwnPage = header.pages[page].groups.count == 1
    guard last.offset <= used, !isOwnPage || page == header.pages.count - 1 else { return false }
    try file.read(used - last.offset, at: start(page) + last.offset, into: &openGroup)
    try file.clear(start(page) + last.offset..<start(page) + used)
    if isOwnPage {
      header.pages.removeLast()
      header.checks?.pages.removeLast()
      rawPage = header.pages.lastIndex { $0.kind == .raw }
    } else {
      header.pages[page].groups.removeLast()
      header.pages[page].used = last.offset
      var before = ByteStore()
      try file.read(last.offset, at: start(page), into: &before)
      header.checks?.pages[page] = before.bytes.crc32c()
    }
    try file.clear(0..<header.headerSize)
    try file.truncate(to: end)
    return true
  }

  /// What a checkpoint keeps of this shard.
  func checkpoint() -> WriterCheckpoint.Shard {
    WriterCheckpoint.Shard(
      number: header.shard, header: header, openGroup: Array(openGroup.bytes), written: written)
  }
}
