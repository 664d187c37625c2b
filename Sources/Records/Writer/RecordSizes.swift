internal import DSXCore

/// Header and page sizes chosen from the data, and which shard a row belongs to.
///
/// A small set (encoded rows that fit into memory) gets pages just large enough for one blob page and one
/// raw page a shard, so one row takes 48 KiB and not MindSpore's 50 MB. A large set gets 32 MiB pages and
/// an 8 MiB header: its list holds over 25,000 pages, 800 GB a shard. (Unused header is a hole.)
struct RecordSizes {
  var header: Int
  var page: Int

  private static let largePage = 32 << 20
  private static let largeHeader = 8 << 20
  /// JSON bytes a page costs at most, its share of row-group entries included.
  private static let pageCost = 320

  /// The first row of a shard: n/N each, one more for the first n mod N.
  static func firstRow(of shard: Int, rows: Int, shards: Int) -> Int {
    shard * (rows / shards) + min(shard, rows % shards)
  }

  /// The shard of a row.
  static func shard(of row: Int, rows: Int, shards: Int) -> Int {
    let (each, extra) = rows.quotientAndRemainder(dividingBy: shards)
    if row < extra * (each + 1) { return row / (each + 1) }
    return each == 0 ? shards : extra + (row - extra * (each + 1)) / each
  }

  /// Sizes for rows that are all in memory.
  static func small(
    _ options: RecordWriterOptions, base: Int, longest: Int, blob: UnsafeRawBufferPointer,
    raw: UnsafeRawBufferPointer, rows: Int, shards: Int
  ) throws(DSXError) -> RecordSizes {
    var blobAt = 0
    var rawAt = 0
    var largest = (blob: 0, raw: 0)
    for shard in 0..<shards {
      let count =
        firstRow(of: shard + 1, rows: rows, shards: shards)
        - firstRow(of: shard, rows: rows, shards: shards)
      let blobEnd = blob.end(ofRecords: count, from: blobAt)
      let rawEnd = raw.end(ofRecords: count, from: rawAt)
      largest = (max(largest.blob, blobEnd - blobAt), max(largest.raw, rawEnd - rawAt))
      blobAt = blobEnd
      rawAt = rawEnd
    }
    let page = options.pageSize ?? rounded(max(largest.blob, largest.raw), ShardHeader.pageSizes)
    let pages = 2 * ((largest.blob + largest.raw) / max(page / 2, 1) + 2)
    return try RecordSizes(header: header(options, base, pages), page: page).checked(longest)
  }

  /// Sizes for rows that go to disk as they come; `bytes` a shard when that is known.
  static func large(_ options: RecordWriterOptions, base: Int, longest: Int, bytes: Int? = nil)
    throws(DSXError) -> RecordSizes
  {
    let page = options.pageSize ?? max(largePage, rounded(longest, ShardHeader.pageSizes))
    var pages = largeHeader / pageCost
    if let bytes { pages = max(pages, 4 * (bytes / page + 2)) }
    // Small pages of the user's choice: room for 64 GiB, as far as a header can grow.
    if page < largePage { pages = max(pages, (64 << 30) / page) }
    return try RecordSizes(header: header(options, base, pages), page: page).checked(longest)
  }

  private static func header(_ options: RecordWriterOptions, _ base: Int, _ pages: Int) -> Int {
    options.headerSize ?? rounded(base + pages * pageCost, ShardHeader.headerSizes)
  }

  /// The next multiple of 4 KiB within the limits.
  private static func rounded(_ bytes: Int, _ limits: ClosedRange<Int>) -> Int {
    min(max((bytes + 4095) / 4096 * 4096, limits.lowerBound), limits.upperBound)
  }

  private func checked(_ longest: Int) throws(DSXError) -> RecordSizes {
    guard longest <= page else {
      throw DSXError(
        .malformed, "a row takes \(longest) bytes, but a page holds only \(page)",
        hint: "choose a larger page size (at most \(ShardHeader.pageSizes.upperBound))")
    }
    return self
  }
}
