internal import DSXCore
internal import Datasets

/// Folders in the original layout of a benchmark.
enum TaskLayout {
  /// A folder in the task's original layout; nil when it has a descriptor but not the split's file.
  static func dataset(
    _ folder: String, _ task: TaskDefinition, subset: String?, split: String
  ) throws(DSXError) -> MsDataset? {
    let splits = task.layout.map(\.name).filter { $0 != "labels" }
    let name = FilePath.split(folder).name
    let hasDescriptor = FilePath.exists(FilePath.join(folder, name + ".json"))
    if hasDescriptor && subset != nil { return nil }
    guard splits.contains(split), let file = task.layoutFile(split) else {
      if hasDescriptor { return nil }
      throw DSXError.unknown("split", split, known: splits)
    }
    let table = FilePath.join(folder, file)
    guard FilePath.exists(table) else {
      if hasDescriptor { return nil }
      let files = task.layout.map { "\($0.name): \($0.file)" }.joined(separator: ", ")
      throw DSXError(
        .missingFile, "the folder has no '\(file)' for the split '\(split)'", file: table,
        hint: "the task '\(task.name)' wants these files: \(files)"
          + (task.note.map { "; " + $0 } ?? ""))
    }
    if let subset {
      throw DSXError.unknown("subset", subset, known: ["default"])
    }
    var args: [JSONValue.Member] = []
    var attachments: [String: String] = [:]
    if let format = task.format { args.append(.init("format", .string(format))) }
    if let source = task.labels?.attachment, let labels = task.layoutFile("labels") {
      let path = FilePath.join(folder, labels)
      guard FilePath.exists(path) else {
        throw DSXError(
          .missingFile, "the folder has no '\(labels)' with the labels", file: path,
          hint: "the task '\(task.name)' wants one JSON object a label in it")
      }
      args.append(.init(source, .string(labels)))
      attachments[source] = path
    }
    return MsDataset(
      name: name, split: split, folder: folder, table: table, args: args, attachments: attachments)
  }
}
