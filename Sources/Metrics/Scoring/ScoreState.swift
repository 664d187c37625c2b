public import DSXCore

/// Running sums of all metrics of a plan, in all and slice by slice, with the examples' own statistics
/// where the plan keeps them.
///
/// Memory: the sums; with kept examples also one row of numbers an example and metric.
public struct ScoreState: Sendable {
  /// The metrics.
  public let plan: ScorePlan
  /// The column whose values make the slices; nil without slices.
  public let sliceColumn: String?
  /// The column whose values make the clusters; nil without clusters.
  public let clusterColumn: String?
  /// Number of examples.
  public private(set) var count = 0
  /// The sums, metric by metric.
  public private(set) var sums: [MetricState]
  /// The sums of each slice.
  public private(set) var slices: [ExactText: [MetricState]] = [:]
  /// The examples' own statistics, metric by metric; empty unless the plan keeps them.
  public private(set) var tables: [ExampleTable]
  /// Each kept example's name, slice and cluster; empty where there are none.
  public private(set) var ids: [String] = []
  /// Each kept example's slice.
  public private(set) var rowSlices: [String] = []
  /// Each kept example's cluster.
  public private(set) var rowClusters: [String] = []

  /// No example.
  public init(_ plan: ScorePlan, sliceColumn: String? = nil, clusterColumn: String? = nil) {
    self.plan = plan
    self.sliceColumn = sliceColumn
    self.clusterColumn = clusterColumn
    sums = plan.items.map { MetricState($0.metric, $0.metric.zero) }
    tables = plan.keepsExamples ? plan.items.map { ExampleTable($0.metric) } : []
  }

  init(
    _ plan: ScorePlan, sliceColumn: String?, clusterColumn: String?, count: Int,
    sums: [MetricState], slices: [ExactText: [MetricState]], tables: [ExampleTable],
    rowSlices: [String], rowClusters: [String]
  ) {
    self.plan = plan
    self.sliceColumn = sliceColumn
    self.clusterColumn = clusterColumn
    self.count = count
    self.sums = sums
    self.slices = slices
    self.tables = tables
    self.rowSlices = rowSlices
    self.rowClusters = rowClusters
  }

  /// Adds the statistics of a batch; parts come in the order of their examples.
  public mutating func add(_ part: ScorePart) throws(DSXError) {
    count += part.count
    for (index, sum) in part.sums.enumerated() {
      try sums[index].merge(MetricState(plan.items[index].metric, sum))
    }
    for (name, parts) in part.slices {
      try add(
        parts.enumerated().map { MetricState(plan.items[$0].metric, $1) }, toSlice: ExactText(name))
    }
    guard plan.keepsExamples else { return }
    for (index, table) in part.tables.enumerated() { try tables[index].append(table) }
    ids += part.batch.ids
    rowSlices += part.batch.slices
    rowClusters += part.batch.clusters
  }

  /// Adds the sums and examples of another state. Other metrics, settings, slice or cluster columns are
  /// errors.
  public mutating func merge(_ other: ScoreState) throws(DSXError) {
    let keys = plan.items.map(\.key)
    guard other.plan.items.map(\.key).hasBytes(of: keys) else {
      throw DSXError(
        .usage,
        "states of \(other.plan.items.map(\.key).joined(separator: ", ")) cannot be added to those "
          + "of \(keys.joined(separator: ", "))",
        hint: "score every part with the same metrics and settings")
    }
    guard other.sliceColumn == sliceColumn, other.clusterColumn == clusterColumn,
      other.plan.keepsExamples == plan.keepsExamples
    else {
      throw DSXError(
        .usage, "the states have other slices, clusters or kept examples",
        hint: "score every part with the same --by, --cluster and --interval")
    }
    count += other.count
    for index in sums.indices { try sums[index].merge(other.sums[index]) }
    for name in other.slices.keys.sorted() {
      try add(other.slices[name] ?? [], toSlice: name)
    }
    for index in tables.indices { try tables[index].append(other.tables[index]) }
    ids = ids.isEmpty && count > other.count ? [] : ids + other.ids
    rowSlices += other.rowSlices
    rowClusters += other.rowClusters
  }

  private mutating func add(_ parts: [MetricState], toSlice name: ExactText) throws(DSXError) {
    guard var slice = slices[name] else {
      slices[name] = parts
      return
    }
    for index in slice.indices { try slice[index].merge(parts[index]) }
    slices[name] = slice
  }

  /// The kept rows of one slice (nil: all), with one row a cluster where there are clusters.
  func table(_ metric: Int, slice: String?) throws(DSXError) -> ExampleTable? {
    guard tables.indices.contains(metric) else { return nil }
    var table = tables[metric]
    var clusters = rowClusters
    if let slice {
      let chosen = rowSlices.indices.filter { rowSlices[$0].hasBytes(of: slice) }
      table = table.selecting(chosen)
      if !clusters.isEmpty { clusters = chosen.map { clusters[$0] } }
    }
    return clusters.isEmpty ? table : try table.clustered(by: clusters)
  }
}
