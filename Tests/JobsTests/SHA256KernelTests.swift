import DSXCore
import Kernels
import Testing

/// The kernel and its scalar twin against the portable rounds.
@Suite struct SHA256KernelTests {
  @Test(arguments: [0, 1, 55, 63, 64, 65, 127, 128, 192, 4096, 65_537])
  func kernelsGiveTheSameDigest(count: Int) {
    var random = PCG64(seed: UInt64(count))
    let bytes = (0..<count).map { _ in UInt8(truncatingIfNeeded: random.next()) }
    for cut in [0, count / 3, count] {
      var hashes = [
        SHA256(), SHA256(blocks: dsx_sha256_blocks), SHA256(blocks: dsx_sha256_blocks_scalar),
      ]
      for index in hashes.indices {
        hashes[index].update(Array(bytes[..<cut]))
        hashes[index].update(Array(bytes[cut...]))
      }
      #expect(Set(hashes.map { $0.hexDigest() }).count == 1)
    }
  }
}
