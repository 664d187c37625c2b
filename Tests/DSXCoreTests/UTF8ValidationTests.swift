import DSXCore
import Testing

@Suite struct UTF8ValidationTests {
  /// The standard library's decoder as the oracle: it repairs exactly the invalid texts.
  static func isValid(_ bytes: [UInt8]) -> Bool {
    Array(String(decoding: bytes, as: UTF8.self).utf8) == bytes
  }

  @Test func agreesWithTheStandardLibraryOnRandomBytes() {
    var generator = PCG64(seed: 7)
    // Bytes at the borders of every rule, so that valid sequences do come up.
    let alphabet: [UInt8] = [
      0x41, 0x7f, 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf, 0xc0, 0xc1, 0xc2, 0xdf, 0xe0, 0xe1, 0xec,
      0xed,
      0xee, 0xef, 0xf0, 0xf1, 0xf3, 0xf4, 0xf5, 0xff,
    ]
    for _ in 0..<20_000 {
      let count = Int(generator.bounded(12))
      let bytes = (0..<count).map { _ in alphabet[Int(generator.bounded(UInt32(alphabet.count)))] }
      let bad = bytes.withUnsafeBytes { UTF8Validation.firstInvalid($0) }
      #expect((bad == nil) == Self.isValid(bytes), "\(bytes)")
      if let bad { #expect(Self.isValid(Array(bytes[..<bad]))) }
    }
  }
}
