public import DSXCore

/// The file of `--save-state`: one object, members in this order.
///
/// | member | meaning |
/// |---|---|
/// | `dsx-score-state` | version of this form, 1 |
/// | `count` | number of examples |
/// | `metrics` | a metric state each, with the `key` of reports before it |
/// | `by` | the slice column or null |
/// | `slices` | `value` and `metrics` of each slice, sorted by value |
/// | `cluster` | the cluster column or null |
/// | `examples` | the kept statistics, or null |
///
/// `examples` holds `slices` and `clusters` (a name an example, or empty) and `rows`: for each metric a list
/// with the statistics of each example. Examples are sorted by what they hold, so that parts merged in
/// any order give the same bytes.
extension ScoreState {
  static var version: Int { 1 }

  /// The state as JSON.
  public func json() throws(DSXError) -> JSONValue {
    var groups: [JSONValue] = []
    for name in slices.keys.sorted() {
      groups.append(
        .object([
          .init("value", .string(name.text)), .init("metrics", try states(slices[name] ?? [])),
        ]))
    }
    return .object([
      .init("dsx-score-state", .int(Int64(Self.version))), .init("count", .int(Int64(count))),
      .init("metrics", try states(sums)),
      .init("by", sliceColumn.map { .string($0) } ?? .null), .init("slices", .array(groups)),
      .init("cluster", clusterColumn.map { .string($0) } ?? .null),
      .init("examples", try examples()),
    ])
  }

  private func states(_ states: [MetricState]) throws(DSXError) -> JSONValue {
    var values: [JSONValue] = []
    for (index, state) in states.enumerated() {
      let members = try state.json().object ?? []
      values.append(.object([.init("key", .string(plan.items[index].key))] + members))
    }
    return .array(values)
  }

  private func examples() throws(DSXError) -> JSONValue {
    guard plan.keepsExamples else { return .null }
    var lines: [(key: [UInt8], row: Int)] = []
    var rows: [[JSONValue]] = []
    for row in 0..<count {
      var values: [JSONValue] = []
      for table in tables { values.append(try table.json(row)) }
      var key: [UInt8] = []
      JSONValue.array(
        [
          rowClusters.isEmpty ? .null : .string(rowClusters[row]),
          rowSlices.isEmpty ? .null : .string(rowSlices[row]),
        ] + values
      ).write(into: &key)
      lines.append((key, row))
      rows.append(values)
    }
    lines.sort { left, right in
      left.key == right.key
        ? left.row < right.row : left.key.lexicographicallyPrecedes(right.key)
    }
    let order = lines.map(\.row)
    return .object([
      .init(
        "slices", .array(rowSlices.isEmpty ? [] : order.map { .string(rowSlices[$0]) })),
      .init(
        "clusters", .array(rowClusters.isEmpty ? [] : order.map { .string(rowClusters[$0]) })),
      .init(
        "rows",
        .array(plan.items.indices.map { metric in .array(order.map { rows[$0][metric] }) })),
    ])
  }

  /// Reads what `json()` gave.
  public init(json: JSONValue, registry: Registry<MetricEntry>) throws(DSXError) {
    guard let version = json["dsx-score-state"]?.int else {
      throw DSXError(
        .malformed, "this is no saved state: it has no 'dsx-score-state'",
        hint: "dsx score --save-state FILE writes one")
    }
    guard version == Self.version else {
      throw DSXError(
        .unsupported, "a saved state of version \(version); this program reads \(Self.version)")
    }
    guard let count = json["count"]?.int, let metrics = json["metrics"]?.array, !metrics.isEmpty
    else { throw Self.incomplete }
    let (items, sums) = try Self.states(metrics, registry)
    let keeps = json["examples"].map { !$0.isNull } ?? false
    let plan = ScorePlan(items: items, keepsExamples: keeps)
    var slices: [ExactText: [MetricState]] = [:]
    for group in json["slices"]?.array ?? [] {
      guard let name = group["value"]?.string.map(ExactText.init),
        let states = group["metrics"]?.array,
        states.count == items.count, slices[name] == nil
      else { throw Self.incomplete }
      slices[name] = try Self.states(states, registry).states
    }
    let by = json["by"]?.string
    guard count >= 0, sums.allSatisfy({ $0.statistics.count == count }),
      by == nil ? slices.isEmpty : Self.isWhole(slices, count)
    else { throw Self.incomplete }
    let cluster = json["cluster"]?.string
    var tables: [ExampleTable] = []
    var names: [[String]] = [[], []]
    if keeps, let examples = json["examples"] {
      let rows = examples["rows"]?.array ?? []
      guard rows.count == items.count else { throw Self.incomplete }
      for (index, values) in rows.enumerated() {
        guard let values = values.array, values.count == count else { throw Self.incomplete }
        var table = ExampleTable(items[index].metric)
        for value in values { try table.append(json: value) }
        tables.append(table)
      }
      for (place, member) in ["slices", "clusters"].enumerated() {
        names[place] = (examples[member]?.array ?? []).compactMap(\.string)
        let wanted = [by, cluster][place] == nil ? 0 : count
        guard names[place].count == wanted else { throw Self.incomplete }
      }
    }
    self.init(
      plan, sliceColumn: by, clusterColumn: cluster, count: count, sums: sums, slices: slices,
      tables: tables, rowSlices: names[0], rowClusters: names[1])
  }

  private static func states(_ values: [JSONValue], _ registry: Registry<MetricEntry>)
    throws(DSXError) -> (items: [ScorePlan.Item], states: [MetricState])
  {
    var items: [ScorePlan.Item] = []
    var states: [MetricState] = []
    for value in values {
      guard let key = value["key"]?.string else { throw incomplete }
      let state = try MetricState(json: value, registry: registry)
      items.append(
        ScorePlan.Item(
          key: key, entry: try registry.find(state.metric.entryName), metric: state.metric))
      states.append(state)
    }
    return (items, states)
  }

  /// Whether the metrics of each slice count the same examples, and all slices together `count`.
  private static func isWhole(_ slices: [ExactText: [MetricState]], _ count: Int) -> Bool {
    var left = count
    for states in slices.values {
      guard let size = states.first?.statistics.count, size >= 0, size <= left,
        states.allSatisfy({ $0.statistics.count == size })
      else { return false }
      left -= size
    }
    return left == 0
  }

  private static var incomplete: DSXError {
    DSXError(.malformed, "a saved state is not complete or contradicts itself")
  }

}

extension ExampleTable {
  /// One row's statistics as JSON: a list of numbers, the last one the number of examples; of metrics
  /// without vectors the statistics' own form.
  func json(_ row: Int) throws(DSXError) -> JSONValue {
    guard let components = components(row) ?? self[row].components else {
      return try metric.encode(self[row])
    }
    return .array(
      (components + [Double(self[row].count)]).map { number in
        Int64(exactly: number).map { .int($0) } ?? .double(number)
      })
  }

  /// Appends what `json(_:)` gave. Numbers that are not finite or not as many as the metric has are
  /// errors.
  mutating func append(json value: JSONValue) throws(DSXError) {
    guard value.object == nil, let width = metric.zero.components?.count else {
      return try append(metric.decode(value))
    }
    let numbers = (value.array ?? []).compactMap(\.double)
    guard numbers.count == width + 1, numbers.allSatisfy(\.isFinite), let last = numbers.last,
      let count = Int(exactly: last), count >= 0,
      let one = metric.statistics(components: Array(numbers.dropLast()), count: count)
    else {
      throw DSXError(
        .malformed,
        "an example's statistics of \(metric.entryName) are not \(width) numbers and a count")
    }
    try append(one)
  }
}
