public import DSXCore

/// Subsets and splits of a data set, whichever form says them.
public struct DatasetLayout: Sendable {
  /// What said it.
  public enum Form: String, Sendable {
    /// A legacy descriptor of ModelScope, `<name>.json`.
    case descriptor
    /// `configs:` in the front matter of a README.
    case readme
    /// Images in folders of their class.
    case imageFolder = "imagefolder"
    /// Table files.
    case tables
    /// A MindRecord set.
    case records
  }

  /// One split.
  public struct Split: Sendable {
    /// Its name.
    public let name: String
    /// What is handed on to loaders and tasks.
    public let args: [JSONValue.Member]
    let source: Source
    let options: TableOptions?

    init(
      _ name: String, _ source: Source, args: [JSONValue.Member] = [], options: TableOptions? = nil
    ) {
      self.name = name
      self.source = source
      self.args = args
      self.options = options
    }
  }

  /// Where a split's rows come from, before files are looked for.
  enum Source: Sendable {
    /// A legacy descriptor's members.
    case legacy(meta: String, file: String)
    /// Known already.
    case content(SplitContent)
    /// It cannot be read, for this reason.
    case fault(DSXError)
  }

  /// One subset: a configuration in the words of Hugging Face.
  public struct Subset: Sendable {
    /// Its name.
    public let name: String
    /// Its splits, in order.
    public let splits: [Split]
    /// Whether it is taken when none is named.
    public let isDefault: Bool
    /// The columns that were declared for it; empty when none were.
    public let features: [Field]
  }

  /// What said it.
  public let form: Form
  /// The descriptor, or the folder or file.
  public let path: String
  /// The subsets.
  public let subsets: [Subset]

  /// The subset of that name. Without a name: the only one, or the one that a README marks as default.
  ///
  /// `takesDefault`: of a legacy descriptor's several subsets also the one called `default`. ModelScope
  /// refuses that, so `MsDataset.load` does too; the command line takes it.
  func subset(_ name: String?, takesDefault: Bool) throws(DSXError) -> Subset {
    let known = subsets.map(\.name)
    if let name {
      if let found = subsets.first(where: { $0.name == name }) { return found }
      throw DSXError.unknown("subset", name, known: known).inFile(path)
    }
    if subsets.count == 1 { return subsets[0] }
    if form != .descriptor || takesDefault {
      let marked = subsets.first(where: \.isDefault) ?? subsets.first { $0.name == "default" }
      if let marked { return marked }
    }
    throw DSXError(
      .usage, "the data set has \(known.count) subsets and none was chosen", file: path,
      hint: "choose one with --subset: " + known.joined(separator: ", "))
  }
}

extension DatasetLayout {
  /// The layout of a legacy descriptor.
  init(_ descriptor: Descriptor) {
    self.init(
      form: .descriptor, path: descriptor.path,
      subsets: descriptor.subsets.map { subset in
        Subset(
          name: subset.name,
          splits: subset.splits.map { split in
            Split(split.name, .legacy(meta: split.meta, file: split.file), args: split.args)
          }, isDefault: false, features: [])
      })
  }

  /// A layout with one subset, `default`.
  init(form: Form, path: String, splits: [Split], features: [Field] = []) {
    self.init(
      form: form, path: path,
      subsets: [Subset(name: "default", splits: splits, isDefault: true, features: features)])
  }
}

extension DatasetLayout.Subset {
  /// The split of that name. Throws `unknownName` with the known ones.
  func split(_ wanted: String, _ path: String) throws(DSXError) -> DatasetLayout.Split {
    if let found = splits.first(where: { $0.name == wanted }) { return found }
    throw DSXError.unknown("split", wanted, known: splits.map(\.name)).inFile(path)
  }

  /// Throws for a subset without splits.
  func check(_ path: String) throws(DSXError) {
    guard splits.isEmpty else { return }
    throw DSXError(
      .malformed, "the subset '\(name)' is empty: it has no split with data", file: path,
      hint: "a split needs 'meta' or 'file'")
  }
}
