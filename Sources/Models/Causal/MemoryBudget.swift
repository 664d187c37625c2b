internal import DSXCore

/// How many rows a pass may have and how many passes may run at once, under a limit of memory.
struct MemoryBudget {
  /// Rows of one pass: enough that matrix products run at full speed.
  static let fullRows = 1024
  private static let leastRows = 64

  /// Rows of one pass; a longer sequence has a pass of its own.
  let rows: Int
  /// Bytes that one worker takes at most.
  let bytesPerWorker: Int
  private let limit: Int?
  private let bytesPerToken: Int

  /// Throws `usage` when the longest sequence does not fit alone.
  init(_ parts: CausalParts, _ options: ComputeOptions, longest: Int) throws(DSXError) {
    func bytes(_ rows: Int) -> Int {
      TransformerWorkspace.bytes(
        parts.configuration, rows: max(rows, longest), keys: parts.context,
        tile: VocabularyHead.tileCount(parts.head, rows: max(rows, longest)))
    }
    bytesPerToken =
      parts.transformer.layers.count * parts.configuration.keyValueWidth * 2 * 4
    limit = options.memoryLimit
    var rows = Self.fullRows
    if let limit {
      while rows > Self.leastRows, bytes(rows) > limit { rows /= 2 }
      guard bytes(rows) <= limit else {
        throw DSXError(
          .usage,
          "a sequence of \(longest) tokens needs \(MemoryNeed.text(bytes(rows))) beyond the "
            + "weights, more than the limit of \(MemoryNeed.text(limit))",
          hint: "raise --memory-limit, or score shorter sequences")
      }
    }
    self.rows = rows
    bytesPerWorker = bytes(rows)
  }

  /// Workers that fit.
  func workers(_ wanted: Int) -> Int {
    guard let limit else { return wanted }
    return max(1, min(wanted, limit / max(1, bytesPerWorker)))
  }

  /// Whether the keys and values of so many tokens may be kept: a quarter of the limit at most.
  func mayKeep(_ tokens: Int) -> Bool {
    guard let limit else { return true }
    return tokens * bytesPerToken <= limit / 4
  }
}
