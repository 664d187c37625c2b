internal import DSXCore
internal import Glibc

/// One data file, mapped, with its checked header. Rows are numbered within the file.
final class RecordFile: Sendable {
  let path: String
  let header: ShardHeader
  let groups: [RowGroup]
  private let mapped: MappedFile
  /// Per page: whether its bytes were found to match its checksum.
  private let checked: Lock<[Bool]>
  private let tables = Lock<[(group: Int, table: GroupTable)]>([])
  /// Tables are kept for about this many rows (16 bytes a row), the last used first.
  static let cachedRows = 1 << 20
  /// Positions for random access, group by group (RecordFile+Anchors).
  let anchors = Lock<[Int: AnchorTable]>([:])

  /// Opens the file at `path`. `verify`: each page is compared with its checksum when it is first
  /// touched, where the file has checksums.
  ///
  /// `names`: those of a set's files that was opened before. Every header repeats them; of 4,096 files
  /// only one list is kept.
  init(path: String, verify: Bool = true, names: [String]? = nil) throws(DSXError) {
    self.path = path
    mapped = try MappedFile(path: path)
    do {
      var header = try ShardHeader(file: mapped.bytes, verify: verify)
      if let names, header.addresses == names { header.addresses = names }
      self.header = header
      groups = try RowGroup.all(header, fileSize: mapped.bytes.count)
    } catch { throw error.inFile(path) }
    checked = Lock(Array(repeating: false, count: header.checks == nil ? 0 : header.pages.count))
    // The headers of many files are large, and read once.
    if header.addresses.count > 64, let base = bytes.baseAddress {
      madvise(
        UnsafeMutableRawPointer(mutating: base), min(bytes.count, header.headerSize), MADV_DONTNEED)
    }
  }

  var bytes: UnsafeRawBufferPointer { mapped.bytes }
  var rows: Int { groups.last.map { $0.firstRow + $0.rows } ?? 0 }

  /// The position in `groups` of the group that holds row `row`, which must exist. Logarithmic.
  func groupIndex(of row: Int) -> Int {
    var low = 0
    var high = groups.count - 1
    while low < high {
      let middle = (low + high + 1) / 2
      if groups[middle].firstRow <= row { low = middle } else { high = middle - 1 }
    }
    // Empty groups share their first row with the next one: take the one that has rows.
    while groups[low].rows == 0, low > 0 { low -= 1 }
    return low
  }

  /// The record positions of a group; kept for the next call.
  func table(_ group: Int) throws(DSXError) -> GroupTable {
    let found = tables.withLock { cache -> GroupTable? in
      guard let at = cache.firstIndex(where: { $0.group == group }) else { return nil }
      if at > 0 { cache.insert(cache.remove(at: at), at: 0) }
      return cache[0].table
    }
    if let found { return found }
    prefetch(group)
    try check(page: groups[group].blobPage, group)
    try check(page: groups[group].rawPage, group)
    let table: GroupTable
    do { table = try GroupTable(groups[group], bytes) } catch { throw place(error, group) }
    tables.withLock { cache in
      cache.insert((group, table), at: 0)
      var rows = 0
      let keep = cache.prefix { entry in
        rows += entry.table.blob.count
        return rows <= Self.cachedRows
      }
      cache.removeLast(cache.count - max(1, keep.count))
    }
    return table
  }

  /// Compares a page with its checksum, once. Safe from several threads: at worst two of them do the work.
  ///
  /// Throws `corrupt` with file, shard, page and the page's first byte.
  func check(page: Int, _ group: Int) throws(DSXError) {
    guard let checks = header.checks, checks.pages.indices.contains(page),
      !checked.withLock({ $0[page] })
    else { return }
    let start = header.headerSize + page * header.pageSize
    let used = header.pages[page].used
    let sum = UnsafeRawBufferPointer(rebasing: bytes[start..<start + used]).crc32c()
    guard sum == checks.pages[page] else {
      let kind = header.pages[page].kind == .blob ? "blob" : "raw"
      throw place(
        DSXError(
          .corrupt,
          "\(kind) page \(page) does not match its checksum: some of its \(used) bytes were changed",
          byte: start,
          hint: "restore the file from a copy; --no-verify reads it as it is"), group)
    }
    checked.withLock { $0[page] = true }
  }

  /// Lets the disk fetch a group that is about to be read as a whole, and the next one meanwhile: page faults
  /// alone would fetch it in small pieces, one after the other.
  private func prefetch(_ group: Int) {
    let page = Int(sysconf(Int32(_SC_PAGESIZE)))
    for next in groups[group...].prefix(2) {
      for region in [next.blob, next.raw] where !region.isEmpty {
        let start = region.lowerBound / page * page
        guard let base = bytes.baseAddress else { continue }
        madvise(
          UnsafeMutableRawPointer(mutating: base + start), region.upperBound - start, MADV_WILLNEED)
      }
    }
  }

  /// The same error with file and shard.
  func place(_ error: DSXError, _ group: Int, row: Int? = nil) -> DSXError {
    var placed = error.inFile(path)
    if placed.location.row == nil { placed.location.row = row }
    if header.addresses.count > 1 { placed.message += " (shard \(header.shard))" }
    return placed
  }

  /// Lets the system take back the memory of a group that has been read; it can be read again.
  func release(_ group: Int) {
    // A pass over many files must not keep the tables of each.
    tables.withLock { cache in cache.removeAll { $0.group == group } }
    releasePages(group)
  }

  /// The record positions of a group of which single rows are read here and there: what the walk (and
  /// the checksum) had to read of it is given back at once.
  func scatteredTable(_ group: Int) throws(DSXError) -> GroupTable {
    let isKnown = tables.withLock { cache in cache.contains { $0.group == group } }
    let table = try table(group)
    if !isKnown { releasePages(group) }
    return table
  }

  private func releasePages(_ group: Int) {
    for region in [groups[group].blob, groups[group].raw] {
      let page = Int(sysconf(Int32(_SC_PAGESIZE)))
      let start = (region.lowerBound + page - 1) / page * page
      let end = region.upperBound / page * page
      guard start < end, let base = bytes.baseAddress else { continue }
      madvise(UnsafeMutableRawPointer(mutating: base + start), end - start, MADV_DONTNEED)
    }
  }

  /// Lets the system take back the memory of the whole file; it can be read again.
  func releaseAll() {
    guard let base = bytes.baseAddress else { return }
    madvise(UnsafeMutableRawPointer(mutating: base), bytes.count, MADV_DONTNEED)
  }
}
