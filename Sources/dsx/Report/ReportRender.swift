internal import ArgumentParser
internal import DSXCore
internal import Evaluation

/// `dsx report render`: the forms of a report, from report.json alone.
struct ReportRender: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "render",
    abstract: "Make report.html, report.md, junit.xml, results.csv and results.tex again.",
    discussion: """
      Examples:
        dsx report render reports/sample
        dsx report render reports/*/ --format html
        dsx report render reports/sample --format md --output -

      Everything is made from report.json; no model and no data are needed. The files \
      stand beside it, or in --output. The exit code is 0 whatever the verdict says.
      """)

  @Argument(
    help: ArgumentHelp("Run folders or report.json files.", valueName: "folder|report.json"))
  var reports: [String]
  @Option(
    help: ArgumentHelp(
      "Forms with commas between: html, md, junit, csv, tex, or all.", valueName: "forms"))
  var format = "all"
  @Option(
    name: .shortAndLong,
    help: ArgumentHelp(
      "The folder of the files; - prints one form. Default: beside report.json.",
      valueName: "folder|-"))
  var output: String?

  func run() throws {
    let forms = try forms()
    if output != nil, reports.count > 1 {
      throw DSXError(
        .usage, "--output takes one report",
        hint: "without it every report gets its files beside it")
    }
    if output == "-", forms.count > 1 {
      throw DSXError(.usage, "--output - takes one form", hint: "name it with --format")
    }
    for path in reports {
      let file = FilePath.isFolder(path) ? FilePath.join(path, "report.json") : path
      let report = try AnyReport(file: file)
      if output == "-" {
        Output.write(Array(forms[0].render(report).utf8))
        continue
      }
      let folder = output ?? FilePath.split(file).folder
      try ReportForm.write(report, forms, into: folder)
      for form in forms { Output.line(FilePath.join(folder, form.fileName)) }
    }
  }

  private func forms() throws -> [ReportForm] {
    if format == "all" { return ReportForm.allCases }
    var forms: [ReportForm] = []
    for name in format.utf8.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false) {
      let word = String(decoding: name, as: UTF8.self)
      guard let form = ReportForm(rawValue: word) else {
        throw DSXError.unknown(
          "form", word, known: ReportForm.allCases.map(\.rawValue) + ["all"])
      }
      if !forms.contains(form) { forms.append(form) }
    }
    return forms
  }
}
