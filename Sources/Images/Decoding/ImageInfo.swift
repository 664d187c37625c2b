public import DSXCore

/// What the head of an image file says, without its pixels being decoded.
public struct ImageInfo: Hashable, Sendable {
  /// The colours as they are stored.
  public enum Colour: String, Sendable {
    /// One channel.
    case grey
    /// Grey and alpha.
    case greyAlpha = "grey+alpha"
    /// Red, green, blue, also as YCbCr.
    case rgb
    /// Red, green, blue, alpha.
    case rgba
    /// Numbers of colours in a palette.
    case palette
    /// Cyan, magenta, yellow, black, also as YCCK.
    case cmyk
  }

  /// The file's format.
  public var format: ImageFormat
  /// Pixels a row as stored: before the orientation is applied.
  public var width: Int
  /// Rows as stored.
  public var height: Int
  /// The colours as stored; `decode` makes RGB of all.
  public var colour: Colour
  /// Bits a channel as stored: 1, 2, 4, 8 or 16.
  public var bits: Int
  /// The EXIF orientation: 1 (upright) to 8; 1 where the file states none or nonsense.
  public var orientation: Int
  /// Whether the file comes in passes: progressive JPEG, interlaced PNG.
  public var isProgressive: Bool

  /// Channels as stored; a palette counts as one.
  public var channels: Int {
    switch colour {
    case .grey, .palette: 1
    case .greyAlpha: 2
    case .rgb: 3
    case .rgba, .cmyk: 4
    }
  }

  /// Width and height after the orientation is applied: 5 to 8 turn the image on its side.
  public var uprightSize: (width: Int, height: Int) {
    orientation >= 5 ? (height, width) : (width, height)
  }

  /// Reads the head of an image. `name` is what errors call it.
  ///
  /// Throws `notAnImage` for bytes that begin as no known format, `corrupt` for a head that is cut or
  /// breaks its format's rules, `unsupported` for kinds of JPEG and PNG that are not read.
  public init(_ bytes: UnsafeRawBufferPointer, name: String) throws(DSXError) {
    switch ImageFormat.of(bytes) {
    case .jpeg: self = try JPEGHead(bytes, name: name).info
    case .png: self = try PNGHead(bytes, name: name).info
    case nil: throw Self.notAnImage(bytes, name)
    }
  }

  /// Memory and work that an image asks for are checked by its head alone.
  func checkSize(_ options: ImageOptions, _ name: String) throws(DSXError) {
    let (pixels, overflows) = width.multipliedReportingOverflow(by: height)
    guard !overflows, pixels <= options.maximumPixels else {
      throw DSXError(
        .imageLimit,
        "the image claims \(width) x \(height) pixels, more than \(options.maximumPixels)",
        file: name, hint: "make it smaller, or leave it out")
    }
  }

  /// The error for bytes that begin as no format that is read.
  static func notAnImage(_ bytes: UnsafeRawBufferPointer, _ name: String) -> DSXError {
    DSXError(
      .notAnImage,
      bytes.isEmpty ? "the file is empty" : "this is no image: it is neither JPEG nor PNG",
      file: name, hint: "convert it to JPEG or PNG, or leave it out")
  }
}
