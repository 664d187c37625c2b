import DSXCore
import Testing

@testable import Preparation

@Suite struct UTF8RepairTests {
  /// What CPython 3 gives for `bytes.decode("utf-8", errors="replace")`, as counts of U+FFFD.
  @Test(
    arguments: [
      ([0xff], 1), ([0xe4, 0xbd], 1), ([0xe4, 0xbd, 0x41], 1), ([0xe0, 0x80, 0x80], 3),
      ([0xed, 0xa0, 0x80], 3), ([0xf0, 0x9f, 0x98], 1), ([0xf0, 0x9f, 0x98, 0x0a], 1),
      ([0xf4, 0x90, 0x80, 0x80], 4), ([0xc0, 0xaf], 2), ([0xf0, 0x80], 2), ([0xc3], 1),
      ([0xf0, 0x9f, 0xf0, 0x9f, 0x98, 0x80], 1), ([0xe7, 0xa0, 0xff, 0xfe, 0x80], 4),
    ] as [([UInt8], Int)])
  func replacesMaximalSubparts(bytes: [UInt8], count: Int) {
    let text = String(decoding: Self.repaired(bytes), as: UTF8.self)
    #expect(text.unicodeScalars.filter { $0 == "\u{fffd}" }.count == count)
  }

  @Test func agreesWithTheStandardLibrary() {
    var random = PCG64(seed: 11)
    let bytes: [UInt8] = [
      0x41, 0x0a, 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf, 0xc2, 0xe0, 0xe4, 0xed, 0xef, 0xf0, 0xf1,
      0xf4,
      0xf5, 0xff,
    ]
    for _ in 0..<3000 {
      let text = (0..<random.below(12)).map { _ in
        bytes[random.below(bytes.count)]
      }
      #expect(Self.repaired(text) == Array(String(decoding: text, as: UTF8.self).utf8), "\(text)")
    }
  }

  private static func repaired(_ bytes: [UInt8]) -> [UInt8] {
    var text: [UInt8] = []
    bytes.withUnsafeBytes { UTF8Repair.append($0, to: &text) }
    return text
  }
}
