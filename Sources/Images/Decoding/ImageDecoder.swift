public import DSXCore

/// Decodes JPEG and PNG files to RGB, one after the other, with buffers that are used again.
///
/// Not for several threads at once: each has a decoder of its own. What an image becomes depends on its
/// bytes and the options alone.
///
/// | stored | becomes |
/// |---|---|
/// | grey, 1 to 16 bits | the value in all three channels; 1, 2 and 4 bits are spread over 0 to 255 |
/// | palette | the palette's colours |
/// | alpha, transparent colours | dropped, nothing is blended: as Pillow's `convert("RGB")` |
/// | 16 bits | the high byte of each value |
/// | CMYK, YCCK | R = 255 - K less C's share of it, and so on: as Pillow's `convert("RGB")` |
/// | YCbCr | libjpeg's slow integer DCT and smooth upsampling: as Pillow and OpenCV |
///
/// A damaged image is an error, also where libjpeg would warn and go on with grey areas. Bytes after the
/// image's end are allowed. A JPEG that lacks nothing but its end marker is decoded, and `warning` says so.
public final class ImageDecoder {
  /// How images are decoded.
  public let options: ImageOptions
  /// What was noteworthy about the image decoded last; nil for a sound one.
  public private(set) var warning: String?
  private var jpeg: JPEGDecoder?
  private var png = PNGDecoder()

  /// A decoder with these options.
  public init(_ options: ImageOptions = ImageOptions()) { self.options = options }

  /// Decodes an image; `name` is what errors call it, a path or `archive.zip:member`.
  ///
  /// Throws `notAnImage`, `imageLimit`, `corrupt` for damaged or cut images, `unsupported` for kinds of
  /// JPEG and PNG that are not read. Time and memory grow with the number of pixels.
  public func decode(_ bytes: UnsafeRawBufferPointer, name: String) throws(DSXError) -> Image {
    warning = nil
    var image: Image
    let orientation: Int
    switch ImageFormat.of(bytes) {
    case .png:
      let head = try PNGHead(bytes, name: name)
      try head.info.checkSize(options, name)
      image = try png.decode(bytes, head, name)
      orientation = head.info.orientation
    case .jpeg:
      let head = try JPEGHead(bytes, name: name)
      try head.info.checkSize(options, name)
      let decoder: JPEGDecoder
      if let jpeg { decoder = jpeg } else { decoder = try JPEGDecoder() }
      jpeg = decoder
      image = try decoder.decode(bytes, head, options, name)
      warning = decoder.warning
      orientation = head.info.orientation
    case nil: throw ImageInfo.notAnImage(bytes, name)
    }
    if options.appliesOrientation, orientation != 1 { image = image.upright(orientation) }
    return image
  }

  /// Decodes an image that lies in an array.
  public func decode(_ bytes: [UInt8], name: String) throws(DSXError) -> Image {
    let result = bytes.withUnsafeBytes { buffer -> Result<Image, DSXError> in
      do throws(DSXError) {
        return .success(try decode(buffer, name: name))
      } catch { return .failure(error) }
    }
    return try result.get()
  }

  /// Decodes the image file at `path`. Throws `io` for a file that cannot be read, else as above.
  public func decode(path: String) throws(DSXError) -> Image {
    let file = try ImageFile(path: path)
    return try decode(file.bytes, name: path)
  }
}

extension ImageInfo {
  /// Reads the head of the image file at `path`.
  public init(path: String) throws(DSXError) {
    let file = try ImageFile(path: path)
    let result = file.bytes.withUnsafeBytes { buffer -> Result<ImageInfo, DSXError> in
      do throws(DSXError) {
        return .success(try ImageInfo(buffer, name: path))
      } catch { return .failure(error) }
    }
    self = try result.get()
  }
}
