public import DSXCore
internal import Kernels

/// A stable 64-bit hash of one value of a row, for divisions that keep equal values together.
///
/// The first 8 bytes, big-endian, of the SHA-256 over the seed (8 bytes little-endian) and the value:
///
/// | field | bytes |
/// |---|---|
/// | string, bytes | as they are |
/// | int32, int64 | each element as 8 bytes, little-endian two's complement |
/// | float32 array | each element as 4 bytes IEEE, little-endian |
/// | float64, float32 scalar | each element as 8 bytes IEEE, little-endian |
///
/// -0.0 counts as 0.0 and every NaN as the same one. Frozen: the parts of a set never change.
public struct RowHash: Hashable, Sendable {
  /// The seed.
  public let seed: UInt64

  /// Hashes with a seed.
  public init(seed: UInt64) { self.seed = seed }

  /// The hash of row `row` of a column.
  public func hash(_ column: Column, row: Int) -> UInt64 {
    let range = column.offsets.map { $0[row]..<$0[row + 1] } ?? row..<row + 1
    var bytes: [UInt8] = []
    bytes.reserveCapacity(8 + range.count * 8)
    func add(_ word: some FixedWidthInteger) {
      withUnsafeBytes(of: word.littleEndian) { bytes.append(contentsOf: $0) }
    }
    add(seed)
    switch column.elements {
    case .int32(let values): for value in values[range] { add(Int64(value)) }
    case .int64(let values): for value in values[range] { add(value) }
    case .float32(let values):
      for value in values[range] {
        add((value == 0 ? 0 : value.isNaN ? Float.nan : value).bitPattern)
      }
    case .float64(let values):
      for value in values[range] {
        add((value == 0 ? 0 : value.isNaN ? Double.nan : value).bitPattern)
      }
    case .bytes(let values): bytes.append(contentsOf: values[range])
    }
    var hash = SHA256(blocks: dsx_sha256_blocks)
    hash.update(bytes)
    return UInt64(hash.hexDigest().prefix(16), radix: 16) ?? 0
  }
}
