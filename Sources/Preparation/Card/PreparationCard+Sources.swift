internal import DSXCore
internal import Reports

extension PreparationCard {
  /// Inputs that the page lists; the JSON lists more.
  private static let pageFiles = 50

  /// What each input gave.
  var filePanel: Panel {
    let inputs = facts.inputs
    let shown = min(inputs.count, Self.pageFiles)
    var rows: [[Table.Cell]] = []
    for index in 0..<shown {
      rows.append(
        row(
          Table.Cell(inputs[index].name),
          statistics.files[index] ?? CardStatistics.FileCounts()))
    }
    if inputs.count > shown {
      var rest = statistics.otherFiles
      for (index, counts) in statistics.files where index >= shown { rest.merge(counts) }
      let words = "\(NumberFormat.grouped(inputs.count - shown)) more files"
      rows.append(row(Table.Cell(words, style: .muted), rest))
    }
    var columns: [Table.Column] = [
      .words("file"), .numbers("documents"), .numbers("text"), .numbers("tokens"),
      .numbers("tokens a document"),
    ]
    if facts.quality.isActive { columns.append(.numbers("dropped")) }
    return Panel([.table(Table(columns: columns, rows: rows, caption: "what each file gave"))])
  }

  private func row(
    _ name: Table.Cell, _ counts: CardStatistics.FileCounts
  ) -> [Table.Cell] {
    [
      name, .count(counts.documents), Table.Cell(NumberFormat.bytes(counts.bytes)),
      .count(counts.tokens),
      Table.Cell(
        counts.documents > 0
          ? NumberFormat.significant(Self.share(counts.tokens, counts.documents), 3)
          : NumberFormat.missing),
      .count(counts.dropped),
    ]
  }

  /// Hashes, options and counts: what is needed to make it again.
  var sourcePanel: Panel {
    var definitions = [
      Definition("plan", facts.plan, isCode: true),
      Definition("inputs", inputsDigest, isCode: true),
    ]
    for member in facts.vocabulary.object ?? [] {
      definitions.append(
        Definition(Self.term(member.name), Self.text(member.value), isCode: true))
    }
    definitions.append(
      Definition("options", SHA256.hex(facts.options.text()), isCode: true))
    for member in facts.counts.object ?? [] where member.value.int != nil {
      definitions.append(
        Definition(
          member.name.split(separator: "_").joined(separator: " "),
          NumberFormat.grouped(member.value.int ?? 0)))
    }
    return Panel([.definitions(definitions), .code(facts.options.text(.indented))])
  }

  /// `vocabulary sha256` for `vocabulary_sha256`, `vocabulary kind` for `kind`.
  private static func term(_ name: String) -> String {
    let words = name.utf8.split(separator: UInt8(ascii: "_")).map {
      String(decoding: $0, as: UTF8.self)
    }
    return ((words.first == "vocabulary" ? [] : ["vocabulary"]) + words).joined(separator: " ")
  }

  private static func text(_ value: JSONValue) -> String {
    if let texts = value.array?.compactMap(\.string), !texts.isEmpty {
      return texts.joined(separator: ", ")
    }
    return value.string ?? value.text(.spaced)
  }
}
