internal import CDeflate
internal import CZlib
internal import DSXCore

/// One deflate stream (RFC 1951) after another, by zlib.
struct Inflater: ~Copyable {
  /// What one step did.
  struct Step {
    var used: Int
    var produced: Int
    var isEnd: Bool
  }

  private let stream: UnsafeMutablePointer<z_stream>
  private let name: String

  /// `isGzip`: the stream has gzip's header and trailer, and zlib checks its CRC and length.
  init(isGzip: Bool, name: String) throws(DSXError) {
    self.name = name
    stream = .allocate(capacity: 1)
    stream.initialize(to: z_stream())
    let bits: Int32 = isGzip ? 15 + 16 : -15
    guard
      inflateInit2_(stream, bits, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK
    else {
      stream.deallocate()
      throw DSXError(.internal, "zlib did not start")
    }
  }

  deinit {
    inflateEnd(stream)
    stream.deallocate()
  }

  /// Makes ready for the next stream.
  func reset() { inflateReset(stream) }

  /// Inflates from `input` into `output`. Throws `corrupt` for what is no deflate stream.
  func step(_ input: UnsafeRawBufferPointer, _ output: UnsafeMutableRawBufferPointer)
    throws(DSXError) -> Step
  {
    let (inputCount, outputCount) = (min(input.count, 1 << 30), min(output.count, 1 << 30))
    // zlib only reads from next_in; its type is not const for old compilers' sake.
    stream.pointee.next_in = UnsafeMutablePointer(
      mutating: input.baseAddress?.assumingMemoryBound(to: UInt8.self))
    stream.pointee.avail_in = UInt32(inputCount)
    stream.pointee.next_out = output.baseAddress?.assumingMemoryBound(to: UInt8.self)
    stream.pointee.avail_out = UInt32(outputCount)
    let status = inflate(stream, Z_NO_FLUSH)
    let used = inputCount - Int(stream.pointee.avail_in)
    let produced = outputCount - Int(stream.pointee.avail_out)
    switch status {
    case Z_OK, Z_BUF_ERROR: return Step(used: used, produced: produced, isEnd: false)
    case Z_STREAM_END: return Step(used: used, produced: produced, isEnd: true)
    case Z_MEM_ERROR: throw DSXError(.io, "there is not enough memory to unpack", file: name)
    default:
      throw DSXError(
        .corrupt, "the compressed data is damaged", file: name,
        hint: "get the file again, and compare its checksum with the source's",
        underlying: stream.pointee.msg.map { String(cString: $0) })
    }
  }

  /// The CRC-32 of `bytes` after bytes whose CRC-32 is `crc` (0 at the start). By libdeflate, which uses
  /// carry-less multiplication where the processor has it: many times zlib's speed.
  static func crc32(_ crc: UInt32, _ bytes: UnsafeRawBufferPointer) -> UInt32 {
    guard let base = bytes.baseAddress else { return crc }
    return libdeflate_crc32(crc, base, bytes.count)
  }
}
