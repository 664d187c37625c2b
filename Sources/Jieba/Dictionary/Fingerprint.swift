/// A fast 64-bit hash that notices changed and damaged files. Not cryptographic.
///
/// Four multiply-rotate lanes over 32-byte blocks, so that megabytes take about a millisecond.
enum Fingerprint {
  private static let prime1: UInt64 = 0x9e37_79b1_85eb_ca87
  private static let prime2: UInt64 = 0xc2b2_ae3d_27d4_eb4f

  static func hash(_ bytes: UnsafeRawBufferPointer, seed: UInt64 = 0) -> UInt64 {
    var a = seed &+ prime1
    var b = seed &+ prime2
    var c = seed ^ prime1
    var d = seed ^ prime2
    var index = 0
    while index + 32 <= bytes.count {
      a = mix(a, bytes.loadUnaligned(fromByteOffset: index, as: UInt64.self))
      b = mix(b, bytes.loadUnaligned(fromByteOffset: index + 8, as: UInt64.self))
      c = mix(c, bytes.loadUnaligned(fromByteOffset: index + 16, as: UInt64.self))
      d = mix(d, bytes.loadUnaligned(fromByteOffset: index + 24, as: UInt64.self))
      index += 32
    }
    var hash = mix(mix(mix(a, b), c), d)
    while index < bytes.count {
      hash = mix(hash, UInt64(bytes[index]))
      index += 1
    }
    hash = mix(hash, UInt64(bytes.count))
    hash ^= hash >> 29
    return hash &* prime1
  }

  @inline(__always)
  private static func mix(_ state: UInt64, _ word: UInt64) -> UInt64 {
    let product = (state ^ (word &* prime2)) &* prime1
    return (product << 31) | (product >> 33)
  }
}
