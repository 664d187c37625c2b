internal import DSXCore
internal import Settings

/// The `configs:` of a README's front matter: the general form of ModelScope and Hugging Face.
///
/// ```
/// configs:
/// - config_name: default            # the subset; "default" when it is left out
///   default: true
///   data_dir: data                  # where the patterns are looked for
///   data_files:                     # "x.csv", ["a.csv", "b.csv"], {train: ...}, or a list of splits
///   - split: train
///     path: "train/*.csv"
///   sep: ";"                        # further: delimiter, quotechar, header, names, encoding
/// dataset_info:                     # or a list, one a config_name
///   features: [{name: id, dtype: int64}]
/// ```
struct ReadmeConfigs {
  private let path: String
  private let folder: String
  private let tree: FileTree
  private let information: [(name: String?, features: [Field])]

  /// The layout that a folder's README.md says; nil when it has no `configs`.
  static func layout(folder: String) throws(DSXError) -> DatasetLayout? {
    let path = FilePath.join(folder, "README.md")
    guard let front = try frontMatter(path) else { return nil }
    let yaml = try StrictYAML(text: front, path: path, firstLine: 2)
    guard let configs = try yaml.mappings("configs") else { return nil }
    guard !configs.isEmpty else { throw yaml.fault("configs", "'configs' is empty") }
    let readme = ReadmeConfigs(
      path: path, folder: folder, tree: try FileTree(folder: folder),
      information: try information(yaml, path))
    var subsets: [DatasetLayout.Subset] = []
    for config in configs {
      let subset = try readme.subset(config)
      guard !subsets.contains(where: { $0.name == subset.name }) else {
        throw config.fault("config_name", "the config '\(subset.name)' comes twice")
      }
      subsets.append(subset)
    }
    return DatasetLayout(form: .readme, path: path, subsets: subsets)
  }

  /// Whether a folder's README.md has `configs`. Never throws: a broken one counts, so that it is reported
  /// when it is read.
  static func exist(folder: String) -> Bool {
    let path = FilePath.join(folder, "README.md")
    guard let front = try? frontMatter(path) else { return false }
    return front.utf8.split(separator: 0x0a).contains { $0.starts(with: "configs:".utf8) }
  }

  /// The YAML between the first line `---` and the next; nil when there is none.
  private static func frontMatter(_ path: String) throws(DSXError) -> String? {
    guard FilePath.size(path) != nil, !FilePath.isFolder(path) else { return nil }
    let file = try MappedFile(path: path)
    return file.withBytes { bytes -> String? in
      let lines = bytes.split(
        separator: 0x0a, maxSplits: Int.max, omittingEmptySubsequences: false)
      func isRule(_ line: Slice<UnsafeRawBufferPointer>) -> Bool {
        line.elementsEqual("---".utf8) || line.elementsEqual("---\r".utf8)
      }
      guard let first = lines.first, isRule(first),
        let end = lines.dropFirst().firstIndex(where: isRule)
      else { return nil }
      return lines[1..<end].map { String(decoding: $0, as: UTF8.self) + "\n" }.joined()
    }
  }

  private static func information(_ yaml: StrictYAML, _ path: String) throws(DSXError)
    -> [(name: String?, features: [Field])]
  {
    var result: [(name: String?, features: [Field])] = []
    for entry in try yaml.mappings("dataset_info") ?? [] {
      guard let features = try entry.value("features") else { continue }
      do throws(DSXError) {
        result.append((try entry.text("config_name"), try DatasetFeatures.fields(features)))
      } catch {
        var located = entry.fault("features", error.message, hint: error.hint)
        located.code = error.code
        throw located
      }
    }
    return result
  }

  private static let keys = [
    "config_name", "data_files", "data_dir", "default", "sep", "delimiter", "quotechar", "header",
    "names", "encoding", "drop_labels", "description", "version", "features",
  ]

  private func subset(_ config: StrictYAML) throws(DSXError) -> DatasetLayout.Subset {
    try config.allow(Self.keys)
    let name = try config.text("config_name") ?? "default"
    var features = information.first { $0.name == name }?.features
    if features == nil, information.count == 1, information[0].name == nil {
      features = information[0].features
    }
    if let own = try config.value("features") {
      do throws(DSXError) { features = try DatasetFeatures.fields(own) } catch {
        throw config.fault("features", error.message, hint: error.hint)
      }
    }
    var prefix = ""
    if let folder = try config.text("data_dir") {
      try check(folder, config, "data_dir")
      prefix = folder == "." ? "" : folder.hasSuffix("/") ? folder : folder + "/"
      if prefix.hasPrefix("./") { prefix.removeFirst(2) }
    }
    let splits = try splits(config, prefix: prefix)
    return DatasetLayout.Subset(
      name: name, splits: splits, isDefault: try config.value("default")?.bool ?? false,
      features: features ?? [])
  }

  private func splits(_ config: StrictYAML, prefix: String) throws(DSXError)
    -> [DatasetLayout.Split]
  {
    let options = try options(config)
    var wanted: [(split: String, patterns: [String])] = []
    func patterns(_ value: JSONValue?) throws(DSXError) -> [String] {
      if let text = value?.string { return [text] }
      let list = value?.array?.compactMap(\.string) ?? []
      guard !list.isEmpty, list.count == value?.array?.count else {
        throw config.fault(
          "data_files", "a split's files are neither a pattern nor a list of patterns")
      }
      return list
    }
    switch try config.value("data_files") {
    case nil, .null?:
      let names = tree.names.filter { $0.utf8.starts(with: prefix.utf8) }
      let relative = names.map {
        String(decoding: $0.utf8.dropFirst(prefix.utf8.count), as: UTF8.self)
      }
      let divided = SplitNames.divide(relative.filter { FileKind(fileName: $0) != nil })
      return try make(divided.map { ($0.split, $0.names.map { prefix + $0 }) }, options, config)
    case .string(let text)?: wanted = [("train", [text])]
    case .array(let entries)?:
      if entries.allSatisfy({ $0.string != nil }) {
        wanted = [("train", entries.compactMap(\.string))]
      } else {
        for entry in entries {
          guard let split = entry["split"]?.string, let path = entry["path"] else {
            throw config.fault("data_files", "an entry of 'data_files' needs 'split' and 'path'")
          }
          wanted.append((split, try patterns(path)))
        }
      }
    case .object(let members)?:
      for member in members { wanted.append((member.name, try patterns(member.value))) }
    default: throw config.fault("data_files", "'data_files' is neither text, list nor mapping")
    }
    var found: [(split: String, names: [String])] = []
    var faults: [String: DSXError] = [:]
    for (split, patterns) in wanted {
      guard !found.contains(where: { $0.split == split }) else {
        throw config.fault("data_files", "the split '\(split)' comes twice")
      }
      var names: [String] = []
      for text in patterns {
        try check(text, config, "data_files")
        let pattern = FilePattern(prefix + text)
        let matched = tree.names.filter { pattern.matches($0) && !names.contains($0) }
        if matched.isEmpty {
          faults[split] = DSXError(
            .missingFile, "no file matches '\(prefix + text)' of the split '\(split)'",
            file: path, line: config.fault("data_files", "").location.line,
            hint: "put the files into \(folder)/, or correct the pattern")
        }
        names += matched
      }
      found.append((split, names))
    }
    let made = try make(found.filter { faults[$0.split] == nil }, options, config)
    return found.compactMap { entry in
      if let fault = faults[entry.split] { return DatasetLayout.Split(entry.split, .fault(fault)) }
      return made.first { $0.name == entry.split }
    }
  }

  /// The splits of files that were found; each subset goes by its own files' extension.
  private func make(
    _ divided: [(split: String, names: [String])], _ options: TableOptions?, _ config: StrictYAML
  ) throws(DSXError) -> [DatasetLayout.Split] {
    guard let first = divided.first else { return [] }
    guard let kind = DatasetLayout.kind(of: first.names) else {
      let ending = first.names.compactMap(FileKind.ending).first ?? ""
      throw DSXError(
        .unsupported, "'\(ending)' files are not read by this version", file: path,
        line: config.fault("data_files", "").location.line, hint: "known: " + FileKind.known)
    }
    let own = divided.map { split in
      (
        split: split.split,
        names: split.names.filter { DatasetLayout.isKind(FileKind(fileName: $0), kind) }
      )
    }
    return try DatasetLayout.make(own, kind, tree, options: options).subsets[0].splits
  }

  private func options(_ config: StrictYAML) throws(DSXError) -> TableOptions? {
    var options = TableOptions()
    var isChanged = false
    for key in ["sep", "delimiter", "quotechar"] {
      guard let text = try config.text(key) else { continue }
      guard let byte = text.utf8.first, text.utf8.count == 1 else {
        throw config.fault(key, "'\(key)' is not one ASCII character")
      }
      if key == "quotechar" { options.quote = byte } else { options.delimiter = byte }
      isChanged = true
    }
    if let header = try config.value("header") {
      switch header {
      case .string("infer"), .int(0): break
      case .null: options.header = .none
      default:
        throw config.fault("header", "'header' is neither 'infer', 0 nor null")
      }
      isChanged = true
    }
    if let names = try config.value("names") {
      let list = names.array?.compactMap(\.string) ?? []
      guard !list.isEmpty, list.count == names.array?.count else {
        throw config.fault("names", "'names' is not a list of texts")
      }
      options.header = .names(list)
      isChanged = true
    }
    if let name = try config.text("encoding") {
      guard let encoding = TextEncoding(name: name) else {
        var error = DSXError.unknown(
          "encoding", name, known: TextEncoding.allCases.map(\.rawValue))
        error.location = config.fault("encoding", "").location
        throw error
      }
      options.encoding = encoding
      isChanged = true
    }
    return isChanged ? options : nil
  }

  private func check(_ text: String, _ config: StrictYAML, _ key: String) throws(DSXError) {
    let parts = text.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
    guard
      text.hasPrefix("/") || text.contains("://")
        || parts.contains(where: { $0.elementsEqual("..".utf8) })
    else { return }
    throw config.fault(
      key, "the path '\(text)' leads out of the data set's folder",
      hint: "a README names files relative to its own folder")
  }
}
