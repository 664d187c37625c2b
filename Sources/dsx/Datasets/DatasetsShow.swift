internal import ArgumentParser
internal import DSXCore
internal import Datasets
internal import Reports

/// `dsx datasets show NAME`
struct DatasetsShow: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show",
    abstract: "Show subsets, splits, columns, versions, licence, and where the files lie.",
    discussion: """
      Splits of less than 64 MB are read, so that rows and types are known; --count reads \
      the larger ones too. For data that is not in place it says what to get; of data that \
      cannot be read it shows the rest, and the exit code is that of the first fault.

      Examples:
        dsx datasets show ddtp_zh
        dsx datasets show digits --format json
        dsx datasets show ./my_folder --count
      """)

  @OptionGroup var choice: DatasetChoice
  @OptionGroup var table: DatasetTableOptions
  @Flag(help: "Read large splits too.") var count = false
  @Option(help: "How it is printed: text or json.") var format: DatasetsFormat = .text

  private static let largest = 64 << 20

  func run() throws {
    let homes = Homes.current()
    let found = try MsDataset.find(
      choice.name, split: choice.split, version: choice.version, namespace: choice.namespace,
      homes: homes)
    var parts: [Part] = []
    let wanted = choice.subset ?? found.subset
    for subset in found.entry.layout.subsets where wanted == nil || subset.name == wanted {
      for split in subset.splits where choice.split == nil || split.name == choice.split {
        parts.append(try part(found.entry, subset, split, homes))
      }
    }
    if parts.isEmpty {
      // Says which subset or split is not there.
      _ = try found.entry.splits(of: wanted, only: choice.split, takesDefault: true)
    }
    let sum = try found.entry.fingerprint(homes: homes)
    if format == .json {
      Output.line(json(found.entry, parts, sum).text(.indented))
    } else {
      show(found.entry, parts, sum)
    }
    // What can be read was shown; the first fault decides how the command ends.
    if let fault = parts.lazy.compactMap(\.fault).first { throw fault }
  }

  /// One split as far as it is known.
  private struct Part {
    var subset: String
    var split: String
    var rows: Int?
    var fields: [Field] = []
    var files: [String] = []
    var bytes = 0
    var args: [JSONValue.Member] = []
    var missing: DSXError?
    var fault: DSXError?
    var isCustom = false
  }

  private func part(
    _ entry: CatalogEntry, _ subset: DatasetLayout.Subset, _ split: DatasetLayout.Split,
    _ homes: Homes
  ) throws -> Part {
    var part = Part(subset: subset.name, split: split.name, args: split.args)
    let dataset: MsDataset
    do throws(DSXError) {
      dataset = try entry.splits(of: subset.name, only: split.name)[0]
    } catch {
      part.missing = error
      return part
    }
    var files: [String] = []
    for file in dataset.files {
      let path =
        switch file {
        case .path(let path): path
        case .member(let archive, _): archive
        }
      if files.last != path { files.append(path) }
    }
    if let root = dataset.fileRoot { files.append(root) }
    part.files = files.count > 3 ? [files[0], "and \(files.count - 1) more"] : files
    part.bytes = files.reduce(0) { $0 + (FilePath.size($1) ?? 0) }
    if case .custom = dataset.content {
      part.isCustom = true
      return part
    }
    do throws(DSXError) {
      part.rows = try dataset.rowCount()
      let isSmall = part.bytes <= Self.largest
      guard isSmall || count else { return part }
      var options = dataset.options
      do { options = try table.options(for: dataset) ?? options } catch {
        throw (error as? DSXError) ?? DSXError(.usage, "\(error)")
      }
      options.namesOptions = false
      var cursor = try dataset.rows(options)
      part.fields = cursor.schema.fields
      if part.rows == nil {
        var rows = 0
        while let batch = try cursor.next() { rows += batch.rows }
        part.rows = rows
      }
    } catch { part.fault = error }
    return part
  }

  private func show(_ entry: CatalogEntry, _ parts: [Part], _ sum: String?) {
    let card = entry.card()
    var lines = ["\(entry.name)" + (card.title.isEmpty ? "" : ": " + Self.rest(card.title))]
    lines.append("folder       \(entry.folder)")
    lines.append("form         \(entry.layout.form.rawValue) (\(entry.layout.path))")
    lines.append("version      \(entry.version) of \(entry.versions.joined(separator: ", "))")
    lines.append("namespace    \(entry.namespace)")
    lines.append("fingerprint  \(sum ?? "none: no data is in place")")
    if !card.licence.isEmpty { lines.append("licence      \(card.licence)") }
    Output.line(lines.joined(separator: "\n") + "\n")
    let table = Reports.Table(
      columns: [
        .words("subset"), .words("split"), .numbers("rows"), .numbers("bytes"), .words("files"),
      ],
      rows: parts.map { part in
        let place: String
        if part.missing != nil {
          place = "not in place"
        } else if let fault = part.fault {
          place = "error: " + fault.message
        } else {
          place = part.files.joined(separator: ", ") + (part.isCustom ? " (custom)" : "")
        }
        return [
          .init(part.subset), .init(part.split), .init(part.rows.map(String.init) ?? "-"),
          .init(part.missing == nil ? String(part.bytes) : "-"), .init(place),
        ]
      })
    Output.write(Array(TableFormat.text.render(table).utf8))
    var shown: [(fields: [Field], places: [String])] = []
    for part in parts where !part.fields.isEmpty {
      let name = part.subset + "/" + part.split
      if let place = shown.firstIndex(where: { $0.fields == part.fields }) {
        shown[place].places.append(name)
      } else {
        shown.append((part.fields, [name]))
      }
    }
    for (fields, places) in shown {
      Output.line("\ncolumns of " + places.joined(separator: ", "))
      for field in fields { Output.line("  \(field.name): \(field.displayType)") }
    }
    var told: Set<String> = []
    for part in parts {
      guard let error = part.missing else { continue }
      let text = error.message + (error.hint.map { ": " + $0 } ?? "")
      let advice = error.hint ?? text
      guard told.insert(advice).inserted else { continue }
      Output.line("\n\(part.subset)/\(part.split): \(text)")
    }
  }

  private func json(_ entry: CatalogEntry, _ parts: [Part], _ sum: String?) -> JSONValue {
    let card = entry.card()
    let splits = parts.map { part -> JSONValue in
      var members: [JSONValue.Member] = [
        .init("subset", .string(part.subset)), .init("split", .string(part.split)),
        .init("rows", part.rows.map { .int(Int64($0)) } ?? .null),
        .init("bytes", .int(Int64(part.bytes))),
        .init("files", .array(part.files.map { .string($0) })),
        .init(
          "columns",
          .array(
            part.fields.map { field in
              var members: [JSONValue.Member] = [
                .init("name", .string(field.name)), .init("type", .string(field.type.rawValue)),
                .init("shown_as", .string(field.displayType)),
                .init("nullable", .bool(field.isNullable)),
              ]
              if case .classLabel(let names) = field.feature {
                members.append(.init("classes", .array(names.map { .string($0) })))
              }
              return .object(members)
            })), .init("args", .object(part.args)), .init("custom", .bool(part.isCustom)),
      ]
      if let error = part.missing {
        members.append(.init("missing", .string(error.message)))
        members.append(.init("advice", error.hint.map { .string($0) } ?? .null))
      }
      if let error = part.fault { members.append(.init("error", .string(error.description))) }
      return .object(members)
    }
    return [
      "name": .string(entry.name), "namespace": .string(entry.namespace),
      "version": .string(entry.version),
      "versions": .array(entry.versions.map { .string($0) }),
      "origin": .string(entry.origin.rawValue), "form": .string(entry.layout.form.rawValue),
      "descriptor": .string(entry.layout.path), "folder": .string(entry.folder),
      "fingerprint": sum.map { .string($0) } ?? .null, "title": .string(card.title),
      "licence": .string(card.licence), "splits": .array(splits),
    ]
  }

  /// The title without the name that it begins with.
  private static func rest(_ title: String) -> String {
    guard let colon = title.firstIndex(of: ":") else { return title }
    let rest = title[title.index(after: colon)...].drop { $0 == " " }
    return rest.isEmpty ? title : String(rest)
  }
}
