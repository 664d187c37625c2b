internal import DSXCore
internal import Reports

extension PreparationCard {
  /// Tokens per document, four bins a doubling, with a line at the length of a row.
  var lengthPanel: Panel {
    let counts = statistics.lengths.counts
    guard let first = counts.firstIndex(where: { $0 > 0 }),
      let last = counts.lastIndex(where: { $0 > 0 })
    else { return Panel("Tokens per document", width: .half, [.paragraph("There is none.")]) }
    let row = statistics.sequenceLength
    let longer = Self.share(statistics.longDocuments, statistics.documents)
    let bin = LengthHistogram.bin(row)
    // The axis begins and ends with a doubling, so that its marks are powers of two, and it always
    // reaches the line at the row's length.
    let (least, most) = (min(first, bin), max(last, bin))
    let lower = least < 4 ? 0 : least / 4 * 4
    let upper = max((most + 4) / 4 * 4, lower + 4)
    let (from, to) = (LengthHistogram.lower(bin), LengthHistogram.lower(bin + 1))
    let place = Double(bin - lower) + Self.share(row - from, to - from)
    var chart = Histogram(
      lower: 0, upper: Double(upper - lower),
      counts: (lower..<upper).map { counts.indices.contains($0) ? counts[$0] : 0 },
      axis: "tokens, four bins a doubling", unit: "documents",
      markers: [Histogram.Marker(place, "row length \(NumberFormat.grouped(row))")],
      summary: "documents by their number of tokens; "
        + "\(NumberFormat.percent(longer)) are longer than a row of \(row)")
    chart.edgeLabels = (lower...upper).map { NumberFormat.grouped(LengthHistogram.lower($0)) }
    let mean = NumberFormat.significant(Self.share(statistics.tokens, statistics.documents), 3)
    return Panel(
      "Tokens per document",
      subtitle: "mean \(mean); \(NumberFormat.percent(longer)) are longer than a row",
      width: .half, [.histogram(chart)])
  }

  /// The share of each script in all characters.
  var scriptPanel: Panel {
    let bars = Script.allCases.filter { statistics.scripts[$0.index] > 0 }.map { script in
      let count = statistics.scripts[script.index]
      return BarChart.Bar(
        script.title, 100 * Self.share(count, statistics.characters),
        note: NumberFormat.grouped(count) + " characters")
    }
    let chart = BarChart(
      bars: bars, decimals: 2, summary: "per cent of all characters by script")
    return Panel(
      "Scripts",
      subtitle: "per cent of \(NumberFormat.grouped(statistics.characters)) characters",
      width: .half,
      bars.isEmpty ? [.paragraph("There is no text.")] : [.bars(chart.sorted())])
  }

  /// Dropped documents by reason.
  var dropPanel: Panel {
    let all = statistics.documents + droppedDocuments
    guard !reasons.isEmpty else {
      return Panel([.paragraph("No document was dropped.")])
    }
    let rows = reasons.map { rule in
      let counts = statistics.dropped[rule] ?? CardStatistics.DropCounts()
      let limit = facts.quality.limits[rule].map {
        (rule.entry.isMinimum ? "at least " : "at most ") + NumberFormat.significant($0, 2)
      }
      return [
        Table.Cell(rule.name), Table.Cell(limit ?? ""), .count(counts.documents),
        Table.Cell(NumberFormat.percent(Self.share(counts.documents, all), 2)),
        Table.Cell(NumberFormat.bytes(counts.bytes)),
      ]
    }
    return Panel(
      [
        .table(
          Table(
            columns: [
              .words("reason"), .words("limit"), .numbers("documents"), .numbers("of all"),
              .numbers("text"),
            ], rows: rows, caption: "dropped documents by reason"))
      ])
  }

  /// The most repeated lines.
  var linePanel: Panel {
    let sample = statistics.sample
    let lines = NumberFormat.grouped(sample.lines)
    let how =
      sample.isComplete
      ? "counted over all \(lines) lines that are not empty"
      : "estimated from \(NumberFormat.grouped(LineSample.capacity)) of \(lines) lines, "
        + "drawn evenly"
    guard !repeated.isEmpty else {
      return Panel("Most repeated", subtitle: how, [.paragraph("No line was seen twice.")])
    }
    let rows = repeated.map { line in
      let count = Int((Double(line.count) * lineWeight).rounded())
      return [
        Table.Cell((sample.isComplete ? "" : "≈ ") + NumberFormat.grouped(count)),
        Table.Cell(NumberFormat.percent(Self.share(count, sample.lines), 2)),
        Table.Cell(line.text.isEmpty ? " " : line.text, style: .code),
      ]
    }
    return Panel(
      "Most repeated", subtitle: how,
      [
        .table(
          Table(columns: [.numbers("times"), .numbers("of all lines"), .words("line")], rows: rows))
      ])
  }
}

extension Script {
  /// Its name with a capital.
  var title: String {
    switch self {
    case .han: "Han"
    case .latin: "Latin"
    case .kana: "Kana"
    case .hangul: "Hangul"
    case .cyrillic: "Cyrillic"
    case .arabic: "Arabic"
    case .other: "other letters"
    case .digits: "digits"
    case .punctuation: "punctuation"
    case .blank: "blanks"
    }
  }
}
