internal import DSXCore

/// Where things lie in a scan file (version 1, little-endian; every column starts at a multiple of 8).
///
/// ```
/// header, 64 bytes
///   0  8  "DSXSCAN\n"
///   8  4  version
///  12  4  B: buckets, 0 without MinHash
///  16  4  S: signature length, 0 unless pairs are verified
///  20  4  H: 1 with content hashes, otherwise 0
///  24  4  documents in a full block
///  28  4  0
///  32 32  identity of the options: the first 32 hexadecimal digits of a SHA-256
/// blocks of n documents each, all full but the last; in each the columns
///   rule       u8  [n]     the filter that dropped it (`QualityRule`), 0 when none did
///   value      f64 [n]     what that filter measured
///   item       u32 [n]     the evaluation item that was hit
///   input      u32 [n]     where the document is from: input
///   byte       u64 [n]     and byte
///   hash       u64 [n][2]  H of them
///   bands      u64 [n]     B of them
///   signature  u32 [n][S]
/// footer, 24 bytes
///   0  8  documents
///   8  4  CRC-32C of all bytes before the footer
///  12  4  0
///  16  8  "DSXSCAN."
/// ```
struct ScanFileLayout: Hashable {
  static let magic = Array("DSXSCAN\n".utf8)
  static let endMagic = Array("DSXSCAN.".utf8)
  static let version: UInt32 = 1
  static let headerSize = 64
  static let footerSize = 24

  var buckets: Int
  var signature: Int
  var hashes: Bool
  var blockDocuments = 4096
  var identity: String

  /// The layout for these options.
  init(_ options: QualityOptions, identity: String) {
    buckets = options.minHash?.buckets ?? 0
    signature = options.minHash.map { $0.verify == nil ? 0 : $0.signatureCount } ?? 0
    hashes = options.dropsExactDuplicates
    self.identity = identity
  }

  private static func padded(_ bytes: Int) -> Int { (bytes + 7) / 8 * 8 }

  /// Offsets of the columns of a block of `count` documents, relative to it.
  struct Columns: Hashable {
    var rule = 0
    var value: Int
    var item: Int
    var input: Int
    var byte: Int
    var hash: Int
    var bands: Int
    var signature: Int
    var size: Int
  }

  func columns(_ count: Int) -> Columns {
    let value = Self.padded(count)
    let item = value + 8 * count
    let input = item + Self.padded(4 * count)
    let byte = input + Self.padded(4 * count)
    let hash = byte + 8 * count
    let bands = hash + (hashes ? 16 * count : 0)
    let signatures = bands + 8 * buckets * count
    return Columns(
      value: value, item: item, input: input, byte: byte, hash: hash, bands: bands,
      signature: signatures, size: signatures + Self.padded(4 * signature * count))
  }

  /// The bytes of a file of `documents`; nil when it would not fit an integer.
  func fileSize(_ documents: Int) -> Int? {
    guard documents >= 0, documents < 1 << 40 else { return nil }
    let full = documents / blockDocuments
    let rest = documents % blockDocuments
    let (blocks, overflow) = full.multipliedReportingOverflow(by: columns(blockDocuments).size)
    guard !overflow, blocks < 1 << 60 else { return nil }
    return Self.headerSize + blocks + (rest > 0 ? columns(rest).size : 0) + Self.footerSize
  }
}
