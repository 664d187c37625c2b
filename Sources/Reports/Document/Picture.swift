/// A small picture that is part of the page.
public struct Picture: Sendable, Equatable {
  /// A whole PNG file in base64.
  let encoded: String
  /// What it shows: under the picture, and for those who cannot see it.
  public var label: String

  /// A picture. `png`: a whole PNG file.
  public init(png: [UInt8], label: String) {
    encoded = Self.base64(png)
    self.label = label
  }

  /// A picture from the base64 of a PNG file; nil for text that is none.
  public init?(base64 text: String, label: String) {
    let isBase64 = text.utf8.allSatisfy { byte in
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "+"), UInt8(ascii: "/"),
        UInt8(ascii: "="):
        true
      default: false
      }
    }
    // The signature of PNG.
    guard isBase64, text.hasPrefix("iVBORw0KGgo") else { return nil }
    encoded = text
    self.label = label
  }

  /// Bytes in base64.
  public static func base64(_ bytes: [UInt8]) -> String {
    let digits = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
    var text: [UInt8] = []
    text.reserveCapacity(bytes.count / 3 * 4 + 4)
    for start in stride(from: 0, to: bytes.count, by: 3) {
      let count = min(3, bytes.count - start)
      var word = UInt32(bytes[start]) << 16
      if count > 1 { word |= UInt32(bytes[start + 1]) << 8 }
      if count > 2 { word |= UInt32(bytes[start + 2]) }
      for place in 0..<4 {
        text.append(
          place <= count ? digits[Int(word >> UInt32(18 - 6 * place) & 63)] : UInt8(ascii: "="))
      }
    }
    return String(decoding: text, as: UTF8.self)
  }

  /// The picture as a `data:` URI.
  var uri: String { "data:image/png;base64," + encoded }
}
