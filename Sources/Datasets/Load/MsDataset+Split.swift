internal import DSXCore

extension MsDataset {
  /// One split of an entry: its files are looked for now.
  init(
    _ entry: CatalogEntry, _ subset: DatasetLayout.Subset, _ split: DatasetLayout.Split,
    target: String? = nil, mustExist: Bool = true
  ) throws(DSXError) {
    var options = split.options ?? TableOptions()
    if options.features.isEmpty { options.features = subset.features }
    var attachments: [String: String] = [:]
    var content: SplitContent
    var fileRoot: String?
    switch split.source {
    case .fault(let error): throw error
    case .content(let known): content = known
    case .legacy(let meta, let file):
      (content, fileRoot) = try Self.legacy(meta, file, split, subset, entry, mustExist)
      for member in split.args where member.name != "folder" {
        guard let path = member.value.string, !path.isEmpty else { continue }
        // What leads out of the folder is handed on as it is, but names no file of the set.
        let found = (try? entry.locate(path)) ?? (try? entry.locate(path + ".gz"))
        if let found = found ?? nil, !FilePath.isFolder(found) { attachments[member.name] = found }
      }
    }
    if mustExist, case .tables(let files) = content {
      for case .path(let path) in files where !FilePath.exists(path) {
        throw DSXError(.missingFile, "a file of the data set is not in place", file: path)
      }
    }
    self.init(
      name: entry.name, namespace: entry.namespace, version: entry.version, subset: subset.name,
      split: split.name, folder: entry.folder, content: content, args: split.args,
      attachments: attachments, fileRoot: fileRoot, options: options, target: target)
  }

  /// The content that a legacy descriptor's `meta` and `file` say. Each split decides for itself:
  /// modelscope 1.9.5 goes by the first split for all.
  private static func legacy(
    _ meta: String, _ file: String, _ split: DatasetLayout.Split,
    _ subset: DatasetLayout.Subset, _ entry: CatalogEntry, _ mustExist: Bool
  ) throws(DSXError) -> (SplitContent, fileRoot: String?) {
    let isIDX = split.args.contains { $0.name == "format" && $0.value == "idx" }
    func place(_ path: String) throws(DSXError) -> String {
      if let found = try entry.locate(path) { return found }
      if let packed = try entry.locate(path + ".gz"), isIDX { return packed }
      if let found = CachedFiles.find(path, in: entry) { return found }
      if !mustExist { return FilePath.join(entry.folder, path) }
      throw missing(path, split, subset, entry)
    }
    guard !meta.isEmpty else {
      let path = try place(file)
      let content = try archive(path, split)
      guard case .images(let own) = content else { return (content, nil) }
      return (.images(try withClasses(own, of: split, subset, entry)), nil)
    }
    let table = try place(meta)
    let root = file.isEmpty ? nil : try place(file)
    return (.tables([.path(table)]), root)
  }

  /// What an archive or folder without a table gives: with the argument `folder` the images below it; a
  /// flat one with files of one known extension gives their rows; else it is custom.
  private static func archive(_ path: String, _ split: DatasetLayout.Split) throws(DSXError)
    -> SplitContent
  {
    guard FilePath.exists(path) else { return .custom(path) }
    if let folder = split.args.first(where: { $0.name == "folder" })?.value.string {
      let tree =
        FilePath.isFolder(path)
        ? try FileTree(folder: path, below: folder) : try FileTree(archive: path, below: folder)
      let images = ImageFolder.read([(split.name, tree.names)], tree)
      guard let found = images.first?.folder, !found.items.isEmpty else {
        throw DSXError(
          .malformed, "there are no images below '\(folder)'", file: path,
          hint: "'folder' of the descriptor's args names a folder inside")
      }
      return .images(found)
    }
    guard FilePath.isFolder(path) || FileKind(fileName: path) == .archive else {
      throw DSXError(
        .unsupported, "'file' names neither a zip or tar archive nor a folder", file: path,
        hint: "tables are named by 'meta'")
    }
    let tree = FilePath.isFolder(path) ? try FileTree(folder: path) : try FileTree(archive: path)
    let kinds = Set(tree.names.map { FileKind(fileName: $0) })
    let isFlat = !tree.names.contains { $0.utf8.contains(UInt8(ascii: "/")) }
    let endings = Set(tree.names.map { FileKind.ending($0) })
    guard isFlat, endings.count == 1, let kind = kinds.first ?? nil,
      [.csv, .tsv, .json, .text].contains(kind)
    else { return .custom(path) }
    return .tables(tree.names.map(tree.file))
  }

  /// The images with the classes of all splits of the subset that are in place and labelled, so that a
  /// class has the same number in all of them.
  private static func withClasses(
    _ own: ImageFolder, of split: DatasetLayout.Split, _ subset: DatasetLayout.Subset,
    _ entry: CatalogEntry
  ) throws(DSXError) -> ImageFolder {
    guard !own.classes.isEmpty else { return own }
    var names = Set(own.classes)
    for other in subset.splits where other.name != split.name {
      guard case .legacy("", let file) = other.source, let path = try entry.locate(file),
        other.args.first(where: { $0.name == "unlabelled" })?.value.bool != true,
        case .images(let images)? = try? archive(path, other)
      else { continue }
      names.formUnion(images.classes)
    }
    let classes = names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    guard classes != own.classes else { return own }
    let places = own.classes.map { name in classes.firstIndex(of: name) ?? 0 }
    return ImageFolder(
      items: own.items.map { .init(file: $0.file, label: places[$0.label]) }, classes: classes)
  }

  /// The error for a set whose data is not in place; `args.obtain` says what to get.
  private static func missing(
    _ path: String, _ split: DatasetLayout.Split, _ subset: DatasetLayout.Subset,
    _ entry: CatalogEntry
  ) -> DSXError {
    let obtain = split.args.first { $0.name == "obtain" }?.value
    let inCatalog = entry.origin == .catalog
    let folder = inCatalog ? FilePath.join("datasets", entry.name) : entry.folder
    let isRooted = path.hasPrefix(entry.name + "/") || path.utf8.contains(UInt8(ascii: "/"))
    let target =
      inCatalog && isRooted
      ? FilePath.join("datasets", path)
      : FilePath.join(folder, FilePath.split(path).name)
    var hint = "put the file at \(target)"
    if let what = obtain?["what"]?.string {
      hint = "get \(what) and put the files into \(FilePath.split(target).folder)/"
      if let files = obtain?["files"]?.string { hint += " (\(files))" }
      if let instead = obtain?["instead"]?.string {
        hint += "; '\(instead)' is a shipped data set of the same format"
      }
    }
    let part = subset.name == "default" ? "" : "subset '\(subset.name)', "
    return DSXError(
      .missingFile, "the data of '\(entry.name)', \(part)split '\(split.name)', is not in place",
      file: target, hint: hint)
  }
}
