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
    // Into memory that is not filled before: a call may ask for much and get little.
    var got: Result<Int, DSXError> = .success(0)
    let read = [UInt8](unsafeUninitializedCapacity: count) { buffer, used in
      do throws(DSXError) {
        used = try self.read(into: UnsafeMutableRawBufferPointer(buffer))
        got = .success(used)
      } catch { got = .failure(error) }
    }
    let number = try got.get()
    if bytes.isEmpty, bytes.capacity < number, number > count / 2 {
      bytes = read
    } else {
      bytes.append(contentsOf: read)
    }
    return number
  }
}
