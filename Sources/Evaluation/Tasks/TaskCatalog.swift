internal import DSXCore
internal import Datasets

/// Where tasks lie: `datasets/<name>/task.yaml`, `datasets/<name>/task-<subset>.yaml` where subsets are
/// different tasks, and `datasets/_tasks/<name>.yaml` for tasks without a data set of their own.
enum TaskCatalog {
  private static let shared = "_tasks"

  /// The path of a task by its name, or of a file.
  static func path(_ name: String, _ homes: Homes) throws(DSXError) -> String {
    if name.hasSuffix(".yaml") || name.hasSuffix(".yml") { return name }
    if !name.utf8.contains(UInt8(ascii: "/")) {
      if let path = homes.find("datasets", name + "/task.yaml") { return path }
      if let path = homes.find("datasets", "\(shared)/\(name).yaml") { return path }
      for folder in homes.names("datasets") {
        if let path = homes.find("datasets", "\(folder)/task-\(name).yaml") { return path }
      }
    }
    if FilePath.isFolder(name) { return FilePath.join(name, "task.yaml") }
    throw DSXError.unknown("task", name, known: names(homes))
  }

  /// The names of all tasks, sorted by bytes.
  static func names(_ homes: Homes) -> [String] {
    var found: Set<String> = []
    for root in homes.folders.map({ FilePath.join($0, "datasets") }) {
      for folder in (try? FilePath.list(root)) ?? [] {
        let path = FilePath.join(root, folder)
        guard FilePath.isFolder(path), !folder.hasPrefix("_template") else { continue }
        for file in (try? FilePath.list(path)) ?? [] where file.hasSuffix(".yaml") {
          let name = String(file.dropLast(5))
          if folder == shared {
            found.insert(name)
          } else if name == "task" {
            found.insert(folder)
          } else if name.hasPrefix("task-") {
            found.insert(String(name.dropFirst(5)))
          }
        }
      }
    }
    return found.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
  }

  /// The task of a data set: that of its subset, else its own.
  static func own(_ dataset: MsDataset, _ homes: Homes, fallback: String? = nil) throws(DSXError)
    -> String
  {
    let subset = FilePath.join(dataset.folder, "task-\(dataset.subset).yaml")
    if FilePath.isPlainName(dataset.subset), FilePath.exists(subset) { return subset }
    let own = FilePath.join(dataset.folder, "task.yaml")
    guard FilePath.exists(own) else {
      if let fallback { return try path(fallback, homes) }
      let known = names(homes)
      throw DSXError(
        .usage, "the data set '\(dataset.name)' has no task.yaml", file: dataset.folder,
        hint: known.isEmpty
          ? "give the path of a task.yaml with --task, or set DSX_HOME to where dsx's datasets lie"
          : "name a task with --task: " + known.joined(separator: ", "))
    }
    return own
  }

  /// Whether the task is the data set's own, which knows its columns best.
  static func isOwn(_ target: EvaluationTarget, _ homes: Homes) -> Bool {
    guard let path = try? own(target.dataset, homes), let task = try? TaskDefinition(path: path)
    else { return false }
    return task.name == target.task.name
  }

  /// The task of a record file, by its columns: what `dsx prepare` and MindFormers' scripts write.
  static func forRecords(_ dataset: MsDataset, _ homes: Homes) throws(DSXError) -> String {
    let columns = Set(try ExampleReader.columns(dataset).map(\.name))
    let name: String
    if columns.contains("input_ids"), columns.contains("labels"),
      columns.contains("attention_mask"),
      try firstCount(dataset, "labels") == 1
    {
      name = "records_tnews"
    } else if columns.contains("answers"), columns.contains("input_ids") {
      name = "records_cmrc2018"
    } else if columns.contains("input_ids"), columns.contains("labels") {
      name =
        try firstCount(dataset, "labels") == firstCount(dataset, "input_ids")
        ? "records_perplexity" : "records_cmrc2018"
    } else if columns.contains("input_ids") {
      name = "records_perplexity"
    } else {
      throw DSXError(
        .usage, "the record file has no column 'input_ids': what to do with it is not clear",
        file: dataset.table,
        hint: "name a task with --task; its columns: " + columns.sorted().joined(separator: ", "))
    }
    guard let path = homes.find("datasets", "\(shared)/\(name).yaml") else {
      throw DSXError(
        .missingFile, "the task '\(name)' is not installed", file: "datasets/\(shared)/\(name).yaml"
      )
    }
    return path
  }

  /// How many numbers the first row's column holds.
  private static func firstCount(_ dataset: MsDataset, _ column: String) throws(DSXError) -> Int {
    var reader = try ExampleReader(dataset, columns: [column], id: nil)
    guard let first = try reader.next()?.first else {
      throw DSXError(.nothingToDo, "the file has no rows", file: dataset.table)
    }
    return first.numbers[column]?.count ?? (first.values[column] == nil ? 0 : 1)
  }
}
