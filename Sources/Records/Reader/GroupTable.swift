internal import DSXCore

/// Where the records of one row group lie: rows + 1 byte positions each, from the length prefixes.
struct GroupTable: Sendable {
  let blob: [Int]
  let raw: [Int]

  /// Positions that were found in another way.
  init(blob: [Int], raw: [Int]) {
    self.blob = blob
    self.raw = raw
  }

  /// Walks the length prefixes; they must fill both regions exactly.
  init(_ group: RowGroup, _ bytes: UnsafeRawBufferPointer) throws(DSXError) {
    blob = try Self.walk(group, bytes, group.blob, "blob", group.blobPage)
    raw = try Self.walk(group, bytes, group.raw, "raw", group.rawPage)
  }

  private static func walk(
    _ group: RowGroup, _ bytes: UnsafeRawBufferPointer, _ region: Range<Int>, _ what: String,
    _ page: Int
  ) throws(DSXError) -> [Int] {
    var starts: [Int] = []
    // Bounded by the region's size: RowGroup.all checked rows <= bytes / 8.
    starts.reserveCapacity(group.rows + 1)
    var position = region.lowerBound
    for row in 0..<group.rows {
      starts.append(position)
      let left = region.upperBound - position
      guard left >= 8 else {
        throw fault(group, row, position, "page \(page) ends before its last \(what) record")
      }
      let length = UInt64(
        littleEndian: bytes.loadUnaligned(fromByteOffset: position, as: UInt64.self))
      guard length <= UInt64(left - 8) else {
        throw fault(
          group, row, position,
          "the \(what) record in page \(page) claims \(length) bytes, but \(left - 8) are left")
      }
      position += 8 + Int(length)
    }
    guard position == region.upperBound else {
      throw fault(
        group, max(0, group.rows - 1), position,
        "page \(page) has \(region.upperBound - position) bytes after the last \(what) record of "
          + "its row group")
    }
    starts.append(position)
    return starts
  }

  private static func fault(_ group: RowGroup, _ row: Int, _ byte: Int, _ message: String)
    -> DSXError
  {
    DSXError(.corrupt, message, row: group.firstRow + row, byte: byte)
  }
}
