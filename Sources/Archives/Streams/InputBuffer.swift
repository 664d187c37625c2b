internal import DSXCore

/// A piece of a source that is waiting to be unpacked.
struct InputBuffer {
  private let source: any ByteSource
  private var bytes = [UInt8](repeating: 0, count: 64 << 10)
  private var start = 0
  private var end = 0
  private(set) var isAtEnd = false
  /// Bytes taken so far.
  private(set) var taken = 0

  init(_ source: any ByteSource) { self.source = source }

  /// Whether nothing is waiting.
  var isEmpty: Bool { start == end }

  /// Reads on when nothing is waiting; false at the end of the source.
  mutating func fill() throws(DSXError) -> Bool {
    guard start == end else { return true }
    guard !isAtEnd else { return false }
    var got: Result<Int, DSXError> = .success(0)
    bytes.withUnsafeMutableBytes { buffer in
      do throws(DSXError) {
        got = .success(try source.read(into: buffer))
      } catch { got = .failure(error) }
    }
    start = 0
    end = try got.get()
    isAtEnd = end == 0
    return !isAtEnd
  }

  /// What is waiting.
  func withBytes<Result>(_ body: (UnsafeRawBufferPointer) -> Result) -> Result {
    bytes.withUnsafeBytes { body(UnsafeRawBufferPointer(rebasing: $0[start..<end])) }
  }

  /// `count` bytes are used up.
  mutating func take(_ count: Int) {
    start += count
    taken += count
  }
}
