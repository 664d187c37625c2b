public import DSXCore

/// The file of `--per-example`: JSON lines, a head and then a line an example, in input order.
///
/// Head: `dsx-examples` (version 1), `by` and `cluster` (column or null), `metrics` (`key`, `metric`,
/// `name`, `signature`, `options`, `version` of each). Line: `id`, `by` and `cluster` where there are such,
/// and `metrics`: for each key the example's own `score` (null when not defined) and its `statistics`,
/// from which intervals and paired tests are computed.
public struct ExampleFile: Sendable {
  /// The metrics.
  public let plan: ScorePlan
  /// The examples' names, unique: text, or the number of a row.
  public private(set) var ids: [JSONValue] = []
  /// Each example's cluster; empty without clusters.
  public private(set) var clusters: [String] = []
  /// The statistics, metric by metric.
  public private(set) var tables: [ExampleTable]

  /// No example.
  public init(_ plan: ScorePlan) {
    self.plan = plan
    tables = plan.items.map { ExampleTable($0.metric) }
  }

  /// The head of a file.
  public static func head(_ plan: ScorePlan, sliceColumn: String?, clusterColumn: String?)
    -> JSONValue
  {
    .object([
      .init("dsx-examples", 1), .init("by", sliceColumn.map { .string($0) } ?? .null),
      .init("cluster", clusterColumn.map { .string($0) } ?? .null),
      .init(
        "metrics",
        .array(
          plan.items.map { item in
            .object([
              .init("key", .string(item.key)), .init("metric", .string(item.entry.name)),
              .init("name", .string(item.metric.name)),
              .init("signature", .string(item.metric.signature)),
              .init("options", item.metric.options),
              .init("version", .int(Int64(item.metric.stateVersion))),
            ])
          })),
    ])
  }

  /// Appends the lines of a part, which keeps its examples; `firstRow` numbers examples without names.
  public static func append(
    _ part: ScorePart, _ plan: ScorePlan, firstRow: Int, to out: inout [UInt8]
  )
    throws(DSXError)
  {
    for row in 0..<part.count {
      var members = [
        JSONValue.Member(
          "id", part.batch.ids.isEmpty ? .int(Int64(firstRow + row)) : .string(part.batch.ids[row]))
      ]
      if !part.batch.slices.isEmpty { members.append(.init("by", .string(part.batch.slices[row]))) }
      if !part.batch.clusters.isEmpty {
        members.append(.init("cluster", .string(part.batch.clusters[row])))
      }
      var metrics: [JSONValue.Member] = []
      for (index, table) in part.tables.enumerated() {
        let score = table.metric.score(from: table[row])
        metrics.append(
          .init(
            plan.items[index].key,
            .object([
              .init("score", score.map { .double($0) } ?? .null),
              .init("statistics", try table.json(row)),
            ])))
      }
      members.append(.init("metrics", .object(metrics)))
      JSONValue.object(members).write(into: &out)
      out.append(0x0a)
    }
  }

  /// Whether a file begins with such a head.
  public static func isHead(_ line: UnsafeRawBufferPointer) -> Bool {
    line.starts(with: "{\"dsx-examples\":".utf8)
  }

  /// Reads a whole file's bytes. Errors carry the line.
  public init(bytes: UnsafeRawBufferPointer, registry: Registry<MetricEntry>) throws(DSXError) {
    var number = 0
    var start = 0
    var file: ExampleFile?
    var seen: Set<ExactText> = []
    while start < bytes.count {
      let end = bytes[start...].firstIndex(of: 0x0a) ?? bytes.count
      number += 1
      let line = UnsafeRawBufferPointer(rebasing: bytes[start..<end])
      start = end + 1
      if line.isEmpty { continue }
      do throws(DSXError) {
        let json = try JSONParser.parse(line)
        guard var known = file else {
          file = ExampleFile(try Self.plan(json, registry))
          continue
        }
        file = nil
        try known.append(json, &seen)
        file = known
      } catch {
        var placed = error
        placed.location.line = number
        throw placed
      }
    }
    guard let file, !file.ids.isEmpty else {
      throw DSXError(.nothingToDo, "the file holds no examples")
    }
    self = file
  }

  private static func plan(_ head: JSONValue, _ registry: Registry<MetricEntry>) throws(DSXError)
    -> ScorePlan
  {
    guard head["dsx-examples"]?.int == 1, let metrics = head["metrics"]?.array, !metrics.isEmpty
    else {
      throw DSXError(
        .malformed, "this is no file of examples of version 1",
        hint: "dsx score --per-example FILE writes one")
    }
    var items: [ScorePlan.Item] = []
    for metric in metrics {
      guard let key = metric["key"]?.string, let name = metric["metric"]?.string,
        let signature = metric["signature"]?.string, let options = metric["options"]?.object
      else { throw DSXError(.malformed, "a metric of the file's head is not complete") }
      let entry = try registry.find(name)
      var values: [String: JSONValue] = [:]
      for option in options { values[option.name] = option.value }
      let made = try entry.metric(entry.options(values))
      guard made.signature == signature, metric["version"]?.int == made.stateVersion else {
        throw DSXError(
          .unsupported,
          "the file's \(name) was made as \(signature), this program computes \(made.signature)",
          hint: "score the data again with this program")
      }
      items.append(ScorePlan.Item(key: key, entry: entry, metric: made))
    }
    return ScorePlan(items: items, keepsExamples: true)
  }

  private mutating func append(_ json: JSONValue, _ seen: inout Set<ExactText>) throws(DSXError) {
    guard let id = json["id"], id.string != nil || id.int != nil, let metrics = json["metrics"]
    else { throw DSXError(.malformed, "a line has no id or no metrics") }
    guard seen.insert(ExactText(id.text())).inserted else {
      throw DSXError(.malformed, "the example \(id.text()) is there twice")
    }
    for index in tables.indices {
      guard let stored = metrics[plan.items[index].key]?["statistics"] else {
        throw DSXError(.malformed, "the line has no statistics of \(plan.items[index].key)")
      }
      try tables[index].append(json: stored)
    }
    if let cluster = json["cluster"]?.string {
      guard clusters.count == ids.count else {
        throw DSXError(.malformed, "some examples have a cluster and others have none")
      }
      clusters.append(cluster)
    } else if !clusters.isEmpty {
      throw DSXError(.malformed, "some examples have a cluster and others have none")
    }
    ids.append(id)
  }

  /// Takes over a scored state, which keeps its examples.
  public init(_ state: ScoreState) throws(DSXError) {
    plan = state.plan
    tables = state.tables
    clusters = state.rowClusters
    ids =
      state.ids.isEmpty
      ? (0..<state.count).map { .int(Int64($0)) } : state.ids.map { .string($0) }
    guard Set(ids.map { ExactText($0.text()) }).count == ids.count else {
      throw DSXError(.malformed, "two examples have the same id")
    }
  }
}
