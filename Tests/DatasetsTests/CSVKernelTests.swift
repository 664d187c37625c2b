import DSXCore
import Kernels
import Testing

/// The vector kernels that this processor has against their twin that takes one byte at a time.
@Suite struct CSVKernelTests {
  struct Found: Equatable {
    var borders: [UInt32] = []
    var rowEnds: [UInt32] = []
    var escapes: [UInt32] = []
    var fault = 0
    var inQuotes = false
    var isValid = true
  }

  static func index(
    _ bytes: [UInt8], from: Int, to: Int, isAtEnd: Bool, delimiter: UInt8, quote: Int32,
    form: Int32
  ) -> Found {
    let room = to - from + 128
    var borders = [UInt32](repeating: 0, count: room)
    var rowEnds = borders
    var escapes = borders
    var found = dsx_csv_found()
    dsx_csv_index_by(
      form, bytes, from, to, bytes.count, isAtEnd ? 1 : 0, delimiter, quote, &borders, &rowEnds,
      &escapes, &found)
    var result = Found(fault: found.fault, inQuotes: found.in_quotes != 0)
    result.borders = Array(borders[..<found.borders])
    result.rowEnds = Array(rowEnds[..<found.rows])
    result.escapes = Array(escapes[..<found.escapes])
    // Behind a fault the twins may have looked at different bytes.
    if found.fault < 0 { result.isValid = found.invalid == 0 }
    return result
  }

  @Test func kernelsAgree() {
    var random = PCG64(seed: 20)
    let pieces: [[UInt8]] = [
      [0x2c], [0x22], [0x22, 0x22], [0x0a], [0x0d], [0x0d, 0x0a], Array("ab".utf8),
      Array("数据".utf8), Array("😀".utf8), Array("\",\"".utf8), Array("\"\n\"".utf8),
      Array("0123456789abcdefghijklmnopqrstuvwxyz".utf8), [0xff], [0xe6, 0x96], [0x00],
    ]
    for round in 0..<600 {
      var bytes: [UInt8] = []
      let count = Int(random.bounded(60))
      // Most texts have no bad bytes, so that the long ones are looked at to their ends.
      let kinds = round % 4 == 0 ? pieces.count : pieces.count - 3
      for _ in 0..<count {
        let kind = Int(random.bounded(UInt32(kinds)))
        // Quotes are seldom, or every text ends at its first fault.
        if kind == 1, random.bounded(3) > 0 { continue }
        bytes += pieces[kind]
      }
      let from = bytes.isEmpty ? 0 : Int(random.bounded(UInt32(min(4, bytes.count))))
      let cut = Int(random.bounded(3))
      let to = max(from, bytes.count - cut)
      let isAtEnd = cut == 0 && random.bounded(2) == 0
      let delimiter: UInt8 = round % 7 == 0 ? 0 : 0x2c
      let quote: Int32 = round % 5 == 0 ? -1 : 0x22
      let slow = Self.index(
        bytes, from: from, to: to, isAtEnd: isAtEnd, delimiter: delimiter, quote: quote, form: 0)
      for form in 0..<dsx_csv_best() {
        let fast = Self.index(
          bytes, from: from, to: to, isAtEnd: isAtEnd, delimiter: delimiter, quote: quote,
          form: form + 1)
        #expect(fast == slow, "form \(form + 1): \(bytes) \(from)..<\(to) \(isAtEnd)")
      }
    }
  }

  @Test func utf8IsCheckedAsTheScalarDoes() {
    var random = PCG64(seed: 21)
    for _ in 0..<400 {
      var bytes = [UInt8](repeating: 0x61, count: Int(random.bounded(140)) + 1)
      for _ in 0..<Int(random.bounded(4)) {
        let at = Int(random.bounded(UInt32(bytes.count)))
        let lead: [UInt8] = [
          0xc1, 0xc2, 0xdf, 0xe0, 0xe4, 0xed, 0xef, 0xf0, 0xf4, 0xf5, 0x80, 0xbf, 0xff,
        ]
        bytes[at] = lead[Int(random.bounded(UInt32(lead.count)))]
        for next in (at + 1)..<(at + 1 + Int(random.bounded(4))) where next < bytes.count {
          bytes[next] = UInt8(0x7e + random.bounded(66))
        }
      }
      let found = Self.index(
        bytes, from: 0, to: bytes.count, isAtEnd: true, delimiter: 0x2c, quote: -1,
        form: dsx_csv_best())
      let valid = bytes.withUnsafeBytes { UTF8Validation.firstInvalid($0) } == nil
      #expect(found.isValid == valid, "\(bytes)")
    }
  }
}
