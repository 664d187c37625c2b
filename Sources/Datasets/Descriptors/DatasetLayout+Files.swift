internal import DSXCore

extension DatasetLayout {
  /// The layout of a folder or zip archive without a descriptor: splits by the names of folders and files,
  /// one kind of files for all.
  ///
  /// The kind is the most frequent extension of the first split; files of other kinds are left out. Throws
  /// `nothingToDo` for a folder without files that are read, `unsupported` for kinds that are not.
  init(bare tree: FileTree, kind wanted: FileKind? = nil) throws(DSXError) {
    let known = tree.names.filter { FileKind(fileName: $0) != nil }
    var divided = SplitNames.divide(known)
    let kind: FileKind
    if let wanted {
      kind = wanted
    } else if let first = divided.first, let found = Self.kind(of: first.names) {
      kind = found
    } else {
      throw Self.nothing(in: tree)
    }
    divided = divided.map { split in
      (split.split, split.names.filter { Self.isKind(FileKind(fileName: $0), kind) })
    }.filter { !$0.names.isEmpty }
    guard !divided.isEmpty else { throw Self.nothing(in: tree) }
    self = try Self.make(divided, kind, tree)
  }

  /// The layout of one file. A single file has no splits: whatever name a caller gives is its name.
  init(file path: String, kind wanted: FileKind? = nil, split: String?) throws(DSXError) {
    let split = split ?? "train"
    let name = FilePath.split(path).name
    guard let kind = wanted ?? FileKind(fileName: name) ?? Self.records(path) else {
      let ending = FileKind.ending(name)
      if let ending, FileKind.unread.contains(ending) {
        throw DSXError(
          .unsupported, "\(ending) files are not read by this version", file: path,
          hint: "known: " + FileKind.known)
      }
      throw DSXError(
        .unsupported, "this kind of file is not known", file: path,
        hint: "known: " + FileKind.known)
    }
    switch kind {
    case .archive:
      self = try DatasetLayout(bare: FileTree(archive: path))
    case .records:
      self.init(
        form: .records, path: path, splits: [Split(split, .content(.records(path)))])
    case .image:
      let folder = ImageFolder(items: [.init(file: .path(path), label: 0)], classes: [])
      self.init(form: .imageFolder, path: path, splits: [Split(split, .content(.images(folder)))])
    case .csv, .tsv, .json, .text:
      self.init(
        form: .tables, path: path,
        splits: [
          Split(split, .content(.tables([.path(path)])), options: Self.options(wanted))
        ])
    }
  }

  private static func records(_ path: String) -> FileKind? {
    FileKind.looksLikeRecords(path) ? .records : nil
  }

  /// Splits of one kind of files.
  static func make(
    _ divided: [(split: String, names: [String])], _ kind: FileKind, _ tree: FileTree,
    options: TableOptions? = nil
  ) throws(DSXError) -> DatasetLayout {
    switch kind {
    case .image:
      let splits = ImageFolder.read(divided, tree).map { split, folder in
        Split(split, .content(.images(folder)))
      }
      return DatasetLayout(form: .imageFolder, path: tree.root, splits: splits)
    case .records:
      guard !tree.isArchive else {
        throw DSXError(
          .unsupported, "record sets inside of archives are not read", file: tree.root,
          hint: "take the files out of the archive")
      }
      // The files of one set name each other: the first of each split opens it.
      let splits = divided.map { split, names in
        Split(split, .content(.records(FilePath.join(tree.root, names[0]))))
      }
      return DatasetLayout(form: .records, path: tree.root, splits: splits)
    case .archive:
      guard divided.allSatisfy({ $0.names.count == 1 }), !tree.isArchive else {
        throw DSXError(
          .unsupported, "several archives in one split are not read", file: tree.root,
          hint: "name one archive, or write a descriptor")
      }
      if divided.count == 1 {
        return try DatasetLayout(
          bare: FileTree(archive: FilePath.join(tree.root, divided[0].names[0])))
      }
      var splits: [Split] = []
      for (split, names) in divided {
        let inner = try DatasetLayout(
          bare: FileTree(archive: FilePath.join(tree.root, names[0])))
        for found in inner.subsets[0].splits.prefix(1) {
          splits.append(Split(split, found.source, options: found.options))
        }
      }
      return DatasetLayout(form: .tables, path: tree.root, splits: splits)
    case .csv, .tsv, .json, .text:
      let splits = divided.map { split, names in
        Split(split, .content(.tables(names.map(tree.file))), options: options)
      }
      return DatasetLayout(form: .tables, path: tree.root, splits: splits)
    }
  }

  /// The options of a loader that was named: its format, whatever the extension.
  static func options(_ kind: FileKind?) -> TableOptions? {
    var options = TableOptions()
    switch kind {
    case .csv: options.format = .csv
    case .tsv: options.format = .tsv
    case .json: options.format = .json
    case .text: options.format = .text
    default: return nil
    }
    return options
  }

  /// The most frequent kind; of equally many the one that comes first. CSV and TSV count as one.
  static func kind(of names: [String]) -> FileKind? {
    var counts: [(kind: FileKind, count: Int)] = []
    for name in names {
      guard let kind = FileKind(fileName: name) else { continue }
      if let place = counts.firstIndex(where: { isKind($0.kind, kind) }) {
        counts[place].count += 1
      } else {
        counts.append((kind, 1))
      }
    }
    guard let most = counts.map(\.count).max() else { return nil }
    return counts.first { $0.count == most }?.kind
  }

  static func isKind(_ kind: FileKind?, _ wanted: FileKind) -> Bool {
    switch (kind, wanted) {
    case (.csv, .tsv), (.tsv, .csv): true
    default: kind == wanted
    }
  }

  private static func nothing(in tree: FileTree) -> DSXError {
    let unread = tree.names.compactMap(FileKind.ending).first { FileKind.unread.contains($0) }
    if let unread {
      return DSXError(
        .unsupported, "\(unread) files are not read by this version", file: tree.root,
        hint: "known: " + FileKind.known)
    }
    return DSXError(
      .nothingToDo, "there are no data files of a known kind", file: tree.root,
      hint: "known: " + FileKind.known)
  }
}
