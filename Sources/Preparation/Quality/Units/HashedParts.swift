/// Stretches of a document with a hash and a length each: units, lines or paragraphs.
struct HashedParts: Sendable {
  private(set) var hashes: [UInt64] = []
  /// Code points.
  private(set) var lengths: [UInt32] = []

  var count: Int { hashes.count }

  mutating func removeAll() {
    hashes.removeAll(keepingCapacity: true)
    lengths.removeAll(keepingCapacity: true)
  }

  @inline(__always)
  mutating func append(_ hash: UInt64, _ length: UInt32) {
    hashes.append(hash)
    lengths.append(length)
  }
}
