public import DSXCore

/// Decides over all shards which documents are dropped: those that a filter dropped, and all but the
/// first of equal or nearly equal ones, in the order of shards and documents.
///
/// Equal documents are found first; one of each takes part in the search for near ones. Documents that
/// share a bucket (and, when verified, whose signatures agree enough) are joined, and of every connected
/// set the first is kept. The result is a function of the documents in their order: neither the cut into
/// shards nor the number of workers has a part in it.
///
/// Memory: 4.2 bytes a document (a parent each, and a bit for equal ones), and the table of first
/// documents, which is kept under `memory` bytes by going over the mapped scan files several times, each
/// time for a part of the keys.
public struct QualitySelection {
  /// What was decided.
  public struct Counts: Hashable, Sendable {
    /// All documents.
    public var documents = 0
    /// Documents that each rule dropped.
    public var dropped: [QualityRule: Int] = [:]
  }

  private let stage: QualityStage
  private let memory: Int

  /// A selection that keeps its table under `memory` bytes (at least 64 KiB).
  public init(_ stage: QualityStage, memory: Int = 256 << 20) {
    self.stage = stage
    self.memory = max(1 << 16, memory)
  }

  /// Reads the scan files of all shards, in shard order, and writes a drop list for each to the path in
  /// the same place (not atomically: give temporary names).
  ///
  /// Throws `corrupt`, `outputExists` (of other options) and `io`.
  public func select(scans: [String], drops: [String]) throws(DSXError) -> Counts {
    guard scans.count == drops.count else {
      throw DSXError(.internal, "\(scans.count) scan files, but \(drops.count) drop lists")
    }
    var files: [ScanFile] = []
    for path in scans { files.append(try ScanFile(path: path, stage: stage)) }
    var documents = ScannedDocuments(files)
    guard documents.count < Int(UInt32.max) else {
      throw DSXError(
        .unsupported, "\(documents.count) documents are too many for one search for duplicates",
        hint: "prepare the inputs in parts of fewer than 4,294,967,295 documents")
    }
    if stage.options.needsSelection { documents.join(stage.options, memory: memory) }
    var counts = Counts()
    for (shard, path) in drops.enumerated() {
      try documents.write(shard, to: path, &counts)
    }
    return counts
  }
}
