internal import DSXCore

/// The content of one zip member. Its size and CRC are checked at its end.
final class ZipMemberStream: ByteSource {
  let name: String
  private let file: FileSource
  private let entry: ZipArchive.Entry
  private let inflater: Inflater
  /// Packed bytes that wait: `start..<end` of the buffer.
  private var packed: [UInt8] = []
  private var start = 0
  private var end = 0
  private var position: Int
  private var produced = 0
  private var crc: UInt32 = 0
  private var isDeflateAtEnd = false
  private static let pieceSize = 128 << 10

  init(_ file: FileSource, _ entry: ZipArchive.Entry, name: String) throws(DSXError) {
    self.file = file
    self.entry = entry
    self.name = name
    position = entry.data.lowerBound
    inflater = try Inflater(isGzip: false, name: name)
  }

  var consumed: Int { position - entry.data.lowerBound }

  func read(into buffer: UnsafeMutableRawBufferPointer) throws(DSXError) -> Int {
    let got = entry.method == 0 ? try stored(buffer) : try deflated(buffer)
    guard got > 0 else {
      try finish()
      return 0
    }
    produced += got
    guard produced <= entry.unpacked else { throw wrongSize() }
    crc = Inflater.crc32(crc, UnsafeRawBufferPointer(rebasing: buffer[..<got]))
    return got
  }

  private func stored(_ buffer: UnsafeMutableRawBufferPointer) throws(DSXError) -> Int {
    let count = min(buffer.count, entry.data.upperBound - position)
    guard count > 0 else { return 0 }
    let got = try file.read(
      at: position, into: UnsafeMutableRawBufferPointer(rebasing: buffer[..<count]))
    position += got
    return got
  }

  private func deflated(_ buffer: UnsafeMutableRawBufferPointer) throws(DSXError) -> Int {
    while !isDeflateAtEnd {
      if start == end { try fill() }
      var step: Result<Inflater.Step, DSXError> = .success(.init(used: 0, produced: 0, isEnd: true))
      packed.withUnsafeBytes { bytes in
        do throws(DSXError) {
          step = .success(
            try inflater.step(UnsafeRawBufferPointer(rebasing: bytes[start..<end]), buffer))
        } catch { step = .failure(error) }
      }
      let done = try step.get()
      start += done.used
      isDeflateAtEnd = done.isEnd
      if done.produced > 0 { return done.produced }
      guard done.isEnd || done.used > 0 || position < entry.data.upperBound else {
        throw DSXError(
          .corrupt, "the compressed data ends too early", file: name, hint: "get the file again")
      }
    }
    return 0
  }

  /// Reads the next packed bytes, into memory that is made at the first time.
  private func fill() throws(DSXError) {
    let count = min(Self.pieceSize, entry.data.upperBound - position)
    if packed.count < count { packed = [UInt8](repeating: 0, count: count) }
    var got: Result<Int, DSXError> = .success(0)
    packed.withUnsafeMutableBytes { buffer in
      do throws(DSXError) {
        got = .success(
          try file.read(
            at: position, into: UnsafeMutableRawBufferPointer(rebasing: buffer[..<count])))
      } catch { got = .failure(error) }
    }
    guard try got.get() == count else {
      throw DSXError(
        .corrupt, "the compressed data ends too early", file: name, hint: "get the file again")
    }
    position += count
    (start, end) = (0, count)
  }

  private func finish() throws(DSXError) {
    guard produced == entry.unpacked, start == end, position == entry.data.upperBound
    else { throw wrongSize() }
    guard crc == entry.crc else {
      throw DSXError(
        .corrupt, "the content does not match its checksum", file: name,
        hint: "get the file again, and compare its checksum with the source's")
    }
    try file.checkUnchanged()
  }

  private func wrongSize() -> DSXError {
    DSXError(
      .corrupt, "it does not unpack to the \(entry.unpacked) bytes that the archive states",
      file: name, hint: "get the file again")
  }
}
