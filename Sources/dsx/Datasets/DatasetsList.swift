internal import ArgumentParser
internal import DSXCore
internal import Datasets
internal import Reports

/// `dsx datasets list`
struct DatasetsList: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list",
    abstract: "List the data sets of the catalog and of ModelScope's cache.",
    discussion: """
      'data' says whether the files are in place: yes, some or no. 'dsx datasets show NAME' \
      says what to get and where to put it.

      Examples:
        dsx datasets list
        dsx datasets list --format json
      """)

  @Option(help: "How it is printed: text or json.") var format: DatasetsFormat = .text

  func run() throws {
    let catalog = DatasetCatalog(homes: Homes.current())
    var rows: [DatasetOverview] = []
    for name in catalog.names() + catalog.cachedNames() {
      rows.append(DatasetOverview(name, catalog))
    }
    let aliases = catalog.aliases().filter { alias in !rows.contains { $0.name == alias.key } }
    let sorted = aliases.sorted { $0.key < $1.key }
    if format == .json {
      let list = sorted.map { alias -> JSONValue in
        [
          "name": .string(alias.key), "dataset": .string(alias.value.name),
          "subset": .string(alias.value.subset),
        ]
      }
      let json: JSONValue = ["datasets": .array(rows.map(\.json)), "aliases": .array(list)]
      Output.line(json.text(.indented))
      return
    }
    let table = Reports.Table(
      columns: [
        .words("name"), .words("subsets"), .words("splits"), .words("data"), .words("versions"),
        .words("title"),
      ],
      rows: rows.map { $0.cells })
    Output.write(Array(TableFormat.text.render(table).utf8))
    guard !sorted.isEmpty else { return }
    let words = sorted.map { "\($0.key) (\($0.value.name), subset \($0.value.subset))" }
    Output.line("\naliases: " + words.joined(separator: ", "))
  }
}

/// What is known of an entry without reading its rows.
struct DatasetOverview {
  let name: String
  private let entry: CatalogEntry?
  private let fault: DSXError?

  init(_ name: String, _ catalog: DatasetCatalog) {
    self.name = name
    do throws(DSXError) {
      entry = try catalog.entry(DatasetReference(name))
      fault = nil
    } catch {
      entry = nil
      fault = error
    }
  }

  /// `yes`, `some` or `no`: how many splits have their data.
  static func state(_ entry: CatalogEntry) -> String {
    var (there, all) = (0, 0)
    for subset in entry.layout.subsets {
      for split in subset.splits {
        all += 1
        if (try? entry.splits(of: subset.name, only: split.name)) != nil { there += 1 }
      }
    }
    return there == 0 ? "no" : there == all ? "yes" : "some"
  }

  private var splits: [String] {
    var names: [String] = []
    for subset in entry?.layout.subsets ?? [] {
      for split in subset.splits where !names.contains(split.name) { names.append(split.name) }
    }
    return names
  }

  var cells: [Reports.Table.Cell] {
    guard let entry else {
      return [.init(name), "", "", "", "", .init("error: \(fault?.message ?? "")")]
    }
    let subsets = entry.layout.subsets.map(\.name)
    return [
      .init(name),
      .init(subsets.count > 4 ? "\(subsets.count) subsets" : subsets.joined(separator: ", ")),
      .init(splits.joined(separator: ", ")), .init(Self.state(entry)),
      .init(entry.versions.joined(separator: ", ")),
      .init(Self.shortened(entry.card().title)),
    ]
  }

  var json: JSONValue {
    guard let entry else {
      return [
        "name": .string(name), "error": .string(fault?.message ?? ""),
      ]
    }
    let card = entry.card()
    return [
      "name": .string(name), "namespace": .string(entry.namespace),
      "origin": .string(entry.origin.rawValue), "form": .string(entry.layout.form.rawValue),
      "folder": .string(entry.folder),
      "versions": .array(entry.versions.map { .string($0) }),
      "subsets": .array(entry.layout.subsets.map { .string($0.name) }),
      "splits": .array(splits.map { .string($0) }), "data": .string(Self.state(entry)),
      "title": .string(card.title), "licence": .string(card.licence),
    ]
  }

  private static func shortened(_ title: String) -> String {
    title.count > 60 ? String(title.prefix(59)) + "…" : title
  }
}
