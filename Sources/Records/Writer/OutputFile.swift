internal import DSXCore
internal import Glibc
internal import Kernels

/// A file that is written at any position. It can be closed in between: the next use opens it again,
/// so that a set of 1,000 shards needs no 1,000 descriptors.
///
/// With `behind` set, writes that follow each other from an aligned position on are gathered in blocks,
/// and everything is written by its thread, in the order of the calls. An error then shows in a later
/// call, at the latest in `drain`, `sync` or `close`.
final class OutputFile {
  let path: String
  private var target: FileTarget?
  /// Who writes; nil: each call writes for itself.
  var behind: WriteBehind?
  /// The block that is being filled, where it starts in the file, and how much of it is full.
  private var block: AlignedBlock?
  private var blockStart = 0
  private var blockCount = 0

  /// Creates the file, or empties it.
  init(path: String) throws(DSXError) {
    self.path = path
    let descriptor = open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else { throw DSXError.system("cannot create the file", file: path) }
    target = FileTarget(descriptor, path: path)
  }

  /// Opens a file that was written before, to go on with it.
  init(existing path: String) throws(DSXError) {
    self.path = path
    _ = try use()
  }

  /// A copy of the file at `source` under the name `path`, to go on with. Takes little time and space
  /// where the file system shares blocks; holes stay holes.
  init(path: String, copyOf source: String) throws(DSXError) {
    self.path = path
    let from = open(source, O_RDONLY | O_CLOEXEC)
    guard from >= 0 else { throw DSXError.system("cannot open the file", file: source) }
    defer { Glibc.close(from) }
    let descriptor = open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else { throw DSXError.system("cannot create the file", file: path) }
    target = FileTarget(descriptor, path: path)
    let result = dsx_copy_file(from, descriptor)
    guard result == 0 else {
      errno = result
      throw DSXError.system("cannot copy '\(source)'", file: path)
    }
  }

  private func use() throws(DSXError) -> FileTarget {
    if let target { return target }
    let descriptor = open(path, O_RDWR | O_CLOEXEC)
    guard descriptor >= 0 else { throw DSXError.system("cannot open the file", file: path) }
    let opened = FileTarget(descriptor, path: path)
    target = opened
    return opened
  }

  /// Gives the descriptor back for now. A failure to write shows here at the latest.
  func close() throws(DSXError) {
    try drain(keepingBlock: false)
    guard let target else { return }
    let result = target.close()
    self.target = nil
    guard result == 0 || result == EINTR else {
      errno = result
      throw DSXError.system("cannot write the file", file: path)
    }
  }

  /// Writes all of `bytes` at `position`.
  func write(_ bytes: UnsafeRawBufferPointer, at position: Int) throws(DSXError) {
    let target = try use()
    guard let behind else {
      if let error = target.write(bytes, position) { throw error }
      return
    }
    if block == nil || position != blockStart + blockCount {
      try endBlock()
      guard position % WriteBehind.alignment == 0 else {
        return try behind.write(copyOf: bytes, at: position, to: target)
      }
      blockStart = position
    }
    var done = 0
    while done < bytes.count, let from = bytes.baseAddress {
      let room = block ?? behind.block()
      block = room
      let count = min(bytes.count - done, behind.blockBytes - blockCount)
      (room.base + blockCount).copyMemory(from: from + done, byteCount: count)
      blockCount += count
      done += count
      if blockCount == behind.blockBytes {
        block = nil
        try behind.write(room, blockCount, at: blockStart, to: target)
        blockStart += blockCount
        blockCount = 0
      }
    }
    // A full block leaves an empty one, so that what follows goes on in it.
    if block == nil { block = behind.block() }
  }

  /// Hands over what is gathered. The last bytes, which fill no aligned part, go through the page cache,
  /// so that the file never becomes longer than what was written.
  private func endBlock(keeping isKept: Bool = false) throws(DSXError) {
    guard let full = block, let behind else { return }
    block = nil
    let target = try use()
    let whole = blockCount / WriteBehind.alignment * WriteBehind.alignment
    let rest = UnsafeRawBufferPointer(start: full.base + whole, count: blockCount - whole)
    if !rest.isEmpty { try behind.write(copyOf: rest, at: blockStart + whole, to: target) }
    if isKept {
      // The next block begins with these bytes again, as it must begin at an aligned position.
      let next = behind.block()
      if let from = rest.baseAddress { next.base.copyMemory(from: from, byteCount: rest.count) }
      block = next
    }
    if whole > 0 { try behind.write(full, whole, at: blockStart, to: target) }
    blockStart += whole
    blockCount = isKept ? blockCount - whole : 0
  }

  /// Hands over what is gathered, without waiting: for a file that is complete for now.
  func settle() throws(DSXError) { try endBlock() }

  /// Waits until all that was written is in the file.
  func drain(keepingBlock isKept: Bool = true) throws(DSXError) {
    guard let behind else { return }
    try endBlock(keeping: isKept)
    try behind.wait()
  }

  /// The file's size.
  func size() throws(DSXError) -> Int {
    try drain()
    var status = stat()
    guard fstat(try use().descriptor, &status) == 0 else {
      throw DSXError.system("cannot read the file's size", file: path)
    }
    return Int(status.st_size)
  }

  /// Cuts the file off at `size`, or fills it up with zeros.
  func truncate(to size: Int) throws(DSXError) {
    try drain(keepingBlock: false)
    guard ftruncate(try use().descriptor, off_t(size)) == 0 else {
      throw DSXError.system("cannot change the file's size", file: path)
    }
  }

  /// Makes a range read as zeros, as if it had never been written.
  func clear(_ range: Range<Int>) throws(DSXError) {
    try drain(keepingBlock: false)
    let end = min(range.upperBound, try size())
    guard range.lowerBound < end else { return }
    let count = end - range.lowerBound
    if dsx_punch_hole(try use().descriptor, Int64(range.lowerBound), Int64(count)) == 0 { return }
    let zeros = [UInt8](repeating: 0, count: min(count, 1 << 20))
    var at = range.lowerBound
    while at < end {
      let part = min(zeros.count, end - at)
      // The closure cannot carry a typed error out by itself.
      var failure: DSXError?
      zeros.withUnsafeBytes { bytes in
        do throws(DSXError) {
          try write(UnsafeRawBufferPointer(rebasing: bytes[..<part]), at: at)
        } catch { failure = error }
      }
      if let failure { throw failure }
      at += part
    }
  }

  /// Waits until everything that was written is on disk.
  func sync() throws(DSXError) {
    try drain()
    guard fdatasync(try use().descriptor) == 0 else {
      throw DSXError.system("cannot flush the file to disk", file: path)
    }
  }

  /// Asks the system to start writing this range to disk, so that the final flush has less to wait for.
  func startFlush(from position: Int, count: Int) {
    guard behind == nil, let target, count > 0 else { return }
    dsx_start_flush(target.descriptor, Int64(position), Int64(count))
  }

  /// Reads exactly `count` bytes from `position`, which were written before.
  func read(_ count: Int, at position: Int, into store: inout ByteStore) throws(DSXError) {
    try drain()
    let descriptor = try use().descriptor
    let target = store.room(count)
    var done = 0
    while done < count {
      let got = pread(descriptor, target + done, count - done, off_t(position + done))
      if got < 0 && errno == EINTR { continue }
      guard got > 0 else { throw DSXError.system("cannot read the file", file: path) }
      done += got
    }
    store.advance(count)
  }
}
