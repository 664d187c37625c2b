internal import ArgumentParser

/// A number of bytes on the command line: `512M`, `4G`, `1000000`; K, M, G are powers of 1,024.
struct ByteCount: ExpressibleByArgument {
  let bytes: Int

  init?(argument: String) {
    var digits = Array(argument.utf8)
    var unit = 1
    if let last = digits.last {
      switch last | 0x20 {
      case UInt8(ascii: "k"): unit = 1 << 10
      case UInt8(ascii: "m"): unit = 1 << 20
      case UInt8(ascii: "g"): unit = 1 << 30
      default: break
      }
    }
    if unit > 1 { digits.removeLast() }
    guard let number = Int(String(decoding: digits, as: UTF8.self)), number > 0 else { return nil }
    let (product, overflow) = number.multipliedReportingOverflow(by: unit)
    guard !overflow else { return nil }
    bytes = product
  }
}
