public import DSXCore

/// What `MsDataset.load` gives: one split, several, or a custom data set that has no rows of its own.
public enum LoadedDataset: Sendable {
  /// One split: it was asked for, or the only one.
  case one(MsDataset)
  /// Several splits, in the descriptor's order.
  case splits([MsDataset])
  /// A custom data set: archives or folders, and the arguments that go with them.
  case custom(CustomDataset)

  /// All splits, in order.
  public var all: [MsDataset] {
    switch self {
    case .one(let dataset): [dataset]
    case .splits(let datasets): datasets
    case .custom(let custom): custom.splits
    }
  }

  /// The split of that name.
  public subscript(_ split: String) -> MsDataset? { all.first { $0.split == split } }

  /// The only split. Throws `usage` with the known ones when there are several.
  public func only() throws(DSXError) -> MsDataset {
    let all = all
    guard all.count == 1 else {
      let subset = all.first?.subset ?? "default"
      throw DSXError(
        .usage, "the subset '\(subset)' has \(all.count) splits and none was chosen",
        hint: "choose one with --split: " + all.map(\.split).joined(separator: ", "))
    }
    return all[0]
  }
}

/// A custom data set of ModelScope: each split is an archive or a folder that some task's own code reads.
///
/// The archives are not unpacked: `members(of:)` and `bytes(of:)` read them in place.
public struct CustomDataset: Sendable {
  /// The splits, in order; their content is `custom`.
  public let splits: [MsDataset]
  /// What is handed on: the first split's `args`, the caller's arguments, and `split_config` with the
  /// path of each split. ModelScope's `config_kwargs`.
  public let configuration: JSONValue

  init(_ splits: [MsDataset], arguments: [JSONValue.Member]) {
    self.splits = splits
    var members = splits.first?.args ?? []
    for argument in arguments {
      if let place = members.firstIndex(where: { $0.name == argument.name }) {
        members[place] = argument
      } else {
        members.append(argument)
      }
    }
    let paths = splits.map { JSONValue.Member($0.split, .string($0.table)) }
    members.removeAll { $0.name == "split_config" }
    members.append(.init("split_config", .object(paths)))
    configuration = .object(members)
  }

  /// The files of a split, sorted by the bytes of their names.
  public func members(of split: String) throws(DSXError) -> [DataFile] {
    guard let found = splits.first(where: { $0.split == split }) else {
      throw DSXError.unknown("split", split, known: splits.map(\.split))
    }
    let tree =
      FilePath.isFolder(found.table)
      ? try FileTree(folder: found.table) : try FileTree(archive: found.table)
    return tree.names.map(tree.file)
  }
}
