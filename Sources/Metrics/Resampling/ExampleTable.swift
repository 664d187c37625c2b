public import DSXCore

/// The per-example statistics of one metric, kept for intervals and paired tests: nothing is scored
/// from the examples again.
///
/// Metrics with `VectorStatistics` take one `ExampleMatrix`; of others the statistics themselves are
/// kept and added.
public struct ExampleTable: Sendable {
  /// The metric.
  public let metric: AnyMetric
  private var storage: Storage

  private enum Storage: Sendable {
    case matrix(ExampleMatrix)
    case list([AnyStatistics])
  }

  /// No example.
  public init(_ metric: AnyMetric) {
    self.metric = metric
    storage = metric.zero.components.map { .matrix(ExampleMatrix(width: $0.count)) } ?? .list([])
  }

  /// The rows of a matrix whose columns are the metric's components; nil for another width and for
  /// metrics without vectors.
  public init?(_ metric: AnyMetric, rows: ExampleMatrix) {
    guard metric.zero.components?.count == rows.width else { return nil }
    self.metric = metric
    storage = .matrix(rows)
  }

  /// Number of rows: examples, or clusters of them.
  public var rows: Int {
    switch storage {
    case .matrix(let matrix): matrix.rows
    case .list(let list): list.count
    }
  }

  /// Appends one example's statistics.
  public mutating func append(_ statistics: AnyStatistics) throws(DSXError) {
    let components = statistics.components
    if components == nil, case .matrix = storage { becomeList() }
    if case .matrix(var matrix) = storage, let components {
      storage = .list([])
      defer { storage = .matrix(matrix) }
      try matrix.append(components, count: statistics.count)
    } else if case .list(var list) = storage {
      storage = .list([])
      list.append(statistics)
      storage = .list(list)
    }
  }

  /// Keeps rows as statistics from here on: some are more than numbers (examples with weights).
  private mutating func becomeList() {
    guard case .matrix = storage else { return }
    storage = .list((0..<rows).map { self[$0] })
  }

  /// Appends the rows of another table of the same metric.
  public mutating func append(_ other: ExampleTable) throws(DSXError) {
    var other = other
    if case .list = other.storage { becomeList() }
    if case .list = storage { other.becomeList() }
    // One at a time: a pair of both would hold the storage a second time, and appending would copy it.
    if case .matrix(var matrix) = storage, case .matrix(let more) = other.storage {
      storage = .list([])
      defer { storage = .matrix(matrix) }
      try matrix.append(more)
    } else if case .list(var list) = storage, case .list(let more) = other.storage {
      storage = .list([])
      list.append(contentsOf: more)
      storage = .list(list)
    } else {
      throw DSXError(.internal, "examples of two metrics go not into one table")
    }
  }

  /// The statistics of one row.
  public subscript(row: Int) -> AnyStatistics {
    switch storage {
    case .matrix(let matrix):
      metric.statistics(components: matrix[row], count: matrix.count(of: row)) ?? metric.zero
    case .list(let list): list[row]
    }
  }

  /// The score of the rows that `drawn` names, as often as it names them; nil when not defined. For many
  /// draws of one table take `scorer()`.
  public func score(_ drawn: [UInt32]) -> Double? { (try? scorer())?(drawn) ?? nil }

  /// A function that scores draws: what it needs is prepared once. For one thread.
  public func scorer() throws(DSXError) -> ([UInt32]) -> Double? {
    switch storage {
    case .matrix(let matrix):
      let (metric, matrix) = (metric, matrix.prepared())
      return { drawn in
        let sums = matrix.sum(drawn)
        return metric.statistics(
          components: Array(sums.prefix(matrix.width)), count: Int(sums.last ?? 0)
        ).flatMap { metric.score(from: $0) }
      }
    case .list(let list):
      let groups = try GroupedRows(metric, list)
      return { groups.score($0) }
    }
  }

  /// Whether resamples are scored by counting draws, on any number of threads.
  var countsDraws: Bool {
    guard case .matrix(let matrix) = storage, case .whole = matrix.storage else { return false }
    return matrix.rows > 0
  }

  /// Scores resamples by counting draws; nil where statistics are not whole numbers.
  func weighted() -> WeightedRows? {
    guard case .matrix(let matrix) = storage else { return nil }
    return WeightedRows(metric, matrix)
  }

  /// A function that scores draws in single precision, as sacrebleu does with NumPy.
  func singlePrecisionScore() throws(DSXError) -> ([UInt32]) -> Double? {
    guard case .matrix(let matrix) = storage else { return try scorer() }
    let singles = matrix.singles()
    return { drawn in
      metric.resampledScore(
        single: matrix.sum(single: singles, drawn), count: drawn.count)
    }
  }

  /// The score of each row by itself: what signed-rank tests and per-example files take.
  public func rowScores() -> [Double?] {
    if case .matrix(let matrix) = storage, let vectors = metric.vectors {
      return vectors.rowScores(matrix)
    }
    return (0..<rows).map { metric.score(from: self[$0]) }
  }

  /// The scores of `whole`, which is `total()`, without each of the rows that `chosen` names: what the
  /// jackknife takes. nil for metrics without vectors; a score in it is nil where it is not defined.
  public func scores(without chosen: [Int], of whole: AnyStatistics) -> [Double?]? {
    guard case .matrix(let matrix) = storage else { return nil }
    return metric.vectors?.scores(matrix, without: chosen, of: whole)
  }

  /// Whether every row is one trial that is right or wrong.
  var isRightOrWrong: Bool {
    guard rows > 0 else { return true }
    switch storage {
    case .matrix(let matrix): return metric.trials?.areTrials(matrix) ?? false
    case .list(let list):
      return list.allSatisfy { metric.proportion(from: $0).map { $0.trials == 1 } ?? false }
    }
  }

  /// The sum of all rows.
  public func total() throws(DSXError) -> AnyStatistics {
    if case .matrix(let matrix) = storage, let vectors = metric.vectors {
      return try vectors.total(matrix)
    }
    let sum = metric.accumulator()
    for row in 0..<rows { try sum.merge(self[row]) }
    return sum.statistics
  }

  /// The rows that `chosen` names, in that order.
  public func selecting(_ chosen: [Int]) -> ExampleTable {
    var copy = self
    switch storage {
    case .matrix(let matrix): copy.storage = .matrix(matrix.selecting(chosen))
    case .list(let list): copy.storage = .list(chosen.map { list[$0] })
    }
    return copy
  }

  /// The same rows in an order that depends on their contents only, so that an interval is the same
  /// for every order and partition of the examples.
  public func canonical() throws(DSXError) -> ExampleTable {
    switch storage {
    case .matrix(let matrix):
      guard let order = matrix.canonicalOrder() else { return self }
      var copy = self
      copy.storage = .matrix(matrix.selecting(order))
      return copy
    case .list(let list):
      var keyed: [(key: ExactText, row: Int)] = []
      for (row, statistics) in list.enumerated() {
        keyed.append((ExactText(try metric.encode(statistics).text()), row))
      }
      keyed.sort { ($0.key, $0.row) < ($1.key, $1.row) }
      return selecting(keyed.map(\.row))
    }
  }

  /// One row a cluster, the sum of its examples, in the order of the clusters' first examples.
  /// `clusters` names each row's cluster.
  public func clustered(by clusters: [String]) throws(DSXError) -> ExampleTable {
    guard clusters.count == rows else {
      throw DSXError(.internal, "\(clusters.count) clusters are named for \(rows) examples")
    }
    var known: [ExactText: Int] = [:]
    var places: [Int] = []
    places.reserveCapacity(rows)
    for name in clusters {
      let key = ExactText(name)
      let place = known[key] ?? known.count
      if place == known.count { known[key] = place }
      places.append(place)
    }
    return try grouped(places, groups: known.count)
  }

  /// One row a group, the sum of its rows: `places` names each row's group, below `groups`.
  public func grouped(_ places: [Int], groups: Int) throws(DSXError) -> ExampleTable {
    guard places.count == rows, places.allSatisfy({ (0..<groups).contains($0) }) else {
      throw DSXError(.internal, "\(places.count) places among \(groups) for \(rows) examples")
    }
    var table = ExampleTable(metric)
    if case .matrix(let matrix) = storage, let vectors = metric.vectors {
      for sum in try vectors.sums(matrix, places: places, groups: groups) { try table.append(sum) }
      return table
    }
    let sums = (0..<groups).map { _ in metric.accumulator() }
    for (row, place) in places.enumerated() { try sums[place].merge(self[row]) }
    for sum in sums { try table.append(sum.statistics) }
    return table
  }

  /// A row's numbers for files: components and count; nil for metrics without vectors.
  func components(_ row: Int) -> [Double]? {
    guard case .matrix(let matrix) = storage else { return nil }
    return matrix[row]
  }
}
