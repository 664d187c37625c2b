internal import ArgumentParser
internal import DSXCore
internal import Metrics
internal import Reports

/// `dsx metrics`: what can be measured.
struct MetricsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "metrics",
    abstract: "List the metrics, or show everything about one.",
    discussion: """
      Examples:
        dsx metrics list
        dsx metrics show accuracy
      """,
    subcommands: [MetricsList.self, MetricsShow.self])

  /// How it is printed.
  enum Format: String, CaseIterable, ExpressibleByArgument { case text, json, markdown, csv }
}

/// `dsx metrics list`
struct MetricsList: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list",
    abstract: "List every metric: group, direction, unit, what it is.",
    discussion: """
      Example:
        dsx metrics list --group generation
      """)

  @Option(help: "Only this group, e.g. classification or generation.") var group: String?
  @Option(help: "How it is printed: text, json, markdown or csv.")
  var format = MetricsCommand.Format.text

  func run() throws {
    var entries = Builtins.entries
    if let group {
      guard let wanted = MetricGroup(rawValue: group) else {
        throw DSXError.unknown("group", group, known: MetricGroup.allCases.map(\.rawValue))
      }
      entries = entries.filter { $0.group == wanted }
    }
    if format == .markdown {
      let heads = MetricEntry.documentationHeads
      Output.line("| " + heads.joined(separator: " | ") + " |")
      Output.line("|" + String(repeating: " --- |", count: heads.count))
      for entry in entries { Output.line(entry.documentationRow) }
      return
    }
    guard let form = TableFormat(rawValue: format.rawValue) else {
      Output.line(JSONValue.array(entries.map(MetricsShow.json)).text(.indented))
      return
    }
    let table = Table(
      columns: [
        .words("metric"), .words("group"), .words(""), .words("unit"), .words("what it is"),
      ],
      rows: entries.map { entry in
        [
          Table.Cell(entry.name), Table.Cell(entry.group.rawValue),
          Table.Cell(entry.higherIsBetter ? "↑" : "↓"), Table.Cell(entry.unit),
          Table.Cell(entry.summary),
        ]
      })
    Output.write(Array(form.render(table).utf8))
  }
}

/// `dsx metrics show NAME`
struct MetricsShow: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show",
    abstract: "Show one metric: formula, inputs, settings, signature, source, edge cases.",
    discussion: """
      Example:
        dsx metrics show accuracy
      """)

  @Argument(help: "A metric's name; dsx metrics list shows them.") var name: String
  @Option(help: "How it is printed: text or json.") var format = Format.text

  enum Format: String, CaseIterable, ExpressibleByArgument { case text, json }

  func run() throws {
    let entry = try Builtins.registry().find(name)
    guard format == .text else {
      Output.line(Self.json(entry).text(.indented))
      return
    }
    Output.write(Array(try Self.text(entry).utf8))
  }

  static func text(_ entry: MetricEntry) throws(DSXError) -> String {
    var text = "\(entry.name): \(entry.summary)\n\n"
    func line(_ name: String, _ value: String) {
      text += name + String(repeating: " ", count: max(1, 12 - name.utf8.count)) + value + "\n"
    }
    line("group", entry.group.rawValue)
    line("formula", entry.formula)
    line("unit", entry.unit)
    line(
      "range",
      "\(MetricEntry.bound(entry.range.lowerBound)) to \(MetricEntry.bound(entry.range.upperBound)), "
        + (entry.higherIsBetter ? "higher" : "lower") + " is better")
    // A metric whose settings have no defaults has no signature without them.
    if let metric = try? entry.metric() { line("signature", metric.signature) }
    line("reference", entry.reference)
    text += "\ninputs (--column role=column)\n"
    let inputs = entry.inputs.map { input in
      (
        input.role + " (" + input.kind.rawValue + (input.isOptional ? ", optional" : "") + ")",
        input.summary
          + (input.names.count > 1
            ? "; also: " + input.names.dropFirst().joined(separator: ", ") : "")
      )
    }
    text += list(inputs)
    text += "\nsettings (--set \(entry.name).SETTING=VALUE)\n"
    let settings = entry.parameters.map { parameter in
      (
        parameter.name + " = " + (parameter.defaultValue.map(plain) ?? "none"),
        parameter.summary + " (" + parameter.kindName + ")"
      )
    }
    text += settings.isEmpty ? "  none\n" : list(settings)
    text += "\nforms of other libraries (--compat)\n"
    let forms = entry.compat.keys.sorted().map { name in
      let values = entry.compat[name] ?? [:]
      let words = values.keys.sorted().map { $0 + "=" + (values[$0].map(plain) ?? "") }
      return (name, words.isEmpty ? "the same as without" : words.joined(separator: ", "))
    }
    text += forms.isEmpty ? "  none\n" : list(forms)
    text += "\nedge cases\n" + entry.edgeCases.map { "  - \($0)\n" }.joined()
    return text
  }

  private static func list(_ rows: [(String, String)]) -> String {
    let width = rows.map(\.0.utf8.count).max() ?? 0
    return rows.map { name, value in
      "  " + name + String(repeating: " ", count: width - name.utf8.count + 2) + value + "\n"
    }.joined()
  }

  private static func plain(_ value: JSONValue) -> String {
    if let words = value.array {
      return words.isEmpty ? "(empty)" : words.map { $0.string ?? $0.text() }.joined(separator: ",")
    }
    return value.string.map { $0.isEmpty ? "(empty)" : $0 } ?? value.text()
  }

  static func json(_ entry: MetricEntry) -> JSONValue {
    .object([
      .init("metric", .string(entry.name)), .init("group", .string(entry.group.rawValue)),
      .init("summary", .string(entry.summary)), .init("formula", .string(entry.formula)),
      .init("unit", .string(entry.unit)),
      .init("range", [.double(entry.range.lowerBound), .double(entry.range.upperBound)]),
      .init("higher_is_better", .bool(entry.higherIsBetter)),
      .init("signature", (try? entry.metric()).map { .string($0.signature) } ?? .null),
      .init("reference", .string(entry.reference)),
      .init(
        "inputs",
        .array(
          entry.inputs.map { input in
            [
              "role": .string(input.role), "kind": .string(input.kind.rawValue),
              "optional": .bool(input.isOptional),
              "columns": .array(input.names.map { .string($0) }),
              "summary": .string(input.summary),
            ]
          })),
      .init(
        "settings",
        .array(
          entry.parameters.map { parameter in
            [
              "name": .string(parameter.name), "takes": .string(parameter.kindName),
              "default": parameter.defaultValue ?? .null, "summary": .string(parameter.summary),
            ]
          })),
      .init(
        "compat",
        .object(
          entry.compat.keys.sorted().map { name in
            let values = entry.compat[name] ?? [:]
            return .init(
              name, .object(values.keys.sorted().map { .init($0, values[$0] ?? .null) }))
          })),
      .init("edge_cases", .array(entry.edgeCases.map { .string($0) })),
    ])
  }
}
