internal import DSXCore
internal import Reports

extension ReportPage {
  /// Confusion matrix and F1 of every label.
  static func labels(_ report: RunReport, withMatrix: Bool = true) -> [Panel] {
    var panels: [Panel] = []
    if withMatrix, let confusion = report.confusion, !confusion.labels.isEmpty {
      let names = confusion.labels.map { label in
        report.perClass.first { $0.label == label }?.word ?? label
      }
      let chart = HeatMap.confusion(
        labels: names, counts: confusion.rows, summary: "Counts of right labels and answers.")
      panels.append(
        Panel(
          "Confusion matrix", subtitle: "row: right label, column: answer, per cent of the row",
          width: .half, [.heatMap(chart)]))
    }
    guard !report.perClass.isEmpty else { return panels }
    let scores = report.perClass.compactMap { $0.support > 0 ? $0.f1 : nil }
    let mean = scores.isEmpty ? 0 : scores.reduce(0, +) / Double(scores.count)
    let hasWords = report.perClass.allSatisfy { !($0.word ?? "").isEmpty }
    let bars = report.perClass.filter { $0.support > 0 || $0.predicted > 0 }.map { item in
      let f1 = item.f1 ?? 0
      return BarChart.Bar(
        hasWords ? item.word ?? item.label : item.title, f1, standardError: item.f1Error,
        note: "\(NumberFormat.grouped(item.support)) examples", isMarked: f1 < mean / 2,
        reference: item.baselineF1)
    }
    var chart = BarChart(
      bars: bars, maximum: 1, summary: "F1 of \(bars.count) labels.",
      markMeaning: "under half of the mean"
    ).sorted()
    chart.referenceMeaning = "baseline"
    let hasErrors = chart.bars.contains { ($0.standardError ?? 0) > 0 }
    let whisker = hasErrors ? "; whisker: 95 % interval" : ""
    var subtitle = "best first" + whisker
    if chart.bars.count > 30 {
      chart.bars = Array(chart.bars.suffix(30))
      subtitle = "the 30 weakest of \(bars.count) labels" + whisker
    }
    panels.append(Panel("F1 by label", subtitle: subtitle, width: .half, [.bars(chart)]))
    return panels
  }

  /// How sure the answers are, spreads and scores of groups.
  static func numbers(_ report: RunReport, limit: Int = 24) -> [Panel] {
    var panels: [Panel] = []
    if let reliability = report.reliability, !reliability.bins.isEmpty {
      let bins = reliability.bins.map { bin in
        ReliabilityDiagram.Bin(
          confidence: bin.confidence, accuracy: bin.accuracy, count: bin.count, lower: bin.lower,
          upper: bin.upper)
      }
      let error = reliability.calibrationError.map {
        "expected calibration error \(NumberFormat.fixed($0, 3))"
      }
      let words = [error, reliability.confidence.map { "confidence: \($0)" }].compactMap { $0 }
      panels.append(
        Panel(
          "Reliability", subtitle: words.isEmpty ? nil : words.joined(separator: "; "),
          width: .half,
          [
            .reliability(
              ReliabilityDiagram(
                bins: bins, summary: words.first ?? "Share of right answers by confidence."))
          ]))
    }
    for item in report.distributions { panels.append(distribution(item)) }
    for item in report.slices where !item.groups.isEmpty { panels.append(slice(item)) }
    return Array(panels.prefix(limit))
  }

  private static func distribution(_ item: Distribution) -> Panel {
    var chart = histogram(
      item.histogram, axis: item.axis, unit: item.unit,
      summary: "\(item.name): counts of \(item.unit).")
    if let median = item.median, median.isFinite {
      chart.markers.append(.init(median, "median \(NumberFormat.significant(median))"))
    }
    let mean = item.mean.map { "mean \(NumberFormat.significant($0))" }
    return Panel(item.name, subtitle: mean, width: .half, [.histogram(chart)])
  }

  static func histogram(_ item: BinnedCounts, axis: String, unit: String, summary: String)
    -> Histogram
  {
    var chart = Histogram(
      lower: item.lower, upper: item.upper, counts: item.counts, outside: item.outside, axis: axis,
      unit: unit, summary: summary)
    chart.referenceCounts = item.baselineCounts
    return chart
  }

  private static func slice(_ item: SliceScores) -> Panel {
    let values = item.groups.compactMap(\.value).filter(\.isFinite)
    let largest = values.map(abs).max() ?? 0
    let shown = item.groups.prefix(30)
    let bars = shown.map { group in
      BarChart.Bar(
        group.name, group.value ?? .nan, standardError: group.standardError,
        note: "\(NumberFormat.grouped(group.count)) examples", reference: group.baseline)
    }
    var chart = BarChart(
      bars: bars, decimals: largest >= 100 ? 0 : largest >= 10 ? 1 : 3,
      summary: "\(item.metric) by \(item.by).")
    chart.referenceMeaning = "baseline"
    return Panel(
      "\(item.metric) by \(item.by)",
      subtitle: (item.higherIsBetter ? "longer is better" : "shorter is better")
        + (bars.contains { ($0.standardError ?? 0) > 0 } ? "; whisker: 95 % interval" : "")
        + (shown.count < item.groups.count
          ? "; the first \(shown.count) of \(item.groups.count) groups" : ""),
      width: .half, [.bars(chart)])
  }

  /// Examples to look at.
  static func examples(_ report: RunReport) -> [Panel] {
    // Labels are right or wrong; texts are more or less right.
    let hasLabels = !report.perClass.isEmpty
    return report.examples.filter { !$0.examples.isEmpty }.map { table in
      let hasAnswers = table.examples.contains { $0.gold != nil || $0.prediction != nil }
      guard hasAnswers else {
        var columns: [Table.Column] = [.words("id"), .words("text")]
        columns += [.numbers(table.score ?? "score"), .numbers("tokens")]
        let rows = table.examples.map { item in
          [
            Table.Cell(item.id, style: .code), Table.Cell(short(item.text, 400)),
            Table.Cell(item.score.map { NumberFormat.significant($0) } ?? "", style: .strong),
            Table.Cell(item.tokens.map { NumberFormat.grouped($0) } ?? ""),
          ]
        }
        return Panel(
          table.title, subtitle: table.note, [.table(Table(columns: columns, rows: rows))])
      }
      let list = ExampleList(
        table.examples.map { item in
          var example = ExampleList.Example(
            // An image's text is its name, which is its id.
            id: item.id, text: item.text == item.id ? "" : short(item.text, 400),
            gold: short(item.gold ?? "", 400), predicted: short(item.prediction ?? "", 400),
            isCorrect: hasLabels ? item.gold == item.prediction : nil,
            score: item.score.map { NumberFormat.significant($0) })
          example.picture = item.picture.flatMap { Picture(base64: $0, label: item.id) }
          return example
        }, textTitle: table.examples.contains { $0.picture != nil } ? "image" : "text",
        scoreTitle: table.score)
      return Panel(table.title, subtitle: table.note, [.examples(list)])
    }
  }

  /// What the data are like.
  static func dataPanels(_ card: ReportDataCard) -> [Panel] {
    var panels: [Panel] = []
    if let tokens = card.tokens {
      // All that was computed for an example, over every candidate: what the model takes at once is
      // no line to draw into that.
      let chart = histogram(
        tokens, axis: "tokens", unit: "examples", summary: "Tokens computed for an example.")
      panels.append(Panel("Tokens computed for an example", width: .half, [.histogram(chart)]))
    }
    if !card.labels.isEmpty {
      panels.append(Panel("Gold labels", width: .half, [.bars(counts(card.labels, "labels"))]))
    }
    var facts: [Definition] = []
    if let duplicates = card.duplicates {
      facts.append(Definition("duplicate inputs", NumberFormat.grouped(duplicates)))
    }
    if let share = card.packedShare {
      facts.append(Definition("tokens kept by packing", NumberFormat.percent(share)))
    }
    facts += definitions(card.facts)
    var blocks: [Block] = facts.isEmpty ? [] : [.definitions(facts)]
    if !card.languages.isEmpty {
      blocks.append(.paragraph("Languages"))
      blocks.append(.bars(counts(card.languages, "languages")))
    }
    if !card.rejected.isEmpty {
      blocks.append(.paragraph("Left out, by reason"))
      blocks.append(.bars(counts(card.rejected, "reasons")))
    }
    if !blocks.isEmpty { panels.append(Panel("Records", width: .half, blocks)) }
    return panels
  }

  private static func counts(_ shares: [ReportDataCard.Share], _ what: String) -> BarChart {
    let sorted = BarChart(
      bars: shares.map { BarChart.Bar($0.name, Double($0.count)) }, decimals: 0,
      summary: "Examples of \(shares.count) \(what)."
    ).sorted()
    guard sorted.bars.count > 30 else { return sorted }
    var cut = sorted
    let rest = cut.bars.dropFirst(29).reduce(0) { $0 + $1.value }
    cut.bars =
      Array(cut.bars.prefix(29)) + [BarChart.Bar("other (\(sorted.bars.count - 29))", rest)]
    return cut
  }

  /// Free members as names and values.
  static func definitions(_ object: JSONValue?, isCode: Bool = false) -> [Definition] {
    (object?.object ?? []).filter { !$0.value.isNull }.map { member in
      Definition(member.name, member.value.string ?? member.value.text(.spaced), isCode: isCode)
    }
  }
}
