internal import DSXCore

/// How the sequences of a batch are put together for one pass each: consecutive ones, up to a number of
/// rows that makes the matrix products fast and keeps the buffers small.
///
/// Depends on the lengths (and a memory limit) alone, so that a batch gives the same bits whatever the
/// number of workers.
struct EncoderGroups: Sendable {
  /// Rows that a group has at most, but for a longer single sequence.
  static let mostRows = 1024
  /// Rows below which the matrix products get slower.
  static let fewestRows = 256
  /// Groups that a batch is cut into where it has the rows, so that several workers have work.
  static let wantedGroups = 4

  /// Places in the batch.
  let list: [Range<Int>]
  let workers: Int

  init(lengths: [Int], _ configuration: TransformerConfiguration, _ options: ComputeOptions)
    throws(DSXError)
  {
    let longest = lengths.max() ?? 0
    var rows = lengths.reduce(0, +) / Self.wantedGroups
    rows = max(Self.fewestRows, min(Self.mostRows, rows))
    var workers = max(1, options.workers)
    if let limit = options.memoryLimit {
      func need(_ rows: Int) -> Int {
        TransformerWorkspace.bytes(configuration, rows: rows, keys: longest)
      }
      while workers > 1, need(longest) > limit / workers { workers -= 1 }
      guard need(longest) <= limit / workers else {
        throw DSXError(
          .usage,
          "an input of \(longest) tokens needs \(need(longest)) bytes beyond the weights, more than "
            + "the limit of \(limit)", hint: "raise --memory-limit, or cut inputs with --on-long")
      }
      while rows > longest, need(rows) > limit / workers { rows = max(longest, rows * 3 / 4) }
    }
    var list: [Range<Int>] = []
    var first = 0
    var used = 0
    for (index, length) in lengths.enumerated() {
      if index > first, used + length > rows {
        list.append(first..<index)
        (first, used) = (index, 0)
      }
      used += length
    }
    if first < lengths.count { list.append(first..<lengths.count) }
    self.list = list
    self.workers = workers
  }
}
