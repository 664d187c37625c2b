public import DSXCore
public import Datasets

/// A data set and the task that says what to do with it.
public struct EvaluationTarget: Sendable {
  /// The split to evaluate.
  public let dataset: MsDataset
  /// The task.
  public let task: TaskDefinition

  /// A data set with its task.
  public init(dataset: MsDataset, task: TaskDefinition) {
    self.dataset = dataset
    self.task = task
  }

  /// Finds both.
  ///
  /// The data set is a catalog name, `namespace/name`, or a folder. The task is the one named `task`
  /// (a catalog name with a task.yaml, or the path of such a file), else the data set's own. A folder
  /// with a named task is read in that task's original layout when it holds the split's file, e.g.
  /// TNEWS: dev.json and labels.json. Without a split, `validation`.
  public static func find(
    dataset text: String, task: String? = nil, subset: String? = nil, split: String? = nil,
    version: String? = nil, homes: Homes
  ) throws(DSXError) -> EvaluationTarget {
    let named: TaskDefinition?
    if let task { named = try self.task(task, homes: homes) } else { named = nil }
    let isFolder =
      FilePath.isFolder(text)
      && (DatasetReference(text).isPath || !DatasetCatalog(homes: homes).names().contains(text))
    if isFolder, let named, !named.layout.isEmpty,
      let dataset = try original(text, named, subset: subset, split: split ?? "validation")
    {
      return EvaluationTarget(dataset: dataset, task: named)
    }
    let path = isFolder && !DatasetReference(text).isPath ? "./" + text : text
    let dataset = try MsDataset.loadSplit(
      path, subset: subset, split: split ?? "validation", version: version, homes: homes)
    if let named { return EvaluationTarget(dataset: dataset, task: named) }
    let own = FilePath.join(dataset.folder, "task.yaml")
    guard FilePath.exists(own) else {
      throw DSXError(
        .usage, "the data set '\(dataset.name)' has no task.yaml", file: dataset.folder,
        hint: "name a task with --task: " + tasks(homes).joined(separator: ", "))
    }
    return EvaluationTarget(dataset: dataset, task: try TaskDefinition(path: own))
  }

  /// The catalog names that have a task, sorted.
  public static func tasks(_ homes: Homes) -> [String] {
    homes.names("datasets").filter { homes.find("datasets", $0 + "/task.yaml") != nil }
  }

  private static func task(_ name: String, homes: Homes) throws(DSXError) -> TaskDefinition {
    if name.hasSuffix(".yaml") || name.hasSuffix(".yml") { return try TaskDefinition(path: name) }
    guard let path = homes.find("datasets", name + "/task.yaml") else {
      throw DSXError.unknown("task", name, known: tasks(homes))
    }
    return try TaskDefinition(path: path)
  }

  /// A folder in the task's original layout; nil when it has a descriptor but not the split's file.
  private static func original(
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
        hint: "the task '\(task.name)' wants these files: \(files)")
    }
    if let subset {
      throw DSXError.unknown("subset", subset, known: ["default"])
    }
    var args: [JSONValue.Member] = []
    var attachments: [String: String] = [:]
    if let source = task.labels, let labels = task.layoutFile("labels") {
      let path = FilePath.join(folder, labels)
      guard FilePath.exists(path) else {
        throw DSXError(
          .missingFile, "the folder has no '\(labels)' with the labels", file: path,
          hint: "the task '\(task.name)' wants one JSON object a label in it")
      }
      args.append(.init(source.attachment, .string(labels)))
      attachments[source.attachment] = path
    }
    return MsDataset(
      name: name, split: split, folder: folder, table: table, args: args, attachments: attachments)
  }
}
