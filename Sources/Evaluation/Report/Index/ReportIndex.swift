public import DSXCore
internal import Reports

/// `index.html` over a folder of runs: how nights went, trends, any two side by side.
public struct ReportIndex: Sendable {
  /// The file that it is written to.
  public static let fileName = "index.html"

  /// One run folder.
  struct Entry: Sendable {
    /// Its name in the folder.
    var name: String
    /// Its page, relative to the folder; nil: there is none.
    var link: String?
    /// When it began, UTC; empty: not known.
    var started: String
    var report: AnyReport
  }

  /// The runs, oldest first.
  let entries: [Entry]
  /// Folders whose report.json could not be read, with the reason.
  public let skipped: [(folder: String, error: DSXError)]

  /// Reads every `report.json` in the folders of `folder`. Folders without one are passed over. Throws
  /// `nothingToDo` where no report is.
  public init(folder: String) throws(DSXError) {
    var entries: [Entry] = []
    var skipped: [(folder: String, error: DSXError)] = []
    for name in try FilePath.list(folder) where !name.hasPrefix(".") {
      let path = FilePath.join(folder, name)
      let file = FilePath.join(path, "report.json")
      guard FilePath.isFolder(path), FilePath.exists(file) else { continue }
      do throws(DSXError) {
        let report = try AnyReport(file: file)
        let page = FilePath.join(path, ReportForm.html.fileName)
        entries.append(
          Entry(
            name: name,
            link: FilePath.exists(page) ? name + "/" + ReportForm.html.fileName : nil,
            started: report.runtime?.started ?? "", report: report))
      } catch { skipped.append((path, error)) }
    }
    guard !entries.isEmpty else {
      throw DSXError(
        .nothingToDo, "no report of this version in the folder", file: folder,
        hint: skipped.first.map { "\($0.folder): \($0.error.message)" }
          ?? "dsx eval and dsx recipe run write report folders there")
    }
    // Runs without a time come first, in the order of their names.
    self.entries = entries.enumerated().sorted { left, right in
      left.element.started != right.element.started
        ? left.element.started < right.element.started : left.offset < right.offset
    }.map(\.element)
    self.skipped = skipped
  }

  /// How many runs there are.
  public var count: Int { entries.count }

  /// The page; the same folders give the same bytes.
  public var html: String { HTMLReport.render(document) }

  var document: ReportDocument {
    let groups = groups
    let statuses = entries.map(\.verdict.status)
    var sections = groups.filter { $0.runs.count > 1 || $0.isRecipe }.flatMap { self.sections($0) }
    sections.append(allRuns)
    if !skipped.isEmpty { sections.append(unread) }
    let last = entries.last
    return ReportDocument(
      title: "Reports",
      facts: [
        "\(entries.count) runs", last.map { "the last: \($0.name)" } ?? "",
        last.map { $0.started.isEmpty ? "" : ReportPage.moment($0.started) } ?? "",
      ].filter { !$0.isEmpty },
      verdict: last.map { ReportPage.verdict($0.verdict) },
      tiles: [
        Tile("runs", NumberFormat.grouped(entries.count)),
        Tile("passed", "\(statuses.count { $0 == .passed })"),
        Tile("failed", "\(statuses.count { $0 == .failed })"),
        Tile("incomplete", "\(statuses.count { $0 == .incomplete })"),
        Tile("without gates", "\(statuses.count { $0 == .ungated })"),
      ], sections: sections, footer: "nothing on this page is loaded from elsewhere")
  }

  /// Runs of one recipe, or of one model on one data set.
  struct Group {
    var title: String
    var isRecipe: Bool
    var runs: [Entry]
  }

  private var groups: [Group] {
    var groups: [Group] = []
    for entry in entries {
      let title = entry.groupTitle
      let isRecipe = if case .night = entry.report { true } else { false }
      if let index = groups.firstIndex(where: { $0.title == title && $0.isRecipe == isRecipe }) {
        groups[index].runs.append(entry)
      } else {
        groups.append(Group(title: title, isRecipe: isRecipe, runs: [entry]))
      }
    }
    // Recipes first; else in the order of their first runs.
    return groups.filter(\.isRecipe) + groups.filter { !$0.isRecipe }
  }

  private var allRuns: ReportSection {
    var table = Table(
      columns: [
        .words("run"), .words("began"), .words("what"), .words("verdict"), .words("in words"),
      ],
      rows: entries.reversed().map { entry in
        let verdict = ReportPage.verdict(entry.verdict)
        return [
          Table.Cell(entry.name, link: entry.link), Table.Cell(ReportPage.moment(entry.started)),
          Table.Cell(entry.groupTitle), .pill(verdict.status, entry.verdict.status.rawValue),
          Table.Cell(verdict.headline, style: .muted),
        ]
      }, caption: "all runs, newest first")
    table.isSortable = true
    table.isStacked = true
    return ReportSection("All runs", panels: [Panel([.table(table)])])
  }

  private var unread: ReportSection {
    let table = Table(
      columns: [.words("folder"), .words("why")],
      rows: skipped.map { [Table.Cell($0.folder), Table.Cell($0.error.message, style: .muted)] })
    return ReportSection("Not read", panels: [Panel([.table(table)])])
  }
}

extension ReportIndex.Entry {
  /// The one verdict; for an older run without one what its counts say.
  var verdict: ReportVerdict {
    switch report {
    case .run(let run):
      run.verdict ?? .ungated(run.counts, limit: ReportPage.limit(run))
    case .night(let night):
      night.verdict
        ?? ReportVerdict(status: .ungated, headline: "No verdict", exitCode: 0)
    }
  }

  var groupTitle: String {
    switch report {
    case .run(let run): "\(run.datasetName) · \(run.modelName)"
    case .night(let night): night.recipe["name"]?.string ?? "recipe"
    }
  }

  var lines: [ReportLine] {
    switch report {
    case .run(let run): ReportLine.lines(run)
    case .night(let night): ReportLine.lines(night)
    }
  }

  var gates: [ReportGate] {
    switch report {
    case .run(let run): run.gates
    case .night(let night): night.gates
    }
  }

  /// The night that it is named after, else the date when it began, else the name.
  var day: String {
    ReportPage.night(name) ?? (started.isEmpty ? name : String(started.prefix(10)))
  }
}

extension AnyReport {
  /// Times and places of either kind.
  public var runtime: ReportRuntime? {
    switch self {
    case .run(let report): report.runtime
    case .night(let report): report.runtime
    }
  }
}
