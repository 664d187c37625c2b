internal import Kernels

/// What makes two documents exactly equal: the first 16 bytes of the SHA-256 of their text, after
/// cleaning, without ASCII blanks and line ends at both ends. Case and inner blanks count.
enum ContentHash {
  static func of(_ text: UnsafeRawBufferPointer) -> SIMD2<UInt64> {
    var (start, end) = (0, text.count)
    while start < end, isBlank(text[start]) { start += 1 }
    while end > start, isBlank(text[end - 1]) { end -= 1 }
    let count = end - start
    var state: (UInt32, UInt32, UInt32, UInt32, UInt32, UInt32, UInt32, UInt32) = (
      0x6a09_e667, 0xbb67_ae85, 0x3c6e_f372, 0xa54f_f53a, 0x510e_527f, 0x9b05_688c, 0x1f83_d9ab,
      0x5be0_cd19
    )
    let rest = count % 64
    let tailBlocks = rest < 56 ? 1 : 2
    withUnsafeMutableBytes(of: &state) { state in
      guard let words = state.baseAddress?.assumingMemoryBound(to: UInt32.self) else { return }
      if count >= 64, let base = text.baseAddress {
        dsx_sha256_blocks(words, base + start, count / 64)
      }
      // The last bytes, a 1 bit, zeros, and the length in bits (FIPS 180-4, section 5.1.1).
      withUnsafeTemporaryAllocation(byteCount: 128, alignment: 8) { tail in
        tail.initializeMemory(as: UInt8.self, repeating: 0)
        for index in 0..<rest { tail[index] = text[end - rest + index] }
        tail[rest] = 0x80
        tail.storeBytes(
          of: UInt64(count).multipliedReportingOverflow(by: 8).partialValue.bigEndian,
          toByteOffset: tailBlocks * 64 - 8, as: UInt64.self)
        dsx_sha256_blocks(words, tail.baseAddress, tailBlocks)
      }
    }
    return SIMD2(
      UInt64(state.0) << 32 | UInt64(state.1), UInt64(state.2) << 32 | UInt64(state.3))
  }

  private static func isBlank(_ byte: UInt8) -> Bool {
    byte == 0x20 || (0x09...0x0d).contains(byte)
  }
}
