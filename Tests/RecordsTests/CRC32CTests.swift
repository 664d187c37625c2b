import DSXCore
import Kernels
import Testing

/// CRC-32C: the values of RFC 3720, and the fast loops against their portable twin.
@Suite struct CRC32CTests {
  @Test func knownValues() {
    let cases: [([UInt8], UInt32)] = [
      ([], 0), (Array("123456789".utf8), 0xe306_9283),
      (Array(repeating: 0, count: 32), 0x8a91_36aa),
      (Array(repeating: 0xff, count: 32), 0x62a8_ab43), (Array(0..<32), 0x46dd_794e),
      (Array((0..<32).reversed()), 0x113f_db5c),
    ]
    for (bytes, sum) in cases {
      #expect(dsx_crc32c(0, bytes, bytes.count) == sum)
      #expect(dsx_crc32c_scalar(0, bytes, bytes.count) == sum)
    }
  }

  @Test func twinsAgreeAndGoOn() {
    var random = PCG64(seed: 11)
    let bytes = (0..<30_000).map { _ in UInt8(random.bounded(256)) }
    for round in 0..<60 {
      let start = Int(random.bounded(64))
      let count = round < 30 ? Int(random.bounded(300)) : Int(random.bounded(29_000))
      let cut = count == 0 ? 0 : Int(random.bounded(UInt32(count)))
      bytes.withUnsafeBytes { buffer in
        let part = buffer.baseAddress.map { $0 + start }
        let whole = dsx_crc32c(7, part, count)
        #expect(whole == dsx_crc32c_scalar(7, part, count))
        #expect(dsx_crc32c(dsx_crc32c(7, part, cut), part.map { $0 + cut }, count - cut) == whole)
      }
    }
  }
}
