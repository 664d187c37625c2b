public import DSXCore
public import Reports

extension EvaluationReport {
  /// The Markdown form, from the value of report.json alone.
  public static func markdown(_ report: JSONValue) -> String {
    MarkdownReport.render(document(report))
  }

  /// The HTML form, from the value of report.json alone.
  public static func html(_ report: JSONValue) -> String { HTMLReport.render(document(report)) }

  /// The results as a table: metric, direction, value, standard error, n.
  public static func resultsTable(_ report: JSONValue) -> Table {
    let rows = (report["results"]?.object ?? []).map { member -> [Table.Cell] in
      let result = member.value
      let number = ReportNumber(result)
      return [
        Table.Cell(member.name + (result["higher_is_better"]?.bool == true ? " ↑" : " ↓")),
        Table.Cell(number.value, style: .strong),
        Table.Cell(number.error ?? NumberFormat.missing, style: .muted),
        .count(result["n"]?.int ?? 0),
      ]
    }
    return Table(
      columns: [.words("metric"), .numbers("value"), .numbers("± s.e."), .numbers("n")], rows: rows,
      caption: "results (↑ higher is better, ↓ lower is better)")
  }

  /// The results for programs: metric, value, standard error, n, direction, signature; numbers in full.
  public static func plainTable(_ report: JSONValue) -> Table {
    let names = ["value", "standard_error", "n", "higher_is_better", "signature"]
    let rows = (report["results"]?.object ?? []).map { member -> [Table.Cell] in
      [Table.Cell(member.name)]
        + names.map { name in
          let value = member.value[name] ?? .null
          return Table.Cell(value.isNull ? "" : plain(value))
        }
    }
    return Table(columns: (["metric"] + names).map { .words($0) }, rows: rows, caption: "results")
  }

  /// The report as a document for the renderers.
  public static func document(_ report: JSONValue) -> ReportDocument {
    let name = report["dataset"]?["name"]?.string ?? "?"
    let model = report["model"]?["name"]?.string ?? "?"
    var sections = [results(report)]
    if report["confusion"] != nil { sections.append(classification(report)) }
    if report["totals"] != nil { sections.append(perplexity(report)) }
    if let failures = report["failures"]?.array, !failures.isEmpty {
      sections.append(failed(failures))
    }
    if let command = report["runtime"]?["command"]?.string { sections.append(reproduce(command)) }
    sections.append(provenance(report))
    return ReportDocument(
      title: "\(name) · \(model)",
      facts: selection(report)
        + [
          "task \(report["task"]?["name"]?.string ?? "?") version "
            + String(report["task"]?["version"]?.int ?? 0),
          report["runtime"]?["run"]?.string.map { "run " + $0 } ?? "",
          report["tool"]?.string ?? "",
        ].filter { !$0.isEmpty },
      verdict: verdict(report), tiles: tiles(report), sections: sections,
      footer: "made by " + (report["tool"]?.string ?? "dsx"))
  }

  /// What was chosen of the data set, and how it was scored: whatever makes two numbers of one data
  /// set differ.
  public static func selection(_ report: JSONValue) -> [String] {
    var facts: [String] = []
    if let subset = report["dataset"]?["subset"]?.string, subset != "default" {
      facts.append("subset " + subset)
    }
    facts.append("split " + (report["dataset"]?["split"]?.string ?? "?"))
    if let rule = report["settings"]?["rule"]?.string { facts.append("rule " + rule) }
    if let limit = report["settings"]?["limit"]?.int {
      facts.append("only the first \(limit) examples")
    }
    return facts
  }

  private static func verdict(_ report: JSONValue) -> Verdict? {
    let counts = report["counts"]
    guard let failed = counts?["failed"]?.int, failed > 0 else { return limited(report) }
    let requested = counts?["requested"]?.int ?? 0
    return Verdict(
      status: .bad, headline: "\(failed) of \(requested) examples failed",
      detail: "The numbers are over the other examples only; they do not compare with a full run.")
  }

  private static func limited(_ report: JSONValue) -> Verdict? {
    guard let limit = report["settings"]?["limit"]?.int else { return nil }
    return Verdict(
      status: .warning, headline: "Only the first \(limit) examples",
      detail: "--limit was given; the numbers do not compare with a full run.")
  }

  private static func tiles(_ report: JSONValue) -> [Tile] {
    // A perplexity beyond reading (words of text without blanks) is left to the table.
    let readable = (report["results"]?.object ?? []).filter { member in
      member.value["value"]?.double.map { $0 < ReportNumber.readable } ?? false
    }
    var tiles = readable.prefix(3).map { member in
      let number = ReportNumber(member.value)
      return Tile(member.name, number.value, note: number.error.map { "± " + $0 })
    }
    tiles.append(Tile("examples", NumberFormat.grouped(report["counts"]?["succeeded"]?.int ?? 0)))
    tiles.append(Tile("failed", NumberFormat.grouped(report["counts"]?["failed"]?.int ?? 0)))
    if let seconds = report["runtime"]?["seconds"]?.double {
      tiles.append(Tile("time", NumberFormat.duration(seconds: seconds)))
    }
    return tiles
  }

  private static func results(_ report: JSONValue) -> ReportSection {
    let methods = (report["results"]?.object ?? []).map { member in
      Definition(
        member.name,
        (member.value["signature"]?.string ?? "") + "; s.e.: "
          + (member.value["standard_error_method"]?.string ?? "not defined"), isCode: true)
    }
    return ReportSection(
      "Results",
      panels: [
        Panel("Metrics", [.table(resultsTable(report))]),
        Panel(
          "Signatures", subtitle: "every setting that changes a number", [.definitions(methods)]),
      ])
  }

  private static func classification(_ report: JSONValue) -> ReportSection {
    let classes = report["per_class"]?.array ?? []
    func title(_ item: JSONValue) -> String {
      "\(item["label"]?.string ?? "") \(item["word"]?.string ?? "")"
    }
    let table = Table(
      columns: [
        .words("label"), .words("word"), .numbers("precision"), .numbers("recall"), .numbers("F1"),
        .numbers("gold"), .numbers("predicted"),
      ],
      rows: classes.map { item in
        let scores = ["precision", "recall", "f1"].map { name in
          Table.Cell(NumberFormat.fixed(item[name]?.double ?? 0, 3))
        }
        return [
          Table.Cell(item["label"]?.string ?? "", style: .code),
          Table.Cell(item["word"]?.string ?? ""),
        ] + scores + [.count(item["support"]?.int ?? 0), .count(item["predicted"]?.int ?? 0)]
      }, caption: "scores of each label")
    let bars = BarChart(
      bars: classes.map { item in
        BarChart.Bar(
          title(item), item["f1"]?.double ?? 0, note: "n = \(item["support"]?.int ?? 0)",
          isMarked: (item["f1"]?.double ?? 0) == 0 && (item["support"]?.int ?? 0) > 0)
      }, maximum: 1, summary: "F1 of each label", markMeaning: "never right")
    let rows = (report["confusion"]?["rows"]?.array ?? []).map { row in
      (row.array ?? []).compactMap(\.int)
    }
    var panels = [
      Panel(
        "Confusion", subtitle: "rows: the right label; columns: the model's; colour: row share",
        [
          .heatMap(
            .confusion(
              labels: classes.map(title), counts: rows, summary: "confusion matrix over the labels")
          )
        ]),
      Panel("F1 by label", width: .half, [.bars(bars.sorted())]),
    ]
    if let histogram = HistogramJSON.histogram(
      report["margins"], axis: "margin: second smallest loss less the smallest", unit: "examples",
      summary: "how sure the answers are")
    {
      panels.append(Panel("Margins", width: .half, [.histogram(histogram)]))
    }
    panels.append(Panel("Scores by label", [.table(table)]))
    let mistakes = (report["mistakes"]?.array ?? []).map { item in
      ExampleList.Example(
        id: plain(item["id"]), text: item["sentence"]?.string ?? "",
        gold: named(item["gold"]?.string, classes),
        predicted: named(item["prediction"]?.string, classes),
        isCorrect: false, score: item["margin"]?.double.map { NumberFormat.significant($0) })
    }
    if !mistakes.isEmpty {
      panels.append(
        Panel(
          "Surest mistakes", subtitle: "all answers are in predictions.jsonl",
          [.examples(ExampleList(mistakes, textTitle: "text", scoreTitle: "margin"))]))
    }
    return ReportSection("Labels", panels: panels)
  }

  private static func named(_ id: String?, _ classes: [JSONValue]) -> String {
    let word = classes.first { $0["label"]?.string == id }?["word"]?.string
    return [id, word].compactMap { $0 }.joined(separator: " ")
  }

  private static func plain(_ value: JSONValue?) -> String {
    value?.string ?? value?.text() ?? ""
  }

  private static func perplexity(_ report: JSONValue) -> ReportSection {
    let totals = report["totals"]
    let counts = ["tokens", "words", "bytes", "windows"].map { name in
      Definition(name, NumberFormat.grouped(totals?[name]?.int ?? 0))
    }
    var blocks: [Block] = [.definitions(counts)]
    if let note = wordNote(totals) { blocks.append(.paragraph(note)) }
    var panels = [Panel("Counts", width: .half, blocks)]
    if let histogram = HistogramJSON.histogram(
      report["mean_nll"], axis: "mean negative log-likelihood, nats a token", unit: "documents",
      summary: "mean negative log-likelihood of each document")
    {
      panels.append(Panel("Documents", width: .half, [.histogram(histogram)]))
    }
    let table = Table(
      columns: [.words("id"), .numbers("nats a token"), .numbers("tokens"), .words("begins with")],
      rows: (report["hardest"]?.array ?? []).map { item in
        [
          Table.Cell(plain(item["id"]), style: .code),
          Table.Cell(NumberFormat.fixed(item["mean_nll"]?.double ?? 0, 3), style: .strong),
          .count(item["tokens"]?.int ?? 0), Table.Cell(item["text"]?.string ?? ""),
        ]
      }, caption: "the documents that the model expects least")
    panels.append(Panel("Least expected documents", [.table(table)]))
    return ReportSection("Documents", panels: panels)
  }

  /// Why word perplexity is no use for text with few blanks.
  private static func wordNote(_ totals: JSONValue?) -> String? {
    guard let words = totals?["words"]?.int, let bytes = totals?["bytes"]?.int, words > 0,
      bytes / words >= 30
    else { return nil }
    return
      "A word is what stands between blanks: here \(NumberFormat.grouped(bytes / words)) bytes "
      + "on average, because Chinese is written without them. So one word holds whole sentences, and "
      + "word perplexity is huge and says little; byte perplexity and bits per byte compare models."
  }

  private static func reproduce(_ command: String) -> ReportSection {
    ReportSection(
      "Reproduce",
      lead: "Run where the model and the data set are found under these names.",
      panels: [Panel(nil, [.code(command)])])
  }

  private static func failed(_ failures: [JSONValue]) -> ReportSection {
    let table = Table(
      columns: [.words("id"), .words("reason")],
      rows: failures.map { item in
        [
          Table.Cell(plain(item["id"]), style: .code),
          Table.Cell(item["failed"]?.string ?? ""),
        ]
      }, caption: "examples that could not be scored")
    return ReportSection(
      "Failed examples", lead: "The first of them; all are in predictions.jsonl.",
      panels: [Panel(nil, [.table(table)])])
  }

  private static func provenance(_ report: JSONValue) -> ReportSection {
    func definitions(_ name: String) -> [Definition] {
      (report[name]?.object ?? []).filter { $0.name != "command" }.map { member in
        Definition(member.name, plain(member.value), isCode: true)
      }
    }
    var panels = ["dataset", "model", "tokenizer", "settings", "task"].map { name in
      Panel(name, width: .half, [.definitions(definitions(name))])
    }
    if report["runtime"] != nil {
      panels.append(Panel("runtime", width: .half, [.definitions(definitions("runtime"))]))
    }
    return ReportSection(
      "Provenance",
      lead: "Two runs with the same identity give the same numbers: "
        + (report["identity"]?.string ?? ""), panels: panels)
  }
}
