public import DSXCore
internal import Reports

/// The forms of a report, all made from report.json alone.
public enum ReportForm: String, Sendable, CaseIterable {
  case html, md, junit, csv, tex

  /// The file beside report.json.
  public var fileName: String {
    switch self {
    case .html: "report.html"
    case .md: "report.md"
    case .junit: "junit.xml"
    case .csv: "results.csv"
    case .tex: "results.tex"
    }
  }

  /// The form's whole text; the same report gives the same bytes.
  public func render(_ report: AnyReport) -> String {
    switch self {
    case .html: return HTMLReport.render(ReportPage.document(report))
    case .md: return MarkdownReport.render(ReportPage.summary(report))
    case .junit: return ReportTables.junit(report).render()
    case .csv: return TableFormat.csv.render(ReportTables.flat(Self.lines(report)))
    case .tex:
      switch report {
      case .run(let run): return ReportTables.latex(ReportLine.lines(run), run.comparison)
      case .night(let night): return ReportTables.latex(ReportLine.lines(night), night.comparison)
      }
    }
  }

  private static func lines(_ report: AnyReport) -> [ReportLine] {
    switch report {
    case .run(let run): ReportLine.lines(run)
    case .night(let night): ReportLine.lines(night)
    }
  }

  /// report.json as it is written.
  public static func source(_ report: AnyReport) -> String { report.json.text(.indented) + "\n" }

  /// Writes the forms into a folder, each as a whole or not at all. report.json is not touched.
  public static func write(
    _ report: AnyReport, _ forms: [ReportForm] = allCases, into folder: String
  ) throws(DSXError) {
    try FilePath.makeFolder(folder)
    for form in forms {
      try AtomicFolder.write(
        Array(form.render(report).utf8), to: FilePath.join(folder, form.fileName))
    }
  }
}
