internal import CTurboJPEG
internal import DSXCore

/// JPEG to RGB by libturbojpeg. One at a time: the handle keeps libjpeg's tables and buffers.
final class JPEGDecoder {
  private let handle: tjhandle
  /// What was noteworthy about the image decoded last.
  private(set) var warning: String?
  private var packed: [UInt8] = []

  init() throws(DSXError) {
    guard let handle = tjInitDecompress() else {
      throw DSXError(.internal, "libturbojpeg did not start")
    }
    self.handle = handle
  }

  deinit { tjDestroy(handle) }

  func decode(
    _ bytes: UnsafeRawBufferPointer, _ head: JPEGHead, _ options: ImageOptions, _ name: String
  ) throws(DSXError) -> Image {
    warning = nil
    let first = try pixels(bytes, head, options, name)
    guard let fault = first.fault else { return first.image }
    // Data that ends right after the last block lacks its end marker only: with one put there, libjpeg
    // has nothing to complain about. With less than that it warns of the missing blocks too.
    if fault.hasPrefix("Premature end of JPEG file"), head.isOneScan {
      let whole = Array(bytes) + [0xff, 0xd9]
      let second = try whole.withUnsafeBytes { buffer -> Result<(image: Image, fault: String?), DSXError> in
        do throws(DSXError) {
          return .success(try pixels(buffer, head, options, name))
        } catch { return .failure(error) }
      }.get()
      if second.fault == nil {
        warning = "the JPEG file lacks its end marker"
        return second.image
      }
    }
    let isCut = fault.contains("remature end")
    throw DSXError(
      .corrupt, isCut ? "the JPEG file was cut" : "the JPEG file is damaged", file: name,
      hint: "get it again, or leave it out", underlying: fault)
  }

  /// Decodes; `fault` is what libjpeg warned of: then the image is not sound. Throws for what libjpeg
  /// does not decode at all.
  private func pixels(
    _ bytes: UnsafeRawBufferPointer, _ head: JPEGHead, _ options: ImageOptions, _ name: String
  ) throws(DSXError) -> (image: Image, fault: String?) {
    let data = bytes.baseAddress?.assumingMemoryBound(to: UInt8.self)
    let size = UInt(bytes.count)
    var (width, height, sampling, space): (Int32, Int32, Int32, Int32) = (0, 0, 0, 0)
    if tjDecompressHeader3(handle, data, size, &width, &height, &sampling, &space) != 0,
      tjGetErrorCode(handle) != Int32(TJERR_WARNING.rawValue)
    {
      throw refused(name)
    }
    guard width == head.info.width, height == head.info.height else {
      throw DSXError(.corrupt, "the JPEG file states two sizes", file: name)
    }
    let (outWidth, outHeight) = Self.reduced(head.info, options.reducedSide)
    let isCMYK = head.info.colour == .cmyk
    let format = isCMYK ? Int32(TJPF_CMYK.rawValue) : Int32(TJPF_RGB.rawValue)
    let count = outWidth * outHeight
    var status: Int32 = 0
    func decompress(into target: UnsafeMutablePointer<UInt8>?) {
      // LIMITSCANS: a small file of thousands of progressive scans would take minutes.
      status = tjDecompress2(
        handle, data, size, target, Int32(outWidth), 0, Int32(outHeight), format,
        TJFLAG_LIMITSCANS)
    }
    let rgb: [UInt8]
    if isCMYK {
      if packed.count < count * 4 { packed = [UInt8](repeating: 0, count: count * 4) }
      packed.withUnsafeMutableBufferPointer { decompress(into: $0.baseAddress) }
      rgb = CMYK.rgb(packed[..<(count * 4)], isInverted: head.isAdobe)
    } else {
      rgb = [UInt8](unsafeUninitializedCapacity: count * 3) { buffer, used in
        decompress(into: buffer.baseAddress)
        // What a failed call left open must not be read; a warning leaves nothing open.
        if status != 0 { buffer.update(repeating: 0) }
        used = count * 3
      }
    }
    var fault: String?
    if status != 0 {
      guard tjGetErrorCode(handle) == Int32(TJERR_WARNING.rawValue) else { throw refused(name) }
      fault = String(cString: tjGetErrorStr2(handle))
    }
    return (Image(width: outWidth, height: outHeight, pixels: rgb), fault)
  }

  private func refused(_ name: String) -> DSXError {
    DSXError(
      .corrupt, "the JPEG file is damaged", file: name, hint: "get it again, or leave it out",
      underlying: String(cString: tjGetErrorStr2(handle)))
  }

  /// The size to decode at: halved while neither side falls below `side`, at most three times.
  private static func reduced(_ info: ImageInfo, _ side: Int?) -> (width: Int, height: Int) {
    var shift = 0
    if let side {
      while shift < 3, min(info.width, info.height) >> (shift + 1) >= max(side, 1) { shift += 1 }
    }
    let round = (1 << shift) - 1
    return ((info.width + round) >> shift, (info.height + round) >> shift)
  }
}
