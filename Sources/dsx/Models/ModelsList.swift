internal import ArgumentParser
internal import DSXCore
internal import Models
internal import Reports

/// `dsx models list`
struct ModelsList: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list",
    abstract: "List the models that are at hand, or with --types what kinds can be opened.",
    discussion: """
      Looked for in models/ of the current folder, the user's data folder, and the folder that \
      dsx was installed to; DSX_HOME goes first.

      Examples:
        dsx models list
        dsx models list --types --format json
      """)

  @Flag(help: "The model types that can be opened for each task, instead of models.")
  var types = false
  @Option(help: "Output format: text or json.") var format: ModelsFormat = .text

  func run() throws {
    if types { return try showTypes() }
    let homes = Homes.current()
    var models: [ModelInspection] = []
    for name in homes.names("models") {
      guard let folder = homes.find("models", name) else { continue }
      for path in ModelFolder.models(in: folder) {
        if let model = try? ModelFolder.inspect(path) { models.append(model) }
      }
    }
    if format == .json {
      let values = models.map { model -> JSONValue in
        .object([
          .init("name", .string(model.name)), .init("path", .string(model.path)),
          .init("type", .string(model.type)),
          .init("task", (model.task ?? model.group?.rawValue).map { .string($0) } ?? .null),
          .init("parameters", model.parameters.map { .int(Int64($0)) } ?? .null),
          .init("sound", .bool(model.isSound)),
        ])
      }
      return Output.line(JSONValue.array(values).text(.indented))
    }
    guard !models.isEmpty else {
      throw DSXError(
        .nothingToDo, "no model is at hand",
        hint: "put a model folder into models/, or set DSX_HOME")
    }
    let rows = models.map { model in
      [
        Table.Cell(model.path), Table.Cell(model.type),
        Table.Cell(model.task ?? model.group?.rawValue ?? "-"),
        Table.Cell(model.parameters.map { ModelsText.grouped($0) } ?? "-"),
        Table.Cell(model.isSound ? "" : "see dsx models check"),
      ]
    }
    let table = Table(
      columns: [
        .words("model"), .words("type"), .words("task"), .numbers("parameters"), .words("note"),
      ], rows: rows)
    Output.write(Array(TableFormat.text.render(table).utf8))
  }

  private func showTypes() throws {
    let types = try ModelFolder.types()
    if format == .json {
      let members = types.map { entry in
        JSONValue.Member(
          entry.group.rawValue,
          .object([
            .init("tasks", .array(entry.group.tasks.map { .string($0) })),
            .init("types", .array(entry.types.map { .string($0) })),
          ]))
      }
      return Output.line(JSONValue.object(members).text(.indented))
    }
    for entry in types {
      Output.line("\(entry.group.rawValue): " + entry.types.joined(separator: ", "))
    }
  }
}
