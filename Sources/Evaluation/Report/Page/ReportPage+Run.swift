internal import DSXCore
internal import Reports

extension ReportPage {
  /// The page of one run.
  static func document(_ report: RunReport) -> ReportDocument {
    let lines = ReportLine.lines(report)
    var sections = [results(lines, report.comparison)]
    sections += changes(lines, report.runtime)
    sections += gates(report.gates)
    sections += flips(report.flips) { _ in nil }
    let labels = labels(report)
    if !labels.isEmpty { sections.append(ReportSection("Labels", panels: labels)) }
    let numbers = numbers(report)
    if !numbers.isEmpty { sections.append(ReportSection("Scores", panels: numbers)) }
    let examples = examples(report)
    if !examples.isEmpty { sections.append(ReportSection("Examples", panels: examples)) }
    sections += moreTrends(lines, report.runtime)
    if let card = report.dataCard {
      let panels = dataPanels(card)
      if !panels.isEmpty { sections.append(ReportSection("Data", panels: panels)) }
    }
    sections += failures(report)
    sections += running(report.runtime)
    sections.append(reproduce(report))
    return ReportDocument(
      title: "\(report.datasetName) · \(report.modelName)", facts: facts(report),
      verdict: verdict(report.verdict ?? .ungated(report.counts, limit: limit(report))),
      tiles: tiles(report, lines), sections: sections, footer: footer(report.tool))
  }

  /// The short form, for a merge request.
  static func summary(_ report: RunReport) -> ReportDocument {
    let lines = ReportLine.lines(report)
    var sections = [results(lines, report.comparison, isPlain: true)]
    sections += gates(report.gates, onlyProblems: true)
    sections += flips(report.flips, limit: 10) { _ in nil }
    let weak = report.perClass.filter { $0.support > 0 }.sorted {
      ($0.f1 ?? 0, $0.label) < ($1.f1 ?? 0, $1.label)
    }.prefix(5)
    if !weak.isEmpty {
      let table = Table(
        columns: [
          .words("label"), .numbers("F1"), .numbers("precision"), .numbers("recall"),
          .numbers("examples"),
        ],
        rows: weak.map { item in
          [Table.Cell(item.title)]
            + [item.f1, item.precision, item.recall].map { value in
              Table.Cell(value.map { NumberFormat.fixed($0, 3) } ?? NumberFormat.missing)
            } + [.count(item.support)]
        })
      sections.append(ReportSection("Weakest labels", panels: [Panel([.table(table)])]))
    }
    sections += failures(report, limit: 10)
    if let command = report.runtime?.command {
      sections.append(ReportSection("Reproduce", panels: [Panel([.command(command)])]))
    }
    return ReportDocument(
      title: "\(report.datasetName) · \(report.modelName)", facts: facts(report),
      verdict: verdict(report.verdict ?? .ungated(report.counts, limit: limit(report))),
      sections: sections, footer: footer(report.tool))
  }

  /// The limit that left examples out, if one did.
  static func limit(_ report: RunReport) -> Int? {
    report.settings["limit"]?.int.flatMap { report.counts.requested < $0 ? nil : $0 }
  }

  /// What was chosen, when, and by what: whatever makes two pages of one data set differ.
  static func facts(_ report: RunReport) -> [String] {
    var facts: [String] = []
    if let subset = report.dataset["subset"]?.string, subset != "default" {
      facts.append("subset " + subset)
    }
    if let split = report.dataset["split"]?.string { facts.append("split " + split) }
    if let task = report.task["name"]?.string {
      facts.append("task \(task)" + (report.task["version"]?.int.map { " version \($0)" } ?? ""))
    }
    if let rule = report.settings["rule"]?.string { facts.append("rule " + rule) }
    return facts + runFacts(report.runtime, report.tool)
  }

  private static func tiles(_ report: RunReport, _ lines: [ReportLine]) -> [Tile] {
    // A perplexity beyond reading (words of text without blanks) is left to the table.
    let readable = ReportLine.sorted(lines).filter { line in
      line.result.value.map { abs($0) < ReportNumber.readable } ?? false
    }
    var tiles = readable.prefix(report.flips == nil ? 2 : 1).map { line in
      let number = ReportNumber(line.result.json)
      return Tile(line.result.metric, number.value, note: number.error.map { "± " + $0 })
    }
    tiles += countTiles([report.counts], report.flips)
    return tiles + runTiles(report.runtime)
  }

  /// Examples without scores, and why.
  static func failures(_ report: RunReport, limit: Int = 100) -> [ReportSection] {
    guard !report.failures.isEmpty else { return [] }
    var table = Table(
      columns: [.words("id"), .words("what"), .words("reason")],
      rows: report.failures.prefix(limit).map { item in
        let status: Status =
          item.status == .failed ? .bad : item.status == .missing ? .warning : .neutral
        return [
          Table.Cell(item.id, style: .code), .pill(status, item.status.rawValue),
          Table.Cell(item.reason),
        ]
      }, caption: "examples without scores")
    table.isSortable = true
    table.isStacked = true
    return [
      ReportSection(
        "Examples without scores",
        lead:
          "The first \(min(limit, report.failures.count)); all of them are in predictions.jsonl.",
        panels: [Panel([.table(table)])])
    ]
  }

  private static func reproduce(_ report: RunReport) -> ReportSection {
    var panels: [Panel] = []
    if let command = report.runtime?.command {
      panels.append(
        Panel(
          "Command", subtitle: "where the model and the data set are found under these names",
          [.command(command)]))
    }
    let signatures = report.results.map { result in
      Definition(
        result.metric,
        [result.signature, result.standardErrorMethod.map { "s.e. " + $0 }].compactMap { $0 }
          .filter { !$0.isEmpty }.joined(separator: "; "), isCode: true)
    }
    if !signatures.isEmpty {
      panels.append(
        Panel(
          "Signatures", subtitle: "numbers compare where these are equal",
          [.definitions(signatures)]))
    }
    let parts: [(String, JSONValue?)] = [
      ("Data set", report.dataset), ("Model", report.model), ("Tokenizer", report.tokenizer),
      ("Task", report.task), ("Settings", report.settings), ("Sums", report.totals),
    ]
    for (name, object) in parts {
      let facts = definitions(object, isCode: true)
      if !facts.isEmpty { panels.append(Panel(name, width: .half, [.definitions(facts)])) }
    }
    let machine = machine(report.runtime)
    if !machine.isEmpty { panels.append(Panel("Machine", width: .half, [.definitions(machine)])) }
    return ReportSection(
      "Reproduce",
      lead: "Two runs with the same identity give the same numbers: \(report.identity)",
      panels: panels)
  }
}
