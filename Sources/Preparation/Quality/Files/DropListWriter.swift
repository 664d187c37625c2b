public import DSXCore

/// Writes which documents of a shard are dropped, in their order.
///
/// ```
/// header, 16 bytes:  "DSXDROP\n", version u32 = 1, 0 u32
/// entries, 32 bytes each, ordinals ascending
///   0  8  ordinal of the document in its shard
///   8  4  rule (`QualityRule`)
///  12  4  duplicates: 1 + input of the document that is kept; otherwise the evaluation item
///  16  8  value f64
///  24  8  duplicates: byte of the document that is kept
/// footer, 24 bytes:  documents of the shard u64, entries u64, CRC-32C of all before u32, "DROP"
/// ```
public struct DropListWriter: ~Copyable {
  static let magic = Array("DSXDROP\n".utf8)
  static let endMagic = Array("DROP".utf8)
  static let version: UInt32 = 1
  static let headerSize = 16
  static let entrySize = 32
  static let footerSize = 24

  private var file: BufferedFile
  private var entries = 0

  /// Creates the file.
  public init(path: String) throws(DSXError) {
    var header = Self.magic
    header.appendLittle(Self.version)
    header.appendLittle(UInt32(0))
    file = try BufferedFile(path: path, header: header)
  }

  /// Adds a document; ordinals must ascend.
  public mutating func append(_ ordinal: Int, _ reason: DropReason) throws(DSXError) {
    var entry: [UInt8] = []
    entry.reserveCapacity(Self.entrySize)
    entry.appendLittle(UInt64(ordinal))
    entry.appendLittle(UInt32(reason.rule.rawValue))
    entry.appendLittle(UInt32(clamping: reason.original.map { $0.input + 1 } ?? reason.item))
    entry.appendLittle(reason.value.bitPattern)
    entry.appendLittle(UInt64(clamping: reason.original?.byte ?? 0))
    try file.append(entry)
    entries += 1
  }

  /// Writes the end and flushes to disk. `documents` is the number of documents in the shard.
  public mutating func finish(documents: Int) throws(DSXError) {
    var footer: [UInt8] = []
    footer.appendLittle(UInt64(documents))
    footer.appendLittle(UInt64(entries))
    try file.append(footer)
    var end: [UInt8] = []
    end.appendLittle(file.checksum)
    end.append(contentsOf: Self.endMagic)
    try file.append(end)
    try file.finish()
  }
}
