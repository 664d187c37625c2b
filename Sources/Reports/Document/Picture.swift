/// A small picture that is part of the page.
public struct Picture: Sendable, Equatable {
  /// A whole PNG file.
  public var png: [UInt8]
  /// What it shows: under the picture, and for those who cannot see it.
  public var label: String

  /// A picture.
  public init(png: [UInt8], label: String) {
    self.png = png
    self.label = label
  }

  /// The picture as a `data:` URI.
  var uri: String {
    let digits = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
    var text: [UInt8] = Array("data:image/png;base64,".utf8)
    text.reserveCapacity(text.count + png.count / 3 * 4 + 4)
    for start in stride(from: 0, to: png.count, by: 3) {
      let count = min(3, png.count - start)
      var word = UInt32(png[start]) << 16
      if count > 1 { word |= UInt32(png[start + 1]) << 8 }
      if count > 2 { word |= UInt32(png[start + 2]) }
      for place in 0..<4 {
        text.append(
          place <= count ? digits[Int(word >> UInt32(18 - 6 * place) & 63)] : UInt8(ascii: "="))
      }
    }
    return String(decoding: text, as: UTF8.self)
  }
}
