public import DSXCore

/// One split of one subset of a data set, after ModelScope's `MsDataset`.
///
/// `MsDataset.load("ddtp_zh", split: "validation")` resolves name, subset, version and split as
/// modelscope does; `cursor()` then streams the rows. Nothing is read but the descriptor until then.
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
  /// The table that holds the rows.
  public let table: String
  /// What the descriptor hands on to loaders and tasks.
  public let args: [JSONValue.Member]
  /// Files that `args` name, by the argument's name: `labels` -> path.
  public let attachments: [String: String]

  /// Finds a data set: a catalog name, `namespace/name`, or a folder with a descriptor.
  ///
  /// Throws `unknownName` with what exists for an unknown name, subset, split or version, and
  /// `missingFile` for an entry whose data is not in place, saying what to get and where to put it.
  public static func load(
    _ text: String, subset: String? = nil, split: String? = nil, version: String? = nil,
    homes: Homes
  ) throws(DSXError) -> MsDataset {
    let reference = DatasetReference(text)
    let entry: CatalogEntry
    if reference.isPath {
      guard FilePath.isFolder(text) else {
        throw DSXError(
          .unknownName, "there is no data set folder '\(text)'",
          hint: "give a folder, or a name of the catalog: "
            + DatasetCatalog(homes: homes).names().joined(separator: ", "))
      }
      entry = try CatalogEntry(folder: text, version: version)
    } else {
      entry = try DatasetCatalog(homes: homes).entry(reference, version: version)
    }
    return try MsDataset(entry, subset: subset, split: split)
  }

  /// One split of an entry that was found already.
  public init(_ entry: CatalogEntry, subset: String? = nil, split: String? = nil) throws(DSXError) {
    let chosen = try entry.descriptor.subset(subset)
    let source: Descriptor.Split
    do { source = try chosen.split(split) } catch { throw error.inFile(entry.descriptor.path) }
    guard source.file.isEmpty, !source.meta.isEmpty else {
      throw DSXError(
        .unsupported, "the split '\(source.name)' keeps its rows in an archive or folder of files",
        file: entry.descriptor.path,
        hint: "this version reads data sets whose 'meta' is a CSV or JSON-lines file")
    }
    guard let table = try entry.locate(source.meta) else {
      throw Self.missing(source.meta, source, entry)
    }
    var attachments: [String: String] = [:]
    for member in source.args {
      guard let path = member.value.string, !path.isEmpty else { continue }
      if let found = try entry.locate(path) { attachments[member.name] = found }
    }
    self.init(
      name: entry.name, namespace: entry.namespace, version: entry.version, subset: chosen.name,
      split: source.name, folder: entry.folder, table: table, args: source.args,
      attachments: attachments)
  }

  /// A data set whose files are known: the original layout of some benchmark in a local folder.
  public init(
    name: String, namespace: String = DatasetReference.defaultNamespace,
    version: String = DatasetCatalog.defaultVersion, subset: String = "default", split: String,
    folder: String, table: String, args: [JSONValue.Member] = [],
    attachments: [String: String] = [:]
  ) {
    self.name = name
    self.namespace = namespace
    self.version = version
    self.subset = subset
    self.split = split
    self.folder = folder
    self.table = table
    self.args = args
    self.attachments = attachments
  }

  /// The descriptor's argument of that name.
  public func argument(_ name: String) -> JSONValue? { args.first { $0.name == name }?.value }

  /// The error for a set whose data is not in place; `args.obtain` says what to get.
  private static func missing(_ path: String, _ split: Descriptor.Split, _ entry: CatalogEntry)
    -> DSXError
  {
    let obtain = split.args.first { $0.name == "obtain" }?.value
    let target = FilePath.join(FilePath.join("datasets", entry.name), FilePath.split(path).name)
    var hint = "put the file at \(target)"
    if let what = obtain?["what"]?.string {
      let folder = FilePath.join("datasets", entry.name)
      hint = "get \(what) and put the files into \(folder)/"
      if let files = obtain?["files"]?.string { hint += " (\(files))" }
      if let instead = obtain?["instead"]?.string {
        hint += "; '\(instead)' is a shipped data set of the same format"
      }
    }
    return DSXError(
      .missingFile, "the data of '\(entry.name)', split '\(split.name)', is not in place",
      file: target, hint: hint)
  }
}
