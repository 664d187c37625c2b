internal import DSXCore
internal import Evaluation
internal import Reports

/// Runs of the history as text and JSON.
enum RunText {
  static func table(_ runs: [RunRecord]) -> Table {
    Table(
      columns: [
        .words("run"), .words("started (UTC)"), .words("verdict"), .numbers("time"),
        .words("baseline"), .words("headline"),
      ],
      rows: runs.map { run in
        [
          Table.Cell(run.id), Table.Cell(moment(run.started)), Table.Cell(run.verdict),
          Table.Cell(
            run.seconds.map { NumberFormat.duration(seconds: $0) } ?? NumberFormat.missing),
          Table.Cell(run.baseline ?? NumberFormat.missing), Table.Cell(run.headline),
        ]
      })
  }

  /// `2026-11-21 02:00`
  static func moment(_ text: String) -> String {
    String(
      decoding: text.utf8.prefix(16).map { $0 == UInt8(ascii: "T") ? 0x20 : $0 }, as: UTF8.self)
  }

  static func text(_ run: RunRecord) -> String {
    var text = "\(run.id): \(run.verdict) (exit code \(run.exitCode)), \(run.headline)\n"
    text += "started \(moment(run.started)) UTC"
    if let seconds = run.seconds { text += ", took " + NumberFormat.duration(seconds: seconds) }
    text += ", \(run.tool)"
    if let baseline = run.baseline { text += ", compared with \(baseline)" }
    if let folder = run.folder { text += ", folder \(folder)" }
    text += "\n\n" + TableFormat.text.render(results(run))
    if !run.gates.isEmpty { text += "\n" + TableFormat.text.render(gates(run)) }
    return text
  }

  private static func results(_ run: RunRecord) -> Table {
    var rows: [[Table.Cell]] = []
    for cell in run.cells {
      let examples = cell.succeeded.map { NumberFormat.grouped($0) } ?? NumberFormat.missing
      if cell.results.isEmpty {
        rows.append([Table.Cell(cell.key), Table.Cell(""), Table.Cell(cell.status)])
      }
      for (place, result) in cell.results.enumerated() {
        let number = RunTable.number(result.value, standardError: result.standardError)
        rows.append([
          Table.Cell(place == 0 ? cell.key : ""),
          Table.Cell(result.metric + (result.higherIsBetter ? " ↑" : " ↓")),
          Table.Cell(number.value, style: .strong),
          Table.Cell(number.error ?? NumberFormat.missing, style: .muted),
          Table.Cell(place == 0 ? examples : ""), Table.Cell(place == 0 ? cell.status : ""),
        ])
      }
    }
    return Table(
      columns: [
        .words("cell"), .words("metric"), .numbers("value"), .numbers("± s.e."),
        .numbers("examples"), .words("status"),
      ], rows: rows)
  }

  private static func gates(_ run: RunRecord) -> Table {
    Table(
      columns: [
        .words("gate"), .words("outcome"), .words("passed"), .words("required"), .words("why"),
      ],
      rows: run.gates.map { gate in
        [
          Table.Cell(gate.cell + " " + gate.metric), Table.Cell(gate.outcome),
          Table.Cell(gate.passed ? "yes" : "no"), Table.Cell(gate.isRequired ? "yes" : "no"),
          Table.Cell(gate.reason),
        ]
      })
  }

  private static func value(_ text: String?) -> JSONValue { text.map { .string($0) } ?? .null }
  private static func value(_ number: Double?) -> JSONValue {
    number.map { .double($0) } ?? .null
  }
  private static func value(_ number: Int?) -> JSONValue {
    number.map { .int(Int64($0)) } ?? .null
  }

  static func json(_ run: RunRecord) -> JSONValue {
    [
      "id": .string(run.id), "recipe": .string(run.recipe), "started": .string(run.started),
      "seconds": value(run.seconds), "tool": .string(run.tool), "verdict": .string(run.verdict),
      "headline": .string(run.headline), "exit_code": .int(Int64(run.exitCode)),
      "baseline": value(run.baseline), "identity": .string(run.identity),
      "folder": value(run.folder),
    ]
  }

  static func wholeJSON(_ run: RunRecord) -> JSONValue {
    let cells = run.cells.map { cell -> JSONValue in
      [
        "cell": .string(cell.key), "model": .string(cell.model),
        "model_fingerprint": .string(cell.modelFingerprint), "dataset": .string(cell.dataset),
        "version": .string(cell.version), "subset": .string(cell.subset),
        "split": .string(cell.split), "dataset_fingerprint": .string(cell.datasetFingerprint),
        "task": .string(cell.task), "status": .string(cell.status),
        "requested": value(cell.requested), "succeeded": value(cell.succeeded),
        "failed": value(cell.failed), "skipped": value(cell.skipped),
        "results": .array(cell.results.map(result)),
      ]
    }
    let artifacts = run.artifacts.map { file -> JSONValue in
      [
        "path": .string(file.path), "bytes": .int(Int64(file.bytes)),
        "sha256": .string(file.sha256),
      ]
    }
    return .object(
      (json(run).object ?? []) + [
        .init("cells", .array(cells)), .init("gates", .array(run.gates.map(gate))),
        .init("artifacts", .array(artifacts)),
      ])
  }

  static func result(_ result: ResultRecord) -> JSONValue {
    [
      "metric": .string(result.metric), "value": value(result.value),
      "standard_error": value(result.standardError), "n": value(result.count),
      "unit": .string(result.unit), "higher_is_better": .bool(result.higherIsBetter),
      "signature": .string(result.signature),
    ]
  }

  static func gate(_ gate: GateRecord) -> JSONValue {
    [
      "cell": .string(gate.cell), "metric": .string(gate.metric),
      "outcome": .string(gate.outcome), "passed": .bool(gate.passed),
      "required": .bool(gate.isRequired), "test": value(gate.test),
      "examples": value(gate.examples), "baseline": value(gate.baseline),
      "value": value(gate.value), "difference": value(gate.difference), "low": value(gate.low),
      "high": value(gate.high), "standard_error": value(gate.standardError),
      "p": value(gate.pValue), "p_adjusted": value(gate.adjusted),
      "smallest_detectable_change": value(gate.detectable), "reason": .string(gate.reason),
    ]
  }
}
