internal import DSXCore
internal import Preparation

/// What `dsx prepare` says at its end.
struct PrepareSummary {
  /// How the preparation ended.
  var outcome: Preparation.Outcome
  /// What was asked for.
  var options: PreparationOptions
  /// Wall-clock seconds, loading included.
  var seconds: Double

  private var counts: PreparationCounts { outcome.counts }
  private var rate: Double { seconds > 0 ? Double(counts.inputBytes) / 1e6 / seconds : 0 }

  /// An aligned block for people.
  var text: String {
    var rows: [(String, String)] = [
      (
        "files",
        grouped(counts.files) + " (" + ProgressLine.decimal(Double(counts.inputBytes) / 1e6, 2)
          + " MB)"
      ),
      ("documents", grouped(counts.documents)),
    ]
    if counts.skippedDocuments > 0 {
      rows.append(("skipped documents", grouped(counts.skippedDocuments) + " (not UTF-8)"))
    }
    if counts.filteredDocuments > 0 {
      rows.append(("left out by the task", grouped(counts.filteredDocuments)))
    }
    if counts.skippedMembers > 0 {
      rows.append(
        ("skipped members", grouped(counts.skippedMembers) + " (of archives: hidden, or no text)"))
    }
    if counts.skippedRows > 0 {
      rows.append(("skipped rows", grouped(counts.skippedRows) + " (without their text)"))
    }
    if counts.droppedDocuments > 0 {
      rows.append(("dropped documents", grouped(counts.droppedDocuments)))
      for (rule, count) in counts.dropped.sorted(by: { $0.key.rawValue < $1.key.rawValue }) {
        rows.append(("  " + rule.name, grouped(count)))
      }
    }
    rows.append(("tokens", grouped(counts.tokens)))
    if let unknown = counts.unknownRate {
      rows.append(("unknown tokens", ProgressLine.decimal(unknown * 100, 3) + " %"))
    }
    rows.append(("rows", grouped(counts.rows)))
    if options.validationRatio > 0 {
      rows.append(
        (
          "of them validation",
          "\(grouped(counts.validationRows)) (\(grouped(counts.validationDocuments)) documents)"
        ))
    }
    rows.append(("dropped tokens", grouped(counts.droppedTokens)))
    if counts.paddingTokens > 0 {
      let fill = counts.fillRate.map { ", rows are \(ProgressLine.decimal($0 * 100, 2)) % full" }
      rows.append(("padding", grouped(counts.paddingTokens) + (fill ?? "")))
    }
    if !outcome.finishedAlready {
      rows.append(
        (
          "time",
          ProgressLine.decimal(seconds, 2) + " s, " + ProgressLine.decimal(rate, 2) + " MB/s"
        ))
    }
    rows.append(
      (
        "output",
        outcome.files[0] + (outcome.files.count > 1 ? " and \(outcome.files.count - 1) more" : "")
      ))
    if let files = options.filePartition, counts.rows - counts.validationRows < files {
      let empty = files - (counts.rows - counts.validationRows)
      rows.append(("note", "\(grouped(empty)) of the \(grouped(files)) record files have no rows"))
    }
    if let reason = outcome.droppedPlan {
      rows.append(("note", "a plan was dropped, " + reason))
    }
    if options.validationRatio > 0, counts.validationRows == 0 {
      rows.append(("note", "the validation set has no rows"))
    }
    let width = rows.map(\.0.utf8.count).max() ?? 0
    let head =
      outcome.finishedAlready
      ? "dsx: finished already: the output was made from these inputs and options" : "dsx: prepared"
    let lines = rows.map { name, value in
      "  " + name + String(repeating: " ", count: width - name.utf8.count + 2) + value
    }
    return ([head] + lines).joined(separator: "\n")
  }

  /// The same for programs: the counts, then what depends on this run alone.
  var json: JSONValue {
    var members = counts.json.object ?? []
    members.append(.init("unknown_rate", counts.unknownRate.map { .double($0) } ?? .null))
    members.append(.init("fill_rate", counts.fillRate.map { .double(round($0, 1e6)) } ?? .null))
    members.append(.init("finished_already", .bool(outcome.finishedAlready)))
    if let reason = outcome.droppedPlan { members.append(.init("dropped_plan", .string(reason))) }
    members.append(.init("outputs", .array(outcome.files.map { .string($0) })))
    members.append(.init("seconds", .double(round(seconds, 1e3))))
    let speed: JSONValue = outcome.finishedAlready ? .null : .double(round(rate, 1e3))
    members.append(.init("mb_per_second", speed))
    return .object(members)
  }

  private func round(_ value: Double, _ scale: Double) -> Double {
    (value * scale).rounded() / scale
  }

  /// `1,234,567`
  private func grouped(_ value: Int) -> String {
    var digits = Array(String(value).utf8)
    var index = digits.count - 3
    while index > 0 {
      digits.insert(UInt8(ascii: ","), at: index)
      index -= 3
    }
    return String(decoding: digits, as: UTF8.self)
  }
}
