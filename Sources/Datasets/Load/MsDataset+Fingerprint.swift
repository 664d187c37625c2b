public import DSXCore
internal import Kernels

extension MsDataset {
  /// SHA-256 over what decides the rows: the content of each file, how it is read, the content of each
  /// attachment, and the descriptor's other arguments. Paths, times and where the files lie do not matter.
  ///
  /// Hashed text: `dsx-dataset-3 LF`, then for each file `file SIZE SHA256 LF` (a table with the format that
  /// its name says, an image with its class and its name in the folder, a member of an archive with the
  /// archive's hash and its name), the attachments
  /// sorted by name, `options LF` with the reading options that differ from the defaults, and `args LF`
  /// with the JSON of the arguments that are no attachments and not `obtain`.
  ///
  /// `homes`: where hashes of large files are remembered; nil hashes all of them now.
  public func fingerprint(homes: Homes? = nil) throws(DSXError) -> String {
    let hashes = ContentHashes(folder: homes.map { FilePath.join($0.cache, "hashes") })
    var sum = SHA256(blocks: dsx_sha256_blocks)
    sum.update("dsx-dataset-3\n")
    var archives: [String: String] = [:]
    func line(_ kind: String, _ path: String) throws(DSXError) -> String {
      let known = try hashes.hash(path)
      return "\(kind) \(known.size) \(known.sha256)"
    }
    func add(_ file: DataFile, _ note: String = "") throws(DSXError) {
      switch file {
      case .path(let path): sum.update(try line("file", path) + note + "\n")
      case .member(let archive, let name):
        if archives[archive] == nil { archives[archive] = try line("archive", archive) }
        sum.update((archives[archive] ?? "") + " \(name)" + note + "\n")
      }
    }
    switch content {
    case .tables(let files):
      for file in files {
        let format = options.format ?? TableFormat(path: file.name)
        try add(file, format.map { " \($0.rawValue)" } ?? "")
      }
    case .images(let folder):
      sum.update("classes " + JSONValue.array(folder.classes.map { .string($0) }).text() + "\n")
      for item in folder.items { try add(item.file, " \(item.label) \(item.file.nameInFolder)") }
    case .records(let path):
      for file in try RecordFiles.paths(path) { try add(.path(file)) }
    case .values(let values, let column):
      sum.update("values \(column) " + JSONValue.array(values).text() + "\n")
    case .custom(let path):
      if FilePath.isFolder(path) {
        let tree = try FileTree(folder: path)
        for name in tree.names { try add(tree.file(name), " \(name)") }
      } else {
        try add(.path(path))
      }
    }
    if let fileRoot {
      if FilePath.isFolder(fileRoot) {
        let tree = try FileTree(folder: fileRoot)
        for name in tree.names { try add(tree.file(name), " \(name)") }
      } else {
        try add(.path(fileRoot))
      }
    }
    for name in attachments.keys.sorted() {
      if let path = attachments[name] { sum.update("\(name) " + (try line("file", path)) + "\n") }
    }
    if let text = options.differences { sum.update("options\n" + text + "\n") }
    let rest = args.filter { attachments[$0.name] == nil && $0.name != "obtain" }
    sum.update("args\n" + JSONValue.object(rest).text())
    return sum.hexDigest()
  }
}

extension TableOptions {
  /// What differs from the defaults and decides rows, as text; nil when nothing does.
  var differences: String? {
    let plain = TableOptions()
    var parts: [String] = []
    if let format { parts.append("format=\(format.rawValue)") }
    if let delimiter { parts.append("delimiter=\(delimiter)") }
    if quote != plain.quote { parts.append("quote=\(quote.map(String.init) ?? "none")") }
    if header != plain.header { parts.append("header=\(header)") }
    if encoding != plain.encoding { parts.append("encoding=\(encoding.rawValue)") }
    if !features.isEmpty { parts.append("features=\(features)") }
    if onBadRow != plain.onBadRow { parts.append("on_bad_row=\(onBadRow.rawValue)") }
    if !nullTexts.isEmpty { parts.append("null=\(nullTexts)") }
    if isLenient { parts.append("lenient") }
    if maximumRowBytes != plain.maximumRowBytes { parts.append("row=\(maximumRowBytes)") }
    return parts.isEmpty ? nil : parts.joined(separator: ";")
  }
}
