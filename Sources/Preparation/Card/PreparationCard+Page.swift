internal import DSXCore
internal import Reports

extension PreparationCard {
  /// `OUTPUT.report.html`: a page that needs no other file.
  public var html: String { HTMLReport.render(document) }

  /// The card as a report.
  var document: ReportDocument {
    ReportDocument(
      title: facts.title, facts: ["data card", "plan " + facts.plan.prefix(12), facts.tool],
      verdict: verdict, tiles: tiles, sections: sections,
      footer: "made by \(facts.tool); the same numbers are in the report.json beside this page")
  }

  private var verdict: Verdict {
    let s = statistics
    let all = s.documents + droppedDocuments
    let files = NumberFormat.grouped(facts.inputs.count)
    let rows = facts.counts["rows"]?.int.map { NumberFormat.grouped($0) + " rows" } ?? "rows"
    let detail =
      "\(NumberFormat.grouped(s.tokens)) tokens of \(files) "
      + (facts.inputs.count == 1 ? "file" : "files") + " became \(rows) of "
      + "\(NumberFormat.grouped(s.sequenceLength)) ids."
    var warnings = ""
    if let unknownRate, unknownRate > 0.01 {
      let share = NumberFormat.percent(unknownRate, 1)
      warnings += " \(share) of the tokens are unknown: is this the right vocabulary?"
    }
    if droppedDocuments > s.documents {
      warnings += " More than half of the documents were dropped: the reasons are below."
    }
    let status = warnings.isEmpty ? Status.good : .warning
    guard facts.quality.isActive else {
      return Verdict(
        status: warnings.isEmpty ? .neutral : status,
        headline: "\(NumberFormat.grouped(s.documents)) documents",
        detail: detail + " No document was filtered: the quality stage is off." + warnings)
    }
    let share = NumberFormat.percent(Self.share(droppedDocuments, all), 1)
    return Verdict(
      status: status,
      headline:
        "\(NumberFormat.grouped(s.documents)) of \(NumberFormat.grouped(all)) documents kept",
      detail: detail
        + " \(NumberFormat.grouped(droppedDocuments)) documents (\(share)) were dropped." + warnings
    )
  }

  private var tiles: [Tile] {
    let s = statistics
    var tiles = [
      Tile("documents", NumberFormat.grouped(s.documents)),
      Tile("tokens", NumberFormat.grouped(s.tokens)),
      Tile(
        "characters per token", NumberFormat.fixed(Self.share(s.characters, s.tokens), 2),
        note: NumberFormat.fixed(Self.share(s.bytes, s.tokens), 2) + " bytes"),
      Tile(
        "unknown tokens", unknownRate.map { NumberFormat.percent($0, 3) } ?? NumberFormat.missing,
        note: unknownRate == nil ? "no such id" : NumberFormat.grouped(s.unknown)),
      Tile("text", NumberFormat.bytes(s.bytes)),
    ]
    if facts.quality.isActive {
      tiles.append(
        Tile(
          "dropped", NumberFormat.grouped(droppedDocuments),
          note: NumberFormat.percent(Self.share(droppedDocuments, s.documents + droppedDocuments))))
    }
    return tiles
  }

  private var sections: [ReportSection] {
    var sections = [
      ReportSection("Documents", panels: [lengthPanel, scriptPanel])
    ]
    if facts.quality.isActive {
      sections.append(
        ReportSection(
          "Dropped documents",
          lead: "A document counts for the first rule that it fails, in the order of the rules.",
          panels: [dropPanel]))
    }
    sections.append(ReportSection("Repeated lines", panels: [linePanel]))
    sections.append(ReportSection("Files", panels: [filePanel]))
    sections.append(ReportSection("Made from", panels: [sourcePanel]))
    return sections
  }
}
