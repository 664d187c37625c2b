internal import DSXCore
internal import Glibc

/// Reads items of several spools in any order, as if they were one.
///
/// Items are read with pread, so the memory is that of one item; at most 128 spools are open at once.
final class TokenSpoolReader {
  private let paths: [String]
  /// The number of the first item of each spool; last the number of all.
  private let firsts: [Int]
  private var open: [Int: (items: Int32, index: Int32)] = [:]
  private var order: [Int] = []

  /// Opens the spools at these paths (without their endings), which have `counts` items.
  init(_ paths: [String], counts: [Int]) {
    self.paths = paths
    firsts = counts.reduce(into: [0]) { $0.append($0[$0.count - 1] + $1) }
  }

  deinit {
    for (items, index) in open.values {
      close(items)
      close(index)
    }
  }

  /// Number of items.
  var count: Int { firsts[firsts.count - 1] }

  /// The words of an item, which must exist. Throws `corrupt` when the spool is not what it was.
  func read(_ item: Int, into words: inout [Int32]) throws(DSXError) {
    var (low, high) = (0, paths.count - 1)
    while low < high {
      let middle = (low + high + 1) / 2
      if firsts[middle] <= item { low = middle } else { high = middle - 1 }
    }
    let files = try descriptors(low)
    let local = item - firsts[low]
    var range: [UInt64] = [0, 0]
    let (first, skip) = local == 0 ? (0, 1) : (local - 1, 0)
    try range.withUnsafeMutableBytesThrowing { (bytes) throws(DSXError) in
      let target = UnsafeMutableRawBufferPointer(rebasing: bytes[(skip * 8)...])
      try read(files.index, at: first * 8, into: target, low)
    }
    let (start, end) = (UInt64(littleEndian: range[0]), UInt64(littleEndian: range[1]))
    guard start <= end, end <= 1 << 50, end - start <= 1 << 40 else { throw damaged(low) }
    words.removeAll(keepingCapacity: true)
    words.append(contentsOf: repeatElement(0, count: Int(end - start)))
    try words.withUnsafeMutableBytesThrowing { (bytes) throws(DSXError) in
      try read(files.items, at: Int(start) * 4, into: bytes, low)
    }
  }

  private func read(
    _ descriptor: Int32, at position: Int, into target: UnsafeMutableRawBufferPointer, _ spool: Int
  ) throws(DSXError) {
    var done = 0
    while done < target.count, let base = target.baseAddress {
      let got = pread(descriptor, base + done, target.count - done, off_t(position + done))
      if got < 0 && errno == EINTR { continue }
      guard got >= 0 else { throw DSXError.system("cannot read the file", file: paths[spool]) }
      guard got > 0 else { throw damaged(spool) }
      done += got
    }
  }

  private func damaged(_ spool: Int) -> DSXError {
    DSXError(
      .corrupt, "the spool of a shard is damaged", file: paths[spool],
      hint: "run again with --verify, which makes damaged parts again")
  }

  private func descriptors(_ spool: Int) throws(DSXError) -> (items: Int32, index: Int32) {
    if let files = open[spool] { return files }
    if open.count >= 128, let oldest = order.first, let files = open[oldest] {
      close(files.items)
      close(files.index)
      open[oldest] = nil
      order.removeFirst()
    }
    let items = Glibc.open(paths[spool] + ".items", O_RDONLY | O_CLOEXEC)
    let index = Glibc.open(paths[spool] + ".index", O_RDONLY | O_CLOEXEC)
    guard items >= 0, index >= 0 else {
      let error = DSXError.system("cannot open the spool of a shard", file: paths[spool])
      if items >= 0 { close(items) }
      throw error
    }
    open[spool] = (items, index)
    order.append(spool)
    return (items, index)
  }
}

extension Array {
  /// `withUnsafeMutableBytes` for bodies that throw: typed errors do not pass through the original.
  mutating func withUnsafeMutableBytesThrowing(
    _ body: (UnsafeMutableRawBufferPointer) throws(DSXError) -> Void
  ) throws(DSXError) {
    var failure: DSXError?
    withUnsafeMutableBytes { bytes in
      do throws(DSXError) { try body(bytes) } catch { failure = error }
    }
    if let failure { throw failure }
  }
}
