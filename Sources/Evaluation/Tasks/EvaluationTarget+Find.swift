public import DSXCore
internal import Datasets

extension EvaluationTarget {
  /// Finds a data set and its task.
  ///
  /// The data set is a catalog name, `namespace/name`, a folder, a table or a record file. The task is
  /// the one named `task` (a name, or the path of a task.yaml), else the data set's own; record files
  /// go by their columns. A folder with a named task is read in that task's original layout when it
  /// holds the split's file, e.g. TNEWS: dev.json and labels.json. Without a split, `validation`, or
  /// the only one that there is. `compat`: the task's variant; `fallback`: the task of a table without
  /// one.
  public static func find(
    dataset text: String, task: String? = nil, subset: String? = nil, split: String? = nil,
    version: String? = nil, compat: String? = nil, fallback: String? = nil, homes: Homes
  ) throws(DSXError) -> EvaluationTarget {
    let named: TaskDefinition?
    if let task {
      named = try TaskDefinition(path: TaskCatalog.path(task, homes), compat: compat)
    } else {
      named = nil
    }
    let isFolder =
      FilePath.isFolder(text)
      && (DatasetReference(text).isPath || !DatasetCatalog(homes: homes).names().contains(text))
    func origin(_ text: String, _ subset: String?, _ isOriginal: Bool) -> Origin {
      Origin(text: text, subset: subset, version: version, homes: homes, isOriginal: isOriginal)
    }
    if isFolder, let named, !named.layout.isEmpty,
      let dataset = try TaskLayout.dataset(
        text, named, subset: subset, split: split ?? "validation")
    {
      return EvaluationTarget(dataset: dataset, task: named, origin: origin(text, subset, true))
    }
    let path = isFolder && !DatasetReference(text).isPath ? "./" + text : text
    let isFile = FilePath.exists(text) && !FilePath.isFolder(text)
    let dataset: MsDataset
    if isFile {
      dataset = try file(text, named, split: split, homes: homes)
    } else {
      dataset = try MsDataset.loadSplit(
        path, subset: subset, split: split ?? "validation", version: version, homes: homes)
    }
    let place = origin(path, subset ?? dataset.subset, false)
    if let named { return EvaluationTarget(dataset: dataset, task: named, origin: place) }
    if case .records = dataset.content {
      let task = try TaskCatalog.forRecords(dataset, homes)
      return EvaluationTarget(
        dataset: dataset, task: try TaskDefinition(path: task, compat: compat), origin: place)
    }
    let own = try TaskCatalog.own(dataset, homes, fallback: fallback)
    return EvaluationTarget(
      dataset: dataset, task: try TaskDefinition(path: own, compat: compat), origin: place)
  }

  /// One file as a data set: its only split, whatever that is called; with the labels that lie beside it.
  private static func file(
    _ path: String, _ task: TaskDefinition?, split: String?, homes: Homes
  ) throws(DSXError) -> MsDataset {
    let loaded: MsDataset
    switch try MsDataset.load(path, split: nil, homes: homes) {
    case .one(let dataset): loaded = dataset
    case .splits, .custom:
      throw DSXError(
        .usage, "the file is no table of rows", file: path, hint: "give a table or a record file")
    }
    guard let task else { return loaded }
    var args = loaded.args
    var attachments = loaded.attachments
    if let format = task.format { args.append(.init("format", .string(format))) }
    if let source = task.labels?.attachment, let name = task.layoutFile("labels") {
      let beside = FilePath.join(FilePath.split(path).folder, name)
      guard FilePath.exists(beside) else {
        throw DSXError(
          .missingFile, "there is no '\(name)' with the labels beside the file", file: beside,
          hint: "the task '\(task.name)' wants one JSON object a label in it")
      }
      args.append(.init(source, .string(name)))
      attachments[source] = beside
    }
    return MsDataset(
      name: loaded.name, namespace: loaded.namespace, version: loaded.version,
      subset: loaded.subset, split: split ?? loaded.split, folder: loaded.folder,
      content: loaded.content, args: args, attachments: attachments, fileRoot: loaded.fileRoot,
      options: loaded.options)
  }

  /// Reads a task and its variants. Throws what is wrong with its file, with the line.
  public static func checkTask(_ name: String, _ homes: Homes) throws(DSXError) {
    let path = try TaskCatalog.path(name, homes)
    let task = try TaskDefinition(path: path)
    try task.checkMetrics()
    for variant in task.variants { _ = try TaskDefinition(path: path, compat: variant) }
  }

  /// The names of all tasks, sorted.
  public static func tasks(_ homes: Homes) -> [String] { TaskCatalog.names(homes) }
}
