public import DSXCore

/// One split of one subset of a data set, after ModelScope's `MsDataset`.
///
/// `MsDataset.load("ddtp_zh", subset: "default", split: "validation")` resolves name, subset, version and
/// split as modelscope does; `rows()` or `cursor()` then streams the rows. Nothing is read but the
/// descriptor until then.
public struct MsDataset: Sendable {
  /// The data set's name, without its namespace.
  public let name: String
  /// Its namespace.
  public let namespace: String
  /// The version that was resolved; never `latest`.
  public let version: String
  /// The subset, `default` for data that has none.
  public let subset: String
  /// The split.
  public let split: String
  /// The folder that belongs to the set: its task.yaml and card lie there.
  public let folder: String
  /// What the rows are made from.
  public let content: SplitContent
  /// What the descriptor hands on to loaders and tasks.
  public let args: [JSONValue.Member]
  /// Files that `args` name, by the argument's name: `labels` -> path.
  public let attachments: [String: String]
  /// The archive or folder that cells of columns `NAME:FILE` lie in.
  public let fileRoot: String?
  /// How tables are read, unless a caller says otherwise.
  public let options: TableOptions
  /// The column that iteration is limited to; nil for all.
  public let target: String?

  /// A data set whose files are known: the original layout of some benchmark in a local folder.
  public init(
    name: String, namespace: String = DatasetReference.defaultNamespace,
    version: String = DatasetCatalog.defaultVersion, subset: String = "default", split: String,
    folder: String, table: String, args: [JSONValue.Member] = [],
    attachments: [String: String] = [:]
  ) {
    self.init(
      name: name, namespace: namespace, version: version, subset: subset, split: split,
      folder: folder, content: .tables([.path(table)]), args: args, attachments: attachments)
  }

  /// A data set of any content.
  public init(
    name: String, namespace: String = DatasetReference.defaultNamespace,
    version: String = DatasetCatalog.defaultVersion, subset: String = "default", split: String,
    folder: String, content: SplitContent, args: [JSONValue.Member] = [],
    attachments: [String: String] = [:], fileRoot: String? = nil,
    options: TableOptions = TableOptions(), target: String? = nil
  ) {
    self.name = name
    self.namespace = namespace
    self.version = version
    self.subset = subset
    self.split = split
    self.folder = folder
    self.content = content
    self.args = args
    self.attachments = attachments
    self.fileRoot = fileRoot
    self.options = options
    self.target = target
  }

  /// The descriptor's argument of that name.
  public func argument(_ name: String) -> JSONValue? { args.first { $0.name == name }?.value }

  /// Where the rows come from, for messages: the first file.
  public var table: String {
    switch content {
    case .tables(let files): files.first?.location ?? folder
    case .images(let images): images.items.first?.file.location ?? folder
    case .records(let path), .custom(let path): path
    case .values: folder
    }
  }

  /// The files that the rows come from, in order.
  public var files: [DataFile] {
    switch content {
    case .tables(let files): files
    case .images(let images): images.items.map(\.file)
    case .records(let path), .custom(let path): [.path(path)]
    case .values: []
    }
  }

  /// What messages call the rows' origin where no file is known: the only file, else the folder of all.
  var messageName: String { files.count > 1 ? folder : table }

  /// The files on disk that the rows are read from: archives instead of their members, all files of a
  /// record set.
  func filesOnDisk() throws(DSXError) -> [String] {
    if case .records(let path) = content { return try RecordFiles.paths(path) }
    var paths: [String] = []
    for file in files {
      switch file {
      case .path(let path): paths.append(path)
      case .member(let archive, _): if paths.last != archive { paths.append(archive) }
      }
    }
    return paths + attachments.values.sorted()
  }
}
