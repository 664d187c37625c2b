public import DSXCore
public import Metrics

/// The same cell in two runs, example by example.
public struct CellComparison: Sendable {
  /// One metric that both have.
  public struct Shared: Sendable {
    /// Its key.
    public let key: String
    /// The tables of the common examples, the earlier run first; nil where the metric changed.
    public let pair: PairedTables?
    /// Why there is no pair.
    public let obstacle: String?
    /// Each common example's own score in the earlier run.
    public let before: [Double?]
    /// Each common example's own score now.
    public let now: [Double?]
  }

  /// The common examples' ids as JSON text, sorted by their bytes.
  public let ids: [String]
  /// Each common example's cluster; empty without clusters.
  public let clusters: [String]
  /// Each common example's slice; empty without slices.
  public let slices: [String]
  /// Examples of the earlier run only.
  public let onlyBefore: [String]
  /// Examples of this run only.
  public let onlyNow: [String]
  /// Examples of both whose input is another: they are not compared.
  public let changed: [String]
  /// The metrics, in this run's order.
  public let metrics: [Shared]

  /// Aligns two cells by the examples' ids. An example whose input's hash differs is not the same one.
  ///
  /// Throws `nothingToDo` when one of them kept no examples.
  public init(before: CellExamples, now: CellExamples) throws(DSXError) {
    let first = try Self.read(before, "the earlier run")
    let second = try Self.read(now, "this run")
    var places: [String: Int] = [:]
    for (row, id) in first.ids.enumerated() { places[id.text()] = row }
    var common: [(id: String, before: Int, now: Int)] = []
    var (onlyNow, changed): ([String], [String]) = ([], [])
    for (row, id) in second.ids.enumerated() {
      let text = id.text()
      guard let other = places.removeValue(forKey: text) else {
        onlyNow.append(text)
        continue
      }
      let key = CellExamples.key(text)
      if let a = before.hashes[key]?.input, let b = now.hashes[key]?.input, a != b {
        changed.append(text)
      } else {
        common.append((text, other, row))
      }
    }
    // An order of their own: draws then depend on the examples only.
    common.sort { Self.precedes($0.id, $1.id) }
    ids = common.map(\.id)
    self.onlyNow = onlyNow.sorted(by: Self.precedes)
    self.changed = changed.sorted(by: Self.precedes)
    onlyBefore = places.keys.sorted(by: Self.precedes)
    let hasClusters = !first.clusters.isEmpty && !second.clusters.isEmpty
    clusters = hasClusters ? common.map { second.clusters[$0.now] } : []
    slices = now.slices.isEmpty ? [] : common.map { now.slices[$0.id] ?? "" }
    var metrics: [Shared] = []
    for (index, item) in second.plan.items.enumerated() {
      guard let other = first.plan.items.firstIndex(where: { $0.key == item.key }) else { continue }
      let a = first.tables[other].selecting(common.map(\.before))
      let b = second.tables[index].selecting(common.map(\.now))
      var (pair, obstacle): (PairedTables?, String?) = (nil, nil)
      do throws(DSXError) { pair = try PairedTables(a, b) } catch {
        obstacle =
          "the metric was computed as \(a.metric.signature) then and \(b.metric.signature) now"
      }
      metrics.append(
        Shared(
          key: item.key, pair: pair, obstacle: obstacle, before: a.rowScores(),
          now: b.rowScores()))
    }
    self.metrics = metrics
  }

  private static func read(_ examples: CellExamples, _ whose: String) throws(DSXError)
    -> ExampleFile
  {
    guard !examples.file.isEmpty else {
      throw DSXError(.nothingToDo, "\(whose) kept no scores of single examples")
    }
    let registry = try Builtins.registry()
    let result = examples.file.withUnsafeBytes { bytes -> Result<ExampleFile, DSXError> in
      do throws(DSXError) {
        return .success(try ExampleFile(bytes: bytes, registry: registry))
      } catch { return .failure(error) }
    }
    do throws(DSXError) { return try result.get() } catch {
      guard let path = examples.path else { throw error }
      throw error.inFile(path)
    }
  }

  static func precedes(_ left: String, _ right: String) -> Bool {
    // Numbers in their own order, before texts.
    switch (Int(left), Int(right)) {
    case (let a?, let b?): return a < b
    case (_?, nil): return true
    case (nil, _?): return false
    case (nil, nil): break
    }
    return left.utf8.lexicographicallyPrecedes(right.utf8)
  }

  /// The metric of that key.
  public func metric(_ key: String) -> Shared? { metrics.first { $0.key == key } }

  /// The evidence on one metric; nil with the reason where there is none.
  public func evidence(_ key: String, test: GateTest, settings: GateSettings)
    throws(DSXError) -> (evidence: PairedEvidence?, obstacle: String?)
  {
    guard let shared = metric(key) else {
      return (nil, "the earlier run has no examples of the metric '\(key)'")
    }
    guard let pair = shared.pair else { return (nil, shared.obstacle) }
    guard !ids.isEmpty else {
      let why =
        changed.isEmpty
        ? "no example is in both runs" : "every common example has another input than before"
      return (nil, why)
    }
    return (
      try PairedEvidence(pair, clusters: clusters, test: test, settings: settings), nil
    )
  }
}

extension CellComparison {
  /// An id's JSON text as people read it: a text without quotes and escapes.
  public static func plain(_ id: String) -> String { (try? JSONParser.parse(id))?.string ?? id }

  /// One example whose score changed.
  public struct Change: Sendable {
    /// Its id as JSON text.
    public var id: String
    /// Its id as people read it: a text without quotes and escapes.
    public var plainID: String { CellComparison.plain(id) }
    /// Its score then.
    public var before: Double
    /// Its score now.
    public var now: Double
  }

  /// The examples that were right and are wrong, or the other way round, on a metric whose best score is
  /// known; right is the best score. nil for metrics without a best score.
  public func flips(_ key: String) -> (lost: [Change], won: [Change])? {
    guard let shared = metric(key), let metric = shared.pair?.first.metric, metric.higherIsBetter,
      metric.range.upperBound.isFinite
    else { return nil }
    let best = metric.range.upperBound - 1e-9 * max(1, abs(metric.range.upperBound))
    var (lost, won): ([Change], [Change]) = ([], [])
    for (row, id) in ids.enumerated() {
      guard let a = shared.before[row], let b = shared.now[row] else { continue }
      if a >= best, b < best { lost.append(Change(id: id, before: a, now: b)) }
      if a < best, b >= best { won.append(Change(id: id, before: a, now: b)) }
    }
    return (lost.sorted { $0.now < $1.now }, won)
  }

  /// The examples that lost most, and that gained most, on a metric.
  public func worst(_ key: String, count: Int) -> (losses: [Change], gains: [Change]) {
    guard let shared = metric(key) else { return ([], []) }
    let sign: Double = shared.pair?.first.metric.higherIsBetter == false ? -1 : 1
    var all: [(row: Int, change: Change, gain: Double)] = []
    for (row, id) in ids.enumerated() {
      guard let a = shared.before[row], let b = shared.now[row], a.isFinite, b.isFinite, a != b
      else { continue }
      all.append((row, Change(id: id, before: a, now: b), sign * (b - a)))
    }
    all.sort { ($0.gain, $0.row) < ($1.gain, $1.row) }
    return (
      all.filter { $0.gain < 0 }.prefix(count).map(\.change),
      all.reversed().filter { $0.gain > 0 }.prefix(count).map(\.change)
    )
  }

  /// A metric's scores slice by slice, sorted by the slices' bytes.
  public func sliceScores(_ key: String) throws(DSXError) -> [(
    slice: String, count: Int, before: Double?, now: Double?
  )] {
    guard !slices.isEmpty, let pair = metric(key)?.pair else { return [] }
    var rows: [String: [Int]] = [:]
    for (row, slice) in slices.enumerated() { rows[slice, default: []].append(row) }
    var scores: [(slice: String, count: Int, before: Double?, now: Double?)] = []
    for slice in rows.keys.sorted(by: { $0.utf8.lexicographicallyPrecedes($1.utf8) }) {
      let chosen = rows[slice] ?? []
      let metric = pair.first.metric
      scores.append(
        (
          slice, chosen.count,
          try metric.score(from: pair.first.selecting(chosen).total()),
          try metric.score(from: pair.second.selecting(chosen).total())
        ))
    }
    return scores
  }
}
