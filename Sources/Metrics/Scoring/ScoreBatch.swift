public import DSXCore

/// Some consecutive examples on their way to the metrics.
public struct ScoreBatch: Sendable {
  /// The number of the first example, from 0.
  public var firstRow: Int
  /// The examples.
  public var rows: [MetricRow]
  /// A name for each example; empty when examples are known by their numbers.
  public var ids: [String]
  /// The slice that each example belongs to; empty without slices.
  public var slices: [String]
  /// The cluster that each example belongs to; empty without clusters.
  public var clusters: [String]

  /// A batch.
  public init(
    firstRow: Int, rows: [MetricRow], ids: [String] = [], slices: [String] = [],
    clusters: [String] = []
  ) {
    self.firstRow = firstRow
    self.rows = rows
    self.ids = ids
    self.slices = slices
    self.clusters = clusters
  }
}

/// What the metrics make of one batch: to be added to a `ScoreState` in the order of the examples.
public struct ScorePart: Sendable {
  /// Number of examples.
  public let count: Int
  /// The sums, metric by metric.
  let sums: [AnyStatistics]
  /// The sums of each slice, metric by metric.
  let slices: [(name: String, sums: [AnyStatistics])]
  /// The examples' own statistics, metric by metric; empty unless they are kept.
  let tables: [ExampleTable]
  let batch: (ids: [String], slices: [String], clusters: [String])
}

extension ScorePlan {
  /// The statistics of a batch. May run on any thread. An error carries the example's number as row.
  public func part(of batch: ScoreBatch) throws(DSXError) -> ScorePart {
    let sums = items.map { $0.metric.accumulator() }
    var tables = keepsExamples ? items.map { ExampleTable($0.metric) } : []
    var slices: [(name: String, sums: [any MetricAccumulator])] = []
    var places: [ExactText: Int] = [:]
    for (index, row) in batch.rows.enumerated() {
      do throws(DSXError) {
        var slice: [any MetricAccumulator]?
        if index < batch.slices.count {
          let name = batch.slices[index]
          let key = ExactText(name)
          let place = places[key] ?? slices.count
          if place == slices.count {
            places[key] = place
            slices.append((name, items.map { $0.metric.accumulator() }))
          }
          slice = slices[place].sums
        }
        for (place, sum) in sums.enumerated() {
          if keepsExamples || slice != nil {
            let one = try sum.addKeeping(row)
            try slice?[place].merge(one)
            if keepsExamples { try tables[place].append(one) }
          } else {
            try sum.add(row)
          }
        }
      } catch {
        var placed = error
        if placed.location.row == nil { placed.location.row = batch.firstRow + index }
        throw placed
      }
    }
    return ScorePart(
      count: batch.rows.count, sums: sums.map(\.statistics),
      slices: slices.map { ($0.name, $0.sums.map(\.statistics)) }, tables: tables,
      batch: (batch.ids, batch.slices, batch.clusters))
  }
}
