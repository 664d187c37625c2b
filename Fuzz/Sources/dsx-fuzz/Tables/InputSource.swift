import Archives
import DSXCore

/// Bytes in memory as a stream that gives at most `step` bytes at a time.
final class InputSource: ByteSource {
  let name: String
  private let bytes: [UInt8]
  private let step: Int
  private(set) var consumed = 0

  init(_ name: String, _ bytes: [UInt8], step: Int) {
    self.name = name
    self.bytes = bytes
    self.step = step
  }

  func read(into buffer: UnsafeMutableRawBufferPointer) throws(DSXError) -> Int {
    let count = min(step, buffer.count, bytes.count - consumed)
    buffer.copyBytes(from: bytes[consumed..<(consumed + count)])
    consumed += count
    return count
  }
}
