internal import DSXCore

/// The card of a data set: the statistics of its splits and what they share, as JSON and as a page.
///
/// Both are the same bytes for the same data: neither holds times, paths or the number of workers.
public struct DatasetCard: Sendable {
  /// The layout of the JSON.
  public static let version = 1

  /// The data set's name.
  public let name: String
  /// Its namespace.
  public let namespace: String
  /// The version that was resolved.
  public let dataVersion: String
  /// The subset.
  public let subset: String
  /// Name and version of the tool.
  public let tool: String
  /// The splits, in the data set's order.
  public let splits: [SplitStatistics]
  /// What later splits have of `train`, or of the first split, and of each other.
  public let leaks: [SplitLeak]

  /// A card of splits of one subset.
  public init(_ datasets: [MsDataset], _ splits: [SplitStatistics], tool: String) {
    name = datasets.first?.name ?? ""
    namespace = datasets.first?.namespace ?? ""
    dataVersion = datasets.first?.version ?? ""
    subset = datasets.first?.subset ?? ""
    self.tool = tool
    self.splits = splits
    // What one trains on comes first: the others are looked for in it.
    let order = splits.sorted { one, two in Self.rank(one) < Self.rank(two) }
    var leaks: [SplitLeak] = []
    for (number, split) in order.enumerated() {
      for earlier in order[..<number] { leaks.append(SplitLeak(split, in: earlier)) }
    }
    self.leaks = leaks
  }

  private static func rank(_ split: SplitStatistics) -> Int {
    split.split.hasPrefix("train") ? 0 : split.split.hasPrefix("test") ? 2 : 1
  }

  /// Rows of all splits.
  public var rows: Int { splits.reduce(0) { $0 + $1.rows } }
}
