internal import ArgumentParser
internal import DSXCore
internal import Evaluation
internal import Reports

/// `dsx runs trend`: one metric over the runs.
struct RunsTrend: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "trend", abstract: "Show a metric over the runs, the oldest first.",
    discussion: """
      Examples:
        dsx runs trend --dataset ddtp_zh --metric accuracy
        dsx runs trend --recipe nightly --cell nanogpt_zh--ddtp_zh --format csv

      The last column says what was another than in the run before: model, data or tool.
      """)

  enum Format: String, CaseIterable, ExpressibleByArgument { case text, json, csv }

  @Option(help: "Only runs of that recipe.") var recipe: String?
  @Option(help: "Only that cell: MODEL--DATASET.") var cell: String?
  @Option(help: "Only that data set.") var dataset: String?
  @Option(help: "Only that model.") var model: String?
  @Option(help: "Only that metric.") var metric: String?
  @Option(help: ArgumentHelp("Only the newest runs.", valueName: "count")) var limit = 30
  @OptionGroup var history: HistoryOptions
  @Option(help: "How the trend is printed: text, json or csv.") var format = Format.text

  func validate() throws {
    guard limit >= 1 else { throw ValidationError("--limit must be at least 1") }
  }

  func run() throws {
    let opened = try history.reading()
    let all = try opened.trend(recipe: recipe, limit: limit)
    let points = try opened.trend(
      recipe: recipe, cell: cell, dataset: dataset, model: model, metric: metric, limit: limit)
    guard !points.isEmpty else {
      if let metric, !all.contains(where: { $0.metric == metric }) {
        throw DSXError.unknown("metric", metric, known: Set(all.map(\.metric)).sorted())
      }
      if let cell, !all.contains(where: { $0.cell == cell }) {
        throw DSXError.unknown("cell", cell, known: Set(all.map(\.cell)).sorted())
      }
      throw DSXError(
        .nothingToDo, "the history has no such values", file: history.path,
        hint: "dsx runs show last shows cells and metrics")
    }
    var keys: [String] = []
    for point in points {
      let key = point.cell + " " + point.metric
      if !keys.contains(key) { keys.append(key) }
    }
    if format == .csv { return Output.write(Array(TableFormat.csv.render(flat(points)).utf8)) }
    if format == .json {
      return Output.line(JSONValue.array(points.map(json)).text(.indented))
    }
    for (place, key) in keys.enumerated() {
      if place > 0 { Output.line("") }
      let own = points.filter { $0.cell + " " + $0.metric == key }
      Output.line(key + "  " + TextTrend.text(own.map(\.value)))
      Output.write(Array(TableFormat.text.render(table(own)).utf8))
    }
  }

  private func table(_ points: [RunHistory.TrendPoint]) -> Table {
    Table(
      columns: [
        .words("run"), .words("started (UTC)"), .numbers("value"), .numbers("± s.e."),
        .words("gate"), .words("verdict"), .words("changed"),
      ],
      rows: points.enumerated().map { place, point in
        let number = NumberFormat.measured(point.value, standardError: point.standardError)
        return [
          Table.Cell(point.run), Table.Cell(RunText.moment(point.started)),
          Table.Cell(number.value, style: .strong),
          Table.Cell(number.error ?? NumberFormat.missing, style: .muted),
          Table.Cell(point.gate ?? ""), Table.Cell(point.verdict),
          Table.Cell(changes(points, place).joined(separator: ", ")),
        ]
      })
  }

  private func changes(_ points: [RunHistory.TrendPoint], _ place: Int) -> [String] {
    guard place > 0 else { return [] }
    let (a, b) = (points[place - 1], points[place])
    return [
      a.modelFingerprint == b.modelFingerprint ? nil : "model",
      a.datasetFingerprint == b.datasetFingerprint ? nil : "data",
      a.tool == b.tool ? nil : "tool",
    ].compactMap { $0 }
  }

  private func json(_ point: RunHistory.TrendPoint) -> JSONValue {
    func number(_ value: Double?) -> JSONValue { value.map { .double($0) } ?? .null }
    return [
      "run": .string(point.run), "started": .string(point.started), "cell": .string(point.cell),
      "metric": .string(point.metric), "value": number(point.value),
      "standard_error": number(point.standardError),
      "n": point.count.map { .int(Int64($0)) } ?? .null, "unit": .string(point.unit),
      "higher_is_better": .bool(point.higherIsBetter),
      "gate": point.gate.map { .string($0) } ?? .null, "verdict": .string(point.verdict),
    ]
  }

  private func flat(_ points: [RunHistory.TrendPoint]) -> Table {
    func number(_ value: Double?) -> Table.Cell { Table.Cell(value?.description ?? "") }
    return Table(
      columns: [
        "run", "started", "cell", "metric", "value", "standard_error", "n", "unit", "gate",
        "verdict",
      ].map { .words($0) },
      rows: points.map { point in
        [
          Table.Cell(point.run), Table.Cell(point.started), Table.Cell(point.cell),
          Table.Cell(point.metric), number(point.value), number(point.standardError),
          Table.Cell(point.count.map { String($0) } ?? ""), Table.Cell(point.unit),
          Table.Cell(point.gate ?? ""), Table.Cell(point.verdict),
        ]
      })
  }
}
