internal import DSXCore

/// Consecutive rows of one row group: what the decoder works on at a time.
struct RowSegment {
  let file: RecordFile
  let group: Int
  let table: GroupTable
  /// Rows within the group.
  let local: Range<Int>
  /// The number of the first row in the whole set.
  let number: Int

  var count: Int { local.count }

  /// The raw record of the i-th row, without its length.
  @inline(__always)
  func raw(_ row: Int) -> UnsafeRawBufferPointer {
    let at = local.lowerBound + row
    return UnsafeRawBufferPointer(
      rebasing: file.bytes[table.raw[at] + 8..<table.raw[at + 1]])
  }

  /// The blob record of the i-th row, without its length.
  @inline(__always)
  func blob(_ row: Int) -> UnsafeRawBufferPointer {
    let at = local.lowerBound + row
    return UnsafeRawBufferPointer(
      rebasing: file.bytes[table.blob[at] + 8..<table.blob[at + 1]])
  }

  /// Where `part`, which lies in the file's bytes, starts in the file.
  func offset(_ part: UnsafeRawBufferPointer) -> Int {
    guard let base = file.bytes.baseAddress, let start = part.baseAddress else { return 0 }
    return start - base
  }

  /// A `corrupt` error about the i-th row.
  func fault(_ row: Int, _ byte: Int, _ message: String, blob: Bool) -> DSXError {
    let page = blob ? file.groups[group].blobPage : file.groups[group].rawPage
    return file.place(
      DSXError(.corrupt, "\(message) (page \(page))", row: number + row, byte: byte), group)
  }

  /// The payloads of blob field number `position` of `count`: one a row. Every part of every record is
  /// checked: the lengths must fill the record exactly.
  func payloads(_ position: Int, of count: Int) throws(DSXError) -> [UnsafeRawBufferPointer] {
    var found: [UnsafeRawBufferPointer] = []
    found.reserveCapacity(self.count)
    for row in 0..<self.count {
      let record = blob(row)
      guard count > 1 else {
        found.append(record)
        continue
      }
      var reader = ByteReader(record, base: offset(record))
      do throws(DSXError) {
        for part in 0..<count {
          let length = try reader.big(UInt64.self, "the length of a blob field")
          guard let size = Int(exactly: length) else {
            throw DSXError(.corrupt, "a blob field claims \(length) bytes", byte: reader.offset)
          }
          let payload = try reader.take(size, "a blob field")
          if part == position { found.append(payload) }
        }
        guard reader.remaining == 0 else {
          throw DSXError(
            .corrupt, "the blob record has \(reader.remaining) bytes after its last field",
            byte: reader.offset)
        }
      } catch {
        throw fault(row, error.location.byte ?? offset(record), error.message, blob: true)
      }
    }
    return found
  }
}
