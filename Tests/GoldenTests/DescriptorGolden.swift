import DSXCore
import Datasets
import Foundation

/// The calls of `datasets/descriptor/expected.json`: what real modelscope (and, for README configs, real
/// Hugging Face datasets) returned.
///
/// Where dsx differs on purpose: a subset of a README is read by the loader of its own files, where
/// datasets 5.2 takes the first subset's loader for all and finds no rows; what modelscope refuses with a
/// fault of its own is refused here too, in words of ours; archives are not unpacked, so that a file's
/// place is `zip://MEMBER::ARCHIVE`.
enum DescriptorGolden {
  @Sendable static func walk(_ run: GoldenRun) throws {
    for (number, entry) in (try run.json("descriptor/expected.json").array ?? []).enumerated() {
      guard let call = entry["call"], let result = entry["result"] else { continue }
      run.check("descriptor", "\(number) \(call.text())") { try difference(run, call, result) }
    }
  }

  private static func difference(_ run: GoldenRun, _ call: JSONValue, _ result: JSONValue) throws
    -> String?
  {
    let loaded: LoadedDataset
    do throws(DSXError) { loaded = try load(run, call) } catch {
      guard let text = result["error"]?.string else { return "threw \(error)" }
      return wrongError(error, text)
    }
    if let text = result["error"]?.string {
      if text.contains("corresponds to no data") { return noRows(loaded) }
      return "was accepted, but the reference says: \(text)"
    }
    if result["type"]?.string == "ExternalDataset" {
      return try flat(loaded, result["rows"]) ?? custom(loaded, result)
    }
    if result["num_rows"] != nil {
      guard case .one(let dataset) = loaded else { return "several splits came" }
      return try split(dataset, result)
    }
    guard case .splits(let datasets) = loaded else { return "one split came" }
    let names = (result.object ?? []).map(\.name)
    guard datasets.map(\.split) == names else { return "the splits are \(datasets.map(\.split))" }
    for dataset in datasets {
      guard let expected = result[dataset.split] else { continue }
      if let text = try split(dataset, expected) { return "\(dataset.split): \(text)" }
    }
    return nil
  }

  private static func load(_ run: GoldenRun, _ call: JSONValue) throws(DSXError) -> LoadedDataset {
    let text = { (name: String) in call[name]?.string }
    if let values = call["dataset_name"]?.array {
      return .one(MsDataset.load(values, target: text("target") ?? "target"))
    }
    func place(_ path: String) -> String {
      path.hasPrefix("desc/") ? run.path("descriptor/" + path.dropFirst(5)) : path
    }
    var name = place(text("dataset_name") ?? "")
    let folder = run.path("descriptor/" + (name.split(separator: "/").last.map(String.init) ?? ""))
    if !name.hasPrefix("/"), call["data_files"] == nil, call["data_dir"] == nil,
      FilePath.isFolder(folder)
    {
      name = folder
    }
    var files: DataFiles?
    switch call["data_files"] {
    case .string(let path)?: files = DataFiles([place(path)])
    case .array(let paths)?: files = DataFiles(paths.compactMap { $0.string.map(place) })
    case .object(let members)?:
      files = DataFiles(
        splits: members.map { member in
          let paths = member.value.array?.compactMap(\.string) ?? [member.value.string ?? ""]
          return (member.name, paths.map(place))
        })
    default: break
    }
    let known = [
      "dataset_name", "subset_name", "split", "version", "namespace", "target", "data_dir",
      "data_files", "use_streaming", "hub", "stream_batch_size",
    ]
    return try MsDataset.load(
      name, subset: text("subset_name"), split: text("split"), version: text("version"),
      namespace: text("namespace"), dataDir: text("data_dir").map(place), dataFiles: files,
      target: text("target"), streaming: call["use_streaming"]?.bool ?? false,
      arguments: (call.object ?? []).filter { !known.contains($0.name) }, homes: Homes.current())
  }

  /// An error that lists what exists lists the same here.
  private static func wrongError(_ error: DSXError, _ text: String) -> String? {
    guard let list = text.split(separator: "[").dropFirst().first?.split(separator: "]").first
    else { return nil }
    let names = list.split(separator: "'").enumerated().filter { $0.offset % 2 == 0 }
      .map { String($0.element) }
    guard text.contains("Available"), !(error.hint ?? "").contains(names.joined(separator: ", "))
    else { return nil }
    return "the error does not list \(names): \(error)"
  }

  private static func noRows(_ loaded: LoadedDataset) -> String? {
    for dataset in loaded.all {
      guard let batch = try? dataset.cursor().nextBatch(), batch.rows > 0 else {
        return "no rows of the subset's own files"
      }
    }
    return nil
  }

  private static func custom(_ loaded: LoadedDataset, _ result: JSONValue) -> String? {
    // A flat archive of tables is a data set with rows here.
    guard case .custom(let custom) = loaded else {
      return result["rows"]?.isNull ?? true ? "this is no custom data set" : nil
    }
    guard custom.splits.count == result["len"]?.int else { return "\(custom.splits.count) splits" }
    // Paths differ: the archive itself here, a folder that it was unpacked to there.
    func names(_ value: JSONValue?) -> [String] { (value?.object ?? []).map(\.name) }
    let ours = custom.configuration
    guard names(ours) == names(result["config_kwargs"]),
      names(ours["split_config"]) == names(result["split_path"])
    else { return "config_kwargs are \(ours.text())" }
    for member in result["config_kwargs"]?.object ?? [] where member.name != "split_config" {
      guard ours[member.name] == member.value else { return "\(member.name) differs" }
    }
    for split in custom.splits {
      guard let files = try? custom.members(of: split.split), !files.isEmpty else {
        return "no files in \(split.split)"
      }
    }
    return nil
  }

  /// The rows of a custom data set whose archives hold tables only: a list, or one for each split.
  private static func flat(_ loaded: LoadedDataset, _ rows: JSONValue?) throws -> String? {
    guard let rows, !rows.isNull else { return nil }
    for dataset in loaded.all {
      guard let expected = rows.array ?? rows[dataset.split]?.array else { continue }
      var cursor = try dataset.rows()
      var found: [JSONValue] = []
      while let batch = try cursor.next() { found += values(batch) }
      guard found == expected else { return "the rows of \(dataset.split) are \(found)" }
    }
    return nil
  }

  private static func split(_ dataset: MsDataset, _ expected: JSONValue) throws -> String? {
    var whole = dataset
    if dataset.target != nil {
      whole = MsDataset(
        name: dataset.name, subset: dataset.subset, split: dataset.split, folder: dataset.folder,
        content: dataset.content, args: dataset.args, fileRoot: dataset.fileRoot,
        options: dataset.options)
    }
    let features = (expected["features"]?.object ?? []).map { "\($0.name): \(type($0.value))" }
    var cursor = try whole.rows()
    let ours = cursor.schema.fields.map { "\($0.name): \(type($0))" }
    guard ours == features else { return "features are \(ours)" }
    var rows: [JSONValue] = []
    while let batch = try cursor.next() { rows += values(batch) }
    guard rows.count == expected["num_rows"]?.int else { return "\(rows.count) rows" }
    for (row, wanted) in zip(rows, expected["rows"]?.array ?? []) {
      for member in wanted.object ?? [] where !same(row[member.name], member.value) {
        return "\(member.name) is \(row[member.name]?.text() ?? "missing")"
      }
    }
    guard let iterated = expected["iterated"]?.array else { return nil }
    var column: [JSONValue] = []
    var narrow = try dataset.rows()
    while let batch = try narrow.next() {
      column += values(batch).compactMap { $0.object?.first?.value }
    }
    return column == iterated ? nil : "iteration gives \(column)"
  }

  private static func values(_ batch: Batch) -> [JSONValue] {
    (0..<batch.rows).map { row in
      .object(
        batch.columns.indices.map { column in
          let field = batch.schema.fields[column]
          let value = CellValue(batch, column: column, row: row)
          return .init(
            field.name, field.feature == .image ? picture(batch.columns[column], row) : value.json)
        })
    }
  }

  /// Kind and size, from a PNG's first chunk.
  private static func picture(_ column: Column, _ row: Int) -> JSONValue {
    guard case .bytes(let bytes) = column.elements, let offsets = column.offsets,
      offsets[row + 1] - offsets[row] > 24, bytes[offsets[row]] == 0x89
    else { return "no PNG" }
    func number(_ at: Int) -> Int {
      bytes[(offsets[row] + at)..<(offsets[row] + at + 4)].reduce(0) { $0 << 8 | Int($1) }
    }
    return .string("<PngImageFile (\(number(16)), \(number(20)))>")
  }

  private static func same(_ ours: JSONValue?, _ theirs: JSONValue) -> Bool {
    guard let text = theirs.string, let mark = text.range(of: "<HASH>/") else {
      return ours == theirs
    }
    guard let ours = ours?.string else { return false }
    guard case .member(_, let name) = DataFile(location: ours) else { return false }
    return name == text[mark.upperBound...]
  }

  /// A type as both write it, in short.
  private static func type(_ theirs: JSONValue) -> String {
    let text = theirs.string ?? ""
    if text.hasPrefix("Image(") { return "image" }
    if text.hasPrefix("ClassLabel("), let end = text.range(of: ", id=") {
      return String(text[..<end.lowerBound])
    }
    let quoted = text.split(separator: "'")
    let name = quoted.count > 1 ? String(quoted[1]) : text
    return name == "large_string" ? "string" : name
  }

  private static func type(_ field: Field) -> String {
    switch field.feature {
    case .image: return "image"
    case .classLabel(let names):
      return "ClassLabel(names=[" + names.map { "'\($0)'" }.joined(separator: ", ") + "]"
    case .bool: return "bool"
    default: return field.type.rawValue
    }
  }
}

extension Cursor {
  fileprivate func nextBatch() throws -> Batch? {
    var copy = self
    return try copy.next()
  }
}
