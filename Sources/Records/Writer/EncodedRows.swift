/// Rows in their stored form: blob records back to back, raw records back to back.
struct EncodedRows: ~Copyable {
  var blob = ByteStore()
  var raw = ByteStore()
  var rows = 0
  /// Bytes that packing integers saved; negative when it cost some.
  var saved = 0

  /// Bytes held.
  var bytes: Int { blob.count + raw.count }

  mutating func removeAll() {
    blob.removeAll()
    raw.removeAll()
    rows = 0
    saved = 0
  }
}

extension UnsafeRawBufferPointer {
  /// The whole length (prefix included) of the record at `position`: our own bytes, so no checks.
  @inline(__always)
  func recordLength(at position: Int) -> Int {
    8 + Int(UInt64(littleEndian: loadUnaligned(fromByteOffset: position, as: UInt64.self)))
  }
}
