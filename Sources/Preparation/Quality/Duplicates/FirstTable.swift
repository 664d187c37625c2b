/// The first document of each key, in open addressing, for one part of the key space.
struct FirstTable {
  private var keys: [SIMD2<UInt64>]
  /// 1 + the document; 0 where a slot is free.
  private var documents: [UInt32]
  private let mask: Int
  /// Bytes of a slot.
  static let slotSize = 20

  /// A table with room for `count` keys.
  init(count: Int) {
    var size = 1024
    while size < count + count / 2 { size *= 2 }
    keys = [SIMD2<UInt64>](repeating: .zero, count: size)
    documents = [UInt32](repeating: 0, count: size)
    mask = size - 1
  }

  /// The first document with this key: `document` itself when there was none.
  @inline(__always)
  mutating func first(_ key: SIMD2<UInt64>, _ document: Int) -> Int {
    keys.withUnsafeMutableBufferPointer { keys in
      documents.withUnsafeMutableBufferPointer { documents in
        var slot = Int(truncatingIfNeeded: key.x) & mask
        while documents[slot] != 0 {
          if keys[slot] == key { return Int(documents[slot]) - 1 }
          slot = (slot + 1) & mask
        }
        keys[slot] = key
        documents[slot] = UInt32(document + 1)
        return document
      }
    }
  }
}
