internal import DSXCore

/// The ids of the rows of a table that is scored: one id is one example, for pairs and for comparisons.
///
/// Ids are kept as 64-bit hashes, for so many rows as fit into some dozen megabytes.
struct ScoreIDs {
  /// Ids that are kept.
  private static let most = 1 << 21

  private let file: String?
  private var rows: [UInt64: Int32] = [:]
  private var isFull = false

  init(file: String?) { self.file = file }

  /// How many ids were looked through where there were more; nil when all were.
  var limitReached: Int? { isFull ? Self.most : nil }

  /// Takes the ids of the next rows. Throws `malformed` for one that a row before has.
  mutating func add(_ ids: [String], firstRow: Int) throws(DSXError) {
    for (offset, id) in ids.enumerated() {
      let row = firstRow + offset
      let key = Self.hash(id)
      if let first = rows[key] {
        throw DSXError(
          .malformed,
          "the id '\(id)' comes twice: in the rows \(first) and \(row), counted from 0", file: file,
          row: row,
          hint: "one id is one example; name another column with --id, or give every row its own")
      }
      guard rows.count < Self.most else {
        isFull = true
        continue
      }
      rows[key] = Int32(truncatingIfNeeded: row)
    }
  }

  /// FNV-1a over the bytes, mixed once more.
  private static func hash(_ id: String) -> UInt64 {
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    for byte in id.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
    hash = (hash ^ hash >> 32) &* 0xd6e8_feb8_6659_fd93
    return hash ^ hash >> 32
  }
}
