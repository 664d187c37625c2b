public import DSXCore
internal import Reports

/// One checkpoint of a watched training run.
public struct WatchPoint: Sendable, Equatable {
  /// The checkpoint's name.
  public var checkpoint: String
  /// The numbers of its name: step, or epoch and step.
  public var numbers: [Int]
  /// The metric's value; nil when it could not be evaluated.
  public var value: Double?
  /// Its standard error.
  public var standardError: Double?
  /// Why there is no value.
  public var error: String?

  init(
    _ checkpoint: Checkpoint, value: Double? = nil, standardError: Double? = nil,
    error: String? = nil
  ) {
    self.checkpoint = checkpoint.name
    numbers = checkpoint.numbers
    self.value = value
    self.standardError = standardError
    self.error = error
  }
}

/// The metric of a training run's checkpoints, in the order in which they were evaluated.
public struct WatchReport: Sendable {
  /// The watched folder.
  public let folder: String
  /// The metric that decides.
  public internal(set) var metric: String?
  /// Its unit.
  public internal(set) var unit = ""
  /// Whether larger is better.
  public internal(set) var higherIsBetter = true
  /// The checkpoints.
  public private(set) var points: [WatchPoint] = []
  /// The best one; the first of equals. nil before any has a value.
  public private(set) var best: WatchPoint?
  /// Checkpoints since the best one that were evaluated, those whose value is not finite too.
  public private(set) var sinceBest = 0
  /// Why the watch ended; nil while it goes on.
  public internal(set) var ending: String?

  init(folder: String, metric: String?) {
    self.folder = folder
    self.metric = metric
  }

  /// Adds a checkpoint; whether it is the best so far.
  @discardableResult
  mutating func add(_ point: WatchPoint) -> Bool {
    var point = point
    let name = metric ?? "the metric"
    if point.standardError?.isFinite == false { point.standardError = nil }
    if let value = point.value, !value.isFinite {
      // Evaluated, and no improvement.
      sinceBest += 1
      point.value = nil
      point.error = point.error ?? "\(name) is \(value.isNaN ? "not a number" : "infinite")"
    } else if point.value == nil, point.error == nil {
      // A training that diverged answers nothing any more: that too is evaluated, and no improvement.
      sinceBest += 1
      point.error = "\(name) has no value"
    }
    points.append(point)
    guard let value = point.value else { return false }
    if let known = best?.value, higherIsBetter ? value <= known : value >= known {
      sinceBest += 1
      return false
    }
    best = point
    sinceBest = 0
    return true
  }

  /// How many could not be evaluated.
  public var failures: Int { points.count { $0.error != nil } }

  /// The value of `watch.json` (`dsx-watch`, version 1).
  public var json: JSONValue {
    let steps = Checkpoint.steps(points.map(\.numbers))
    func number(_ value: Double?) -> JSONValue { value.map { .double($0) } ?? .null }
    return [
      "schema": "dsx-watch", "schema_version": 1,
      "metric": metric.map { .string($0) } ?? .null, "unit": .string(unit),
      "higher_is_better": .bool(higherIsBetter),
      "points": .array(
        zip(points, steps).map { point, step in
          [
            "checkpoint": .string(point.checkpoint), "step": .double(step),
            "value": number(point.value), "standard_error": number(point.standardError),
            "error": point.error.map { .string($0) } ?? .null,
          ]
        }), "best": best.map { .string($0.checkpoint) } ?? .null,
      "ended": ending.map { .string($0) } ?? .null,
    ]
  }

  /// The page: the metric against the step, and a table.
  public var html: String {
    // A chart is in the order of the steps, whatever came first.
    let steps = Checkpoint.steps(points.map(\.numbers))
    let order = points.indices.sorted { (steps[$0], $0) < (steps[$1], $1) }
    let name = metric ?? "metric"
    var chart = TrendChart(
      points: order.map { place in
        let point = points[place]
        return TrendChart.Point(
          Self.label(point), point.value, margin: point.standardError.map { 1.96 * $0 },
          status: point.error != nil
            ? .bad : point.checkpoint == best?.checkpoint ? .good : nil)
      }, baseline: best?.value, name: name,
      summary: "\(name) of each checkpoint against its step")
    (chart.pointMeaning, chart.baselineMeaning) = ("checkpoint", "best")
    let table = Table(
      columns: [
        .words("checkpoint"), .numbers("step"), .numbers(name + (higherIsBetter ? " ↑" : " ↓")),
        .numbers("± s.e."), .words(""),
      ],
      rows: order.map { place in
        let point = points[place]
        let number = NumberFormat.measured(point.value, standardError: point.standardError)
        return [
          Table.Cell(point.checkpoint, style: .code), Table.Cell(Self.label(point)),
          Table.Cell(number.value, style: .strong),
          Table.Cell(number.error ?? NumberFormat.missing, style: .muted),
          point.error.map { Table.Cell.pill(.bad, $0) }
            ?? (point.checkpoint == best?.checkpoint ? .pill(.good, "best") : Table.Cell("")),
        ]
      })
    let verdict = best.map { best in
      Verdict(
        status: .good,
        headline: "best: \(best.checkpoint), \(name) "
          + NumberFormat.measured(best.value, standardError: best.standardError).value,
        detail: ending ?? "the watch goes on")
    }
    return HTMLReport.render(
      ReportDocument(
        title: "Checkpoints of " + FilePath.split(folder).name,
        facts: ["\(points.count) checkpoints"]
          + (failures > 0 ? ["\(failures) could not be evaluated"] : []), verdict: verdict,
        tiles: [],
        sections: [
          ReportSection(
            "Training",
            panels: [Panel(name + " against step", [.trend(chart)]), Panel([.table(table)])])
        ], footer: "made by dsx from watch.json; nothing on this page is loaded from elsewhere"))
  }

  /// `500`, or `3_500` with epochs.
  private static func label(_ point: WatchPoint) -> String {
    point.numbers.isEmpty
      ? point.checkpoint : point.numbers.map { String($0) }.joined(separator: "_")
  }
}
