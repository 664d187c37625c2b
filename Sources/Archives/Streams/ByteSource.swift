public import DSXCore

/// Bytes that are read once, from front to back, on one thread: a file, what a compressed stream holds,
/// a member of an archive.
public protocol ByteSource: AnyObject {
  /// What messages call it: a path, or `archive.zip:member`.
  var name: String { get }
  /// Bytes of the file on disk that were used so far: what progress counts.
  var consumed: Int { get }
  /// Fills up to `buffer.count` bytes (at least one); returns how many, 0 at the end.
  ///
  /// Throws `io` when the system fails, `corrupt` when the content does not keep its own checksums or
  /// lengths, `archiveLimit` when it unpacks to more than is allowed.
  func read(into buffer: UnsafeMutableRawBufferPointer) throws(DSXError) -> Int
}

extension ByteSource {
  /// Appends up to `count` bytes to `bytes`; returns how many, 0 at the end.
  public func read(upTo count: Int, into bytes: inout [UInt8]) throws(DSXError) -> Int {
    let start = bytes.count
    bytes.reserveCapacity(start + count)
    bytes.append(contentsOf: repeatElement(0, count: count))
    var got: Result<Int, DSXError> = .success(0)
    bytes.withUnsafeMutableBytes { buffer in
      do throws(DSXError) {
        got = .success(try read(into: UnsafeMutableRawBufferPointer(rebasing: buffer[start...])))
      } catch { got = .failure(error) }
    }
    switch got {
    case .success(let number):
      bytes.removeLast(count - number)
      return number
    case .failure(let error):
      bytes.removeLast(count)
      throw error
    }
  }
}
