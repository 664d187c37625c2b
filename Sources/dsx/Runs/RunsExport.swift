internal import ArgumentParser
internal import DSXCore
internal import Reports

/// `dsx runs export`: the history as tables of other programs.
struct RunsExport: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "export", abstract: "Print runs, results or gates as CSV or JSON.",
    discussion: """
      Examples:
        dsx runs export > results.csv
        dsx runs export --table gates --format json

      Numbers have all their digits. Tables: runs, results (one row a run, cell and metric), gates.
      """)

  enum Kind: String, CaseIterable, ExpressibleByArgument { case runs, results, gates }
  enum Format: String, CaseIterable, ExpressibleByArgument { case csv, json }

  @Option(help: "What is exported: runs, results or gates.") var table = Kind.results
  @Option(help: "Only runs of that recipe.") var recipe: String?
  @OptionGroup var history: HistoryOptions
  @Option(help: "The form: csv or json.") var format = Format.csv

  func run() throws {
    let opened = try history.reading()
    var rows: [JSONValue] = []
    for listed in try opened.runs(recipe: recipe).reversed() {
      guard table != .runs else {
        rows.append(RunText.json(listed))
        continue
      }
      guard let run = try opened.run(listed.id) else { continue }
      let head: [JSONValue.Member] = [
        .init("run", .string(run.id)), .init("recipe", .string(run.recipe)),
        .init("started", .string(run.started)), .init("verdict", .string(run.verdict)),
      ]
      if table == .gates {
        rows += run.gates.map { .object(head + (RunText.gate($0).object ?? [])) }
      } else {
        for cell in run.cells {
          let place: [JSONValue.Member] = [
            .init("cell", .string(cell.key)), .init("model", .string(cell.model)),
            .init("dataset", .string(cell.dataset)), .init("subset", .string(cell.subset)),
            .init("split", .string(cell.split)),
            .init("model_fingerprint", .string(cell.modelFingerprint)),
            .init("dataset_fingerprint", .string(cell.datasetFingerprint)),
          ]
          rows += cell.results.map { .object(head + place + (RunText.result($0).object ?? [])) }
        }
      }
    }
    if format == .json { return Output.line(JSONValue.array(rows).text(.indented)) }
    let names = rows.first?.object?.map(\.name) ?? []
    let cells = rows.map { row in
      (row.object ?? []).map { member in
        Table.Cell(member.value.isNull ? "" : member.value.string ?? member.value.text())
      }
    }
    Output.write(
      Array(TableFormat.csv.render(Table(columns: names.map { .words($0) }, rows: cells)).utf8))
  }
}
