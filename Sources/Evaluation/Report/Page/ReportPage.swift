internal import DSXCore
internal import Reports

/// Report documents for pages and merge requests, from report.json alone.
enum ReportPage {
  static func document(_ report: AnyReport) -> ReportDocument {
    switch report {
    case .run(let run): document(run)
    case .night(let night): document(night)
    }
  }

  static func summary(_ report: AnyReport) -> ReportDocument {
    switch report {
    case .run(let run): summary(run)
    case .night(let night): summary(night)
    }
  }

  /// A text cut to so many scalars, so that one long example does not fill the page.
  static func short(_ text: String, _ limit: Int) -> String {
    guard text.unicodeScalars.count > limit else { return text }
    return String(String.UnicodeScalarView(text.unicodeScalars.prefix(limit))) + "…"
  }

  /// The date in a run's name (`2026-11-19`, `nightly-2026-11-19-b`), if there is one: a night keeps its
  /// date, however late it is computed. Of several the last.
  static func night(_ run: String) -> String? {
    let bytes = Array(run.utf8)
    guard bytes.count >= 10 else { return nil }
    func isDigit(_ place: Int) -> Bool { (0x30...0x39).contains(bytes[place]) }
    for start in stride(from: bytes.count - 10, through: 0, by: -1) {
      guard start == 0 || bytes[start - 1] == UInt8(ascii: "-"),
        start + 10 == bytes.count || !isDigit(start + 10)
      else { continue }
      let isDate = (0..<10).allSatisfy { offset in
        offset == 4 || offset == 7
          ? bytes[start + offset] == UInt8(ascii: "-") : isDigit(start + offset)
      }
      if isDate { return String(decoding: bytes[start..<start + 10], as: UTF8.self) }
    }
    return nil
  }

  static func footer(_ tool: String) -> String {
    "made by \(tool) from report.json; nothing on this page is loaded from elsewhere"
  }

  /// The verdict's words, as they stand in report.json.
  static func verdict(_ verdict: ReportVerdict) -> Verdict {
    let status: Status =
      switch verdict.status {
      case .passed: .good
      case .failed: .bad
      case .incomplete: .warning
      case .ungated: .neutral
      }
    return Verdict(status: status, headline: verdict.headline, detail: verdict.sentence)
  }

  static func runFacts(_ runtime: ReportRuntime?, _ tool: String) -> [String] {
    var facts: [String] = []
    if let run = runtime?.run { facts.append("run " + run) }
    if let started = runtime?.started { facts.append(moment(started)) }
    return facts + [tool]
  }

  /// `2026-11-21T02:00:00Z` as `2026-11-21 02:00 UTC`; anything else as it is.
  static func moment(_ text: String) -> String {
    let bytes = Array(text.utf8)
    guard bytes.count == 20, bytes[10] == UInt8(ascii: "T"), bytes[19] == UInt8(ascii: "Z") else {
      return text
    }
    return String(decoding: bytes[0..<10], as: UTF8.self) + " "
      + String(decoding: bytes[11..<16], as: UTF8.self) + " UTC"
  }

  static func countTiles(_ counts: [ReportCounts], _ flips: ReportFlips?) -> [Tile] {
    func sum(_ value: (ReportCounts) -> Int) -> Int { counts.reduce(0) { $0 + value($1) } }
    var tiles = [Tile("examples", NumberFormat.grouped(sum(\.succeeded)))]
    let lost = [
      ("failed", sum(\.failed)), ("skipped", sum(\.skipped)), ("missing", sum(\.missing)),
    ]
    let kinds = lost.filter { $0.1 > 0 }.map { "\(NumberFormat.grouped($0.1)) \($0.0)" }
    if kinds.isEmpty {
      // Where a whole cell failed there may be none at all.
      tiles[0].note = sum(\.succeeded) > 0 ? "all scored" : nil
    } else {
      tiles.append(
        Tile(
          "not scored", NumberFormat.grouped(lost.reduce(0) { $0 + $1.1 }),
          note: kinds.joined(separator: ", ")))
    }
    if let flips {
      let all = flips.rightToWrong + flips.wrongToRight + flips.otherwise
      tiles.append(
        Tile(
          "flipped answers", NumberFormat.grouped(all),
          note: "✗ \(flips.rightToWrong) ✓ \(flips.wrongToRight)"))
    }
    return tiles
  }

  static func runTiles(_ runtime: ReportRuntime?) -> [Tile] {
    var tiles: [Tile] = []
    if let rate = runtime?.examplesPerSecond, rate.isFinite, rate > 0 {
      tiles.append(Tile("throughput", NumberFormat.significant(rate), note: "examples/s"))
    } else if let rate = runtime?.tokensPerSecond, rate.isFinite, rate > 0 {
      tiles.append(Tile("throughput", NumberFormat.significant(rate), note: "tokens/s"))
    }
    if let memory = runtime?.peakMemory {
      tiles.append(Tile("peak memory", NumberFormat.bytes(memory)))
    }
    if let seconds = runtime?.seconds {
      tiles.append(Tile("time", NumberFormat.duration(seconds: seconds)))
    }
    return tiles
  }

  static func results(
    _ lines: [ReportLine], _ comparison: ReportComparison?, isPlain: Bool = false
  ) -> ReportSection {
    var title = "Results"
    var lead: String?
    if let comparison {
      title = "Results against the baseline (run \(comparison.baseline.run))"
      var words: [String] = []
      if let chosen = comparison.baseline.chosen { words.append("baseline: \(chosen)") }
      if let model = comparison.baseline.model { words.append("its model: \(model)") }
      if let missing = comparison.onlyBaseline, missing > 0 {
        words.append("\(NumberFormat.grouped(missing)) examples are only in the baseline")
      }
      if let extra = comparison.onlyHere, extra > 0 {
        words.append("\(NumberFormat.grouped(extra)) only here")
      }
      if lines.contains(where: { $0.gate != nil }), lines.contains(where: { $0.gate == nil }) {
        words.append("framed outcomes are gates, plain ones are tests without a gate")
      }
      lead = words.isEmpty ? nil : words.joined(separator: "; ")
    }
    guard !lines.isEmpty else {
      return ReportSection(
        title, lead: lead, panels: [Panel([.paragraph("There is no result to show.")])])
    }
    return ReportSection(
      title, lead: lead, panels: [Panel([.table(resultsTable(lines, isPlain: isPlain))])])
  }

  /// Forest plot and the trend of the worst line.
  static func changes(_ lines: [ReportLine], _ runtime: ReportRuntime?) -> [ReportSection] {
    var panels: [Panel] = []
    let trends = trends(lines, runtime)
    if let forest = forest(lines) {
      panels.append(
        Panel(
          "Change against the baseline", subtitle: "mark: change; bar: 95 % interval",
          width: trends.shown > 1 ? .tall : .half, [.forest(forest)]))
    }
    panels += trends.panels.prefix(trends.shown)
    return panels.isEmpty ? [] : [ReportSection("What changed", panels: panels)]
  }

  /// The other trends.
  static func moreTrends(_ lines: [ReportLine], _ runtime: ReportRuntime?) -> [ReportSection] {
    let trends = trends(lines, runtime)
    let more = trends.panels.dropFirst(trends.shown).prefix(10)
    guard !more.isEmpty else { return [] }
    let left = trends.panels.count - trends.shown - more.count
    return [
      ReportSection(
        "Nights", lead: left > 0 ? "The trends of \(left) further metrics are left out." : nil,
        panels: Array(more))
    ]
  }

  /// All trends, worst line first, and how many of them stand beside the forest plot: two where it is
  /// so tall that one leaves a gap.
  private static func trends(_ lines: [ReportLine], _ runtime: ReportRuntime?)
    -> (panels: [Panel], shown: Int)
  {
    let now = runtime?.run.flatMap(night) ?? runtime?.started.map { String($0.prefix(10)) }
    let panels = ReportLine.sorted(lines).compactMap { line in
      trend(line, now: now).map { trendPanel(line, $0) }
    }
    let changes = lines.count { $0.scaledChange != nil }
    return (panels, min(panels.count, changes > 11 ? 2 : 1))
  }

  private static func trendPanel(_ line: ReportLine, _ chart: TrendChart) -> Panel {
    let many = chart.points.count
    return Panel(
      "\(line.name) over \(many) nights",
      subtitle: line.result.higherIsBetter ? "higher is better" : "lower is better", width: .half,
      [.trend(chart)])
  }

  static func gates(_ gates: [ReportGate], onlyProblems: Bool = false) -> [ReportSection] {
    let table = gatesTable(gates, onlyProblems: onlyProblems)
    guard !table.rows.isEmpty else { return [] }
    return [
      ReportSection(
        "Gates",
        lead: onlyProblems
          ? nil
          : "The last column is the smallest true change that the test finds in 4 of 5 nights.",
        panels: [Panel([.table(table)])])
    ]
  }

  static func flips(
    _ flips: ReportFlips?, limit: Int = 50, place: (String?) -> String?
  ) -> [ReportSection] {
    guard let flips, !flips.rows.isEmpty else { return [] }
    let order: [ReportFlip.Direction] = [.rightToWrong, .wrongToRight, .otherwise]
    let rows = order.flatMap { way in flips.rows.filter { $0.direction == way } }.prefix(limit)
    let list = FlipList(
      rows.map { row in
        let status: Status =
          row.direction == .rightToWrong ? .bad : row.direction == .wrongToRight ? .good : .neutral
        return FlipList.Flip(
          id: row.id, place: place(row.cell), text: short(row.text, 300),
          gold: short(row.gold ?? "", 500), before: short(row.before, 500),
          now: short(row.now, 500), status: status)
      })
    let all = flips.rightToWrong + flips.wrongToRight + flips.otherwise
    var words =
      "\(NumberFormat.grouped(flips.rightToWrong)) right to wrong, "
      + "\(NumberFormat.grouped(flips.wrongToRight)) wrong to right, "
      + "\(NumberFormat.grouped(flips.otherwise)) wrong both times; "
      + "\(rows.count) of \(NumberFormat.grouped(max(all, rows.count))) are shown, right to wrong first"
    if let file = flips.file { words += "; all of them are in \(file)" }
    return [
      ReportSection("Answers that flipped", lead: words + ".", panels: [Panel([.flips(list)])])
    ]
  }

  /// Which worker did what when.
  static func running(_ runtime: ReportRuntime?) -> [ReportSection] {
    guard let runtime, !runtime.shards.isEmpty || runtime.throughput.count > 1 else { return [] }
    let spans = merged(runtime.shards).map { shard in
      let status: Status =
        switch shard.status {
        case .done: .good
        case .retried: .warning
        case .failed: .bad
        }
      return Timeline.Span(
        name: shard.name, line: shard.worker, start: shard.start, end: shard.end, status: status)
    }
    let workers = Set(runtime.shards.map(\.worker)).count
    let again = runtime.shards.count { $0.status == .retried }
    let failed = runtime.shards.count { $0.status == .failed }
    let summary =
      "\(runtime.shards.count) shards on \(workers) workers, \(again) done again, \(failed) failed"
    return [
      ReportSection(
        "Run",
        panels: [
          Panel(
            "Shards and throughput", subtitle: summary,
            [
              .timeline(
                Timeline(
                  spans: spans, throughput: runtime.throughput, unit: "examples",
                  summary: summary + "."))
            ])
        ])
    ]
  }

  /// At most some hundred pieces: neighbours of one worker that went well become one.
  private static func merged(_ shards: [ReportRuntime.Shard]) -> [ReportRuntime.Shard] {
    guard shards.count > 240 else { return shards }
    let end = shards.map(\.end).max() ?? 0
    var merged: [ReportRuntime.Shard] = []
    var last: [Int: Int] = [:]
    for shard in shards.sorted(by: { ($0.worker, $0.start) < ($1.worker, $1.start) }) {
      if shard.status == .done, let index = last[shard.worker], merged[index].status == .done,
        shard.start - merged[index].end < end * 0.01, shard.end - merged[index].start < end * 0.05
      {
        merged[index].end = shard.end
        if !merged[index].name.hasSuffix(" …") { merged[index].name += " …" }
        continue
      }
      last[shard.worker] = merged.count
      merged.append(shard)
    }
    return merged
  }

  static func machine(_ runtime: ReportRuntime?) -> [Definition] {
    guard let runtime else { return [] }
    var facts: [Definition] = []
    if let host = runtime.host { facts.append(Definition("host", host, isCode: true)) }
    if let workers = runtime.workers { facts.append(Definition("workers", "\(workers)")) }
    if let started = runtime.started { facts.append(Definition("started", moment(started))) }
    return facts + definitions(runtime.facts, isCode: true)
  }
}
