internal import DSXCore

/// The examples whose answers changed, with the words of both answers.
enum FlipFinder {
  /// The longest text of an example in a report, in code points.
  static let longest = 300

  /// The flips of all cells: right to wrong first. Writes all of them to `flips.jsonl`; nil without any
  /// cell whose answers are right or wrong.
  static func flips(_ compared: [NightReportMaker.Compared], into folder: String)
    throws(DSXError) -> ReportFlips?
  {
    var (lost, won, other): ([ReportFlip], [ReportFlip], [ReportFlip]) = ([], [], [])
    var isJudged = false
    for one in compared {
      guard let comparison = one.comparison, let now = one.cell.folder else { continue }
      guard let key = comparison.metrics.map(\.key).first(where: { comparison.flips($0) != nil }),
        let changes = comparison.flips(key)
      else { continue }
      isJudged = true
      let found = try flips(
        one.cell.cell.key, comparison, key, changes, now: now, before: one.baseline)
      lost += found.filter { $0.direction == .rightToWrong }
      won += found.filter { $0.direction == .wrongToRight }
      other += found.filter { $0.direction == .otherwise }
    }
    guard isJudged else { return nil }
    let all = lost + won + other
    let path = FilePath.join(folder, "flips.jsonl")
    if all.isEmpty {
      try FilePath.removeTree(path)
    } else {
      var bytes: [UInt8] = []
      for flip in all {
        flip.json.write(into: &bytes)
        bytes.append(0x0a)
      }
      try AtomicFolder.write(bytes, to: path)
    }
    return ReportFlips(
      rightToWrong: lost.count, wrongToRight: won.count, otherwise: other.count,
      rows: Array(all.prefix(NightReportMaker.shownFlips)),
      file: all.isEmpty ? nil : "flips.jsonl")
  }

  private static func flips(
    _ cell: String, _ comparison: CellComparison, _ key: String,
    _ changes: (lost: [CellComparison.Change], won: [CellComparison.Change]),
    now: CellFolder, before: BaselineSource.Cell?
  ) throws(DSXError) -> [ReportFlip] {
    var wanted: [String: (direction: ReportFlip.Direction, change: CellComparison.Change)] = [:]
    for change in changes.lost { wanted[change.id] = (.rightToWrong, change) }
    for change in changes.won { wanted[change.id] = (.wrongToRight, change) }
    // Wrong before and now, but with another answer.
    if let shared = comparison.metric(key), let earlier = before?.examples {
      let later = try now.examples()
      for (row, id) in comparison.ids.enumerated() where wanted[id] == nil {
        let key = CellExamples.key(id)
        guard let a = earlier.hashes[key]?.prediction, let b = later.hashes[key]?.prediction,
          a != b,
          let x = shared.before[row], let y = shared.now[row]
        else { continue }
        let change = CellComparison.Change(id: id, before: x, now: y)
        wanted[id] = (.otherwise, change)
      }
    }
    guard !wanted.isEmpty else { return [] }
    let keys = Set(wanted.keys.map(CellExamples.key))
    var words: [String: (text: String, gold: String?, answer: String)] = [:]
    try now.predictions { (line) throws(DSXError) in
      guard let id = line["id"].map({ CellExamples.key($0.text()) }), keys.contains(id) else {
        return
      }
      words[id] = (input(line), gold(line), line["prediction"].map(plain) ?? "")
    }
    var earlier: [String: String] = [:]
    try before?.folder?.predictions { (line) throws(DSXError) in
      guard let id = line["id"].map({ CellExamples.key($0.text()) }), keys.contains(id) else {
        return
      }
      earlier[id] = line["prediction"].map(plain) ?? ""
    }
    return comparison.ids.compactMap { id in
      guard let (direction, change) = wanted[id] else { return nil }
      let key = CellExamples.key(id)
      let own = words[key]
      return ReportFlip(
        cell: cell, id: CellComparison.plain(id), direction: direction, text: own?.text ?? "",
        gold: own?.gold,
        before: earlier[key] ?? "", now: own?.answer ?? "", scoreBefore: change.before,
        scoreNow: change.now)
    }
  }

  /// What the model was asked, as far as the line says.
  private static func input(_ line: JSONValue) -> String {
    for name in ["text", "sentence", "question", "input", "prompt", "sentence1", "source"] {
      if let text = line[name]?.string { return cut(text) }
    }
    return ""
  }

  /// The right answer; of several the first.
  private static func gold(_ line: JSONValue) -> String? {
    guard let gold = line["gold"], !gold.isNull else { return nil }
    guard let several = gold.array else { return plain(gold) }
    return several.first.map(plain)
  }

  private static func plain(_ value: JSONValue) -> String { cut(value.string ?? value.text()) }

  private static func cut(_ text: String) -> String {
    let scalars = text.unicodeScalars
    guard scalars.count > longest else { return text }
    return String(String.UnicodeScalarView(scalars.prefix(longest))) + "…"
  }
}
