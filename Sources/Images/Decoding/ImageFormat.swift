public import DSXCore

/// The formats that are read, told by the first bytes of a file and never by its name.
public enum ImageFormat: String, CaseIterable, Sendable {
  /// JPEG (ISO 10918-1): baseline, extended and progressive, 8 bits.
  case jpeg = "JPEG"
  /// PNG (ISO 15948), all colour types and bit depths.
  case png = "PNG"

  /// The format of a file that begins with these bytes (8 are enough); nil for any other.
  public static func of(_ start: UnsafeRawBufferPointer) -> ImageFormat? {
    if start.starts(with: [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]) { return .png }
    if start.starts(with: [0xff, 0xd8, 0xff]) { return .jpeg }
    return nil
  }

  /// The ends of names, without the dot and in lower case, that image files have.
  public static let nameSuffixes = ["jpeg", "jpg", "png"]
}

extension DSXError.Code {
  /// A file that should hold an image and holds something else.
  public static let notAnImage = Self("not-an-image", .badInput)
  /// An image with more pixels than the limit allows.
  public static let imageLimit = Self("image-limit", .badInput)
}
