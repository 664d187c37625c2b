internal import DSXCore
internal import Glibc
internal import Kernels

/// Writes blocks to files on a thread of its own, past the page cache where the file system allows it.
///
/// A record set is written once and front to back. Copying it through the page cache costs most of the
/// time of writing (the kernel copies 4 KiB at a time, then the disk takes it from there); aligned blocks
/// go to the disk from where they were encoded, while the next ones are encoded.
final class WriteBehind: Sendable {
  /// What O_DIRECT asks of positions, lengths and addresses; a multiple of every disk's block.
  static let alignment = 4096

  /// Bytes of a block, a multiple of `alignment`.
  let blockBytes: Int
  private let thread = WorkThread(depth: 2)
  private let free = Lock<[AlignedBlock]>([])

  init(blockBytes: Int) {
    self.blockBytes = max(1, blockBytes / Self.alignment) * Self.alignment
  }

  /// An empty block.
  func block() -> AlignedBlock {
    free.withLock { $0.popLast() } ?? AlignedBlock(bytes: blockBytes)
  }

  /// Writes the first `count` bytes of a block, an aligned number at an aligned position.
  func write(_ block: AlignedBlock, _ count: Int, at position: Int, to file: FileTarget)
    throws(DSXError)
  {
    try thread.submit { [free] in
      let error = file.writeAligned(
        UnsafeRawBufferPointer(start: block.base, count: count), position)
      free.withLock { $0.append(block) }
      return error
    }
  }

  /// Writes a copy of `bytes` anywhere.
  func write(copyOf bytes: UnsafeRawBufferPointer, at position: Int, to file: FileTarget)
    throws(DSXError)
  {
    let copy = Array(bytes)
    try thread.submit { copy.withUnsafeBytes { file.write($0, position) } }
  }

  /// Waits until everything that was handed over is in its file.
  func wait() throws(DSXError) { try thread.wait() }

  /// Drops what was not written yet, and ends the thread.
  func stop() { thread.stop() }
}

/// Memory that starts at a multiple of `WriteBehind.alignment`. One owner at a time.
final class AlignedBlock: @unchecked Sendable {
  let base: UnsafeMutableRawPointer

  init(bytes: Int) {
    base = .allocate(byteCount: bytes, alignment: WriteBehind.alignment)
  }

  deinit { base.deallocate() }
}

/// The open descriptors of one file, closed with their last user.
final class FileTarget: @unchecked Sendable {
  let path: String
  /// -1 after `close`.
  private(set) var descriptor: Int32
  /// A second descriptor past the page cache; -1 until it is needed, or where there is none.
  private var direct: Int32 = -1
  private var hasTriedDirect = false

  init(_ descriptor: Int32, path: String) {
    self.descriptor = descriptor
    self.path = path
  }

  deinit { _ = close() }

  /// Closes the file; 0 or what went wrong. Nobody may be writing.
  func close() -> Int32 {
    if direct >= 0 { Glibc.close(direct) }
    direct = -1
    hasTriedDirect = false
    guard descriptor >= 0 else { return 0 }
    let result = Glibc.close(descriptor) == 0 ? 0 : errno
    descriptor = -1
    return result
  }

  /// Writes all bytes; the error when that failed.
  func write(_ bytes: UnsafeRawBufferPointer, _ position: Int) -> DSXError? {
    put(bytes, position, isAligned: false)
  }

  /// The same for aligned memory at an aligned position.
  func writeAligned(_ bytes: UnsafeRawBufferPointer, _ position: Int) -> DSXError? {
    if !hasTriedDirect {
      hasTriedDirect = true
      direct = dsx_open_direct(path)
    }
    return put(bytes, position, isAligned: direct >= 0)
  }

  private func put(_ bytes: UnsafeRawBufferPointer, _ position: Int, isAligned: Bool) -> DSXError? {
    guard let base = bytes.baseAddress else { return nil }
    var isDirect = isAligned
    var done = 0
    while done < bytes.count {
      let count = pwrite(
        isDirect ? direct : descriptor, base + done, bytes.count - done, off_t(position + done))
      if count < 0 && errno == EINTR { continue }
      if count < 0, isDirect, errno == EINVAL {
        // The file system wants other alignments, or does not know the flag after all.
        isDirect = false
        continue
      }
      guard count > 0 else {
        return DSXError.system(
          "cannot write \(bytes.count - done) bytes to the file", file: path,
          needs: bytes.count - done)
      }
      done += count
      if done % WriteBehind.alignment != 0 { isDirect = false }
    }
    // Through the page cache after all: at least let the disk begin with it.
    if isAligned, !isDirect { dsx_start_flush(descriptor, Int64(position), Int64(bytes.count)) }
    return nil
  }
}
