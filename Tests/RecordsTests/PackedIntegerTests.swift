import DSXCore
import Kernels
import Testing

/// The packing kernels against their portable twins and the format page's example.
@Suite struct PackedIntegerTests {
  private func pack(
    _ values: [Int32], _ body: (UnsafePointer<Int32>?, Int, UnsafeMutablePointer<UInt8>?) -> Int
  ) -> [UInt8] {
    [UInt8](unsafeUninitializedCapacity: values.count * 5 + 64) { buffer, count in
      count = values.withUnsafeBufferPointer { body($0.baseAddress, $0.count, buffer.baseAddress) }
    }
  }

  @Test func example() {
    let packed = pack([3, -3, 900, 210_000]) { dsx_pack_i32($0, $1, $2) }
    #expect(packed == [0x06, 0x03, 0xfd, 0x84, 0x03, 0x50, 0x34, 0x03, 0x00])
  }

  @Test func twinsAgree() {
    var random = PCG64(seed: 5)
    for _ in 0..<400 {
      let count = Int(random.bounded(70))
      let values = (0..<count).map { _ in
        Int32(truncatingIfNeeded: random.next()) >> Int32(random.bounded(32))
      }
      let fast = pack(values) { dsx_pack_i32($0, $1, $2) }
      #expect(fast == pack(values) { dsx_pack_i32_scalar($0, $1, $2) })
      for unpack in [dsx_unpack_i32, dsx_unpack_i32_scalar] {
        var read = [Int32](repeating: 0, count: count)
        #expect(unpack(fast, fast.count, &read, count) == 0 && read == values)
        // A wrong length or a wrong count is refused.
        if count > 0 {
          #expect(unpack(fast, fast.count - 1, &read, count) == -1)
          #expect(unpack(fast + [0], fast.count + 1, &read, count) == -1)
        }
      }
    }
  }

  @Test func damagedBodiesAreRefusedAlike() {
    var random = PCG64(seed: 6)
    for _ in 0..<3000 {
      let body = (0..<Int(random.bounded(60))).map { _ in UInt8(random.bounded(256)) }
      let count = Int(random.bounded(40))
      var fast = [Int32](repeating: 0, count: count)
      var slow = fast
      let results = (
        dsx_unpack_i32(body, body.count, &fast, count),
        dsx_unpack_i32_scalar(body, body.count, &slow, count)
      )
      #expect(results.0 == results.1)
      if results.0 == 0 { #expect(fast == slow) }
    }
  }

  @Test func wideIntegers() {
    let values: [Int64] = [0, -129, 40_000, .min, .max, -1, 1 << 33]
    var packed = [UInt8](repeating: 0, count: 100)
    let count = dsx_pack_i64(values, values.count, &packed)
    var read = [Int64](repeating: 0, count: values.count)
    #expect(dsx_unpack_i64(packed, count, &read, values.count) == 0 && read == values)
    #expect(dsx_unpack_i64(packed, count - 1, &read, values.count) == -1)
  }
}
