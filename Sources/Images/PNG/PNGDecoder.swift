internal import CDeflate
internal import DSXCore
internal import Kernels

/// PNG to RGB: libdeflate for the zlib stream, whose size is known before, and C loops for the filters.
///
/// Own code and not libpng's: inflating all at once takes half the time, and no part of the file is
/// looked at before it was checked. Tests compare it with libpng.
struct PNGDecoder {
  private let inflater = Handle()
  /// The inflated rows, used again for the next image.
  private var raw: [UInt8] = []
  private var joined: [UInt8] = []

  /// Frees the inflater with the last decoder.
  private final class Handle {
    let pointer = libdeflate_alloc_decompressor()
    deinit { libdeflate_free_decompressor(pointer) }
  }

  mutating func decode(_ bytes: UnsafeRawBufferPointer, _ head: PNGHead, _ name: String)
    throws(DSXError) -> Image
  {
    let info = head.info
    let bitsPerPixel = info.channels * info.bits
    let passes = PNGPass.all(info)
    // At most 100 million pixels of 8 bytes: no overflow.
    let size = passes.reduce(0) { $0 + $1.height * (1 + $1.rowBytes(bitsPerPixel)) }
    try inflate(bytes, head.data, size: size, name)
    let pixels = PNGPixels(bytes, head)
    var badFilter = false
    let rgb = raw.withUnsafeMutableBufferPointer { raw -> [UInt8] in
      [UInt8](unsafeUninitializedCapacity: info.width * info.height * 3) { target, used in
        used = info.width * info.height * 3
        let isDirect = info.colour == .rgb && info.bits == 8 && !info.isProgressive
        var position = 0
        for pass in passes {
          badFilter =
            !Self.unfilter(
              pass, raw, &position, bitsPerPixel, target, pixels, isDirect: isDirect) || badFilter
        }
        // Rows of unknown filters were not written.
        if badFilter { target.update(repeating: 0) }
      }
    }
    guard !badFilter else {
      throw DSXError(
        .corrupt, "the PNG file has a row with a filter that does not exist", file: name,
        hint: "get it again, convert it anew, or leave it out")
    }
    return Image(width: info.width, height: info.height, pixels: rgb)
  }

  /// Undoes the filters of one pass and puts its pixels where they belong. False for an unknown filter.
  private static func unfilter(
    _ pass: PNGPass, _ raw: UnsafeMutableBufferPointer<UInt8>, _ position: inout Int,
    _ bitsPerPixel: Int, _ target: UnsafeMutableBufferPointer<UInt8>, _ pixels: PNGPixels,
    isDirect: Bool
  ) -> Bool {
    guard let base = raw.baseAddress, let out = target.baseAddress else { return false }
    let rowBytes = pass.rowBytes(bitsPerPixel)
    let step = max(1, bitsPerPixel / 8)
    var above: UnsafePointer<UInt8>?
    var isSound = true
    for row in 0..<pass.height {
      let filter = base[position]
      let source = base + position + 1
      position += 1 + rowBytes
      guard filter <= 4 else {
        isSound = false
        continue
      }
      // RGB of 8 bits is what is wanted: such rows are undone right into the image.
      let done = isDirect ? out + row * rowBytes : source
      dsx_png_unfilter(Int32(filter), step, source, above, done, rowBytes)
      above = UnsafePointer(done)
      if !isDirect { pixels.write(done, pass, row, out) }
    }
    return isSound
  }

  /// Inflates the parts into `raw`, which must come out at `size` bytes.
  private mutating func inflate(
    _ bytes: UnsafeRawBufferPointer, _ parts: [Range<Int>], size: Int, _ name: String
  ) throws(DSXError) {
    func damaged(_ what: String) -> DSXError {
      DSXError(
        .corrupt, "the PNG file \(what)", file: name, byte: parts.first?.lowerBound,
        hint: "get it again, convert it anew, or leave it out")
    }
    let packed = parts.reduce(0) { $0 + $1.count }
    // Deflate packs 258 bytes into 2 bits at best: what claims more is refused before memory is taken.
    guard size / 1032 <= packed else { throw damaged("holds less data than its size needs") }
    if raw.count < size { raw = [UInt8](repeating: 0, count: size) }
    if parts.count > 1 {
      joined.removeAll(keepingCapacity: true)
      for part in parts { joined.append(contentsOf: bytes[part]) }
    }
    var (used, produced) = (0, 0)
    let status = raw.withUnsafeMutableBytes { target in
      func run(_ source: UnsafeRawBufferPointer) -> libdeflate_result {
        libdeflate_zlib_decompress_ex(
          inflater.pointer, source.baseAddress, source.count, target.baseAddress, size, &used,
          &produced)
      }
      if parts.count == 1 { return run(UnsafeRawBufferPointer(rebasing: bytes[parts[0]])) }
      return joined.withUnsafeBytes(run)
    }
    switch status {
    case LIBDEFLATE_SUCCESS:
      guard produced == size else { throw damaged("holds less data than its size needs") }
    case LIBDEFLATE_INSUFFICIENT_SPACE: throw damaged("holds more data than its size needs")
    default: throw damaged("has damaged image data")
    }
  }
}
