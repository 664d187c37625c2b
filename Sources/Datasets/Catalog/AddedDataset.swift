public import DSXCore

/// The note that `dsx datasets add` leaves in a folder of the user's catalog, `.dsx-added.json`.
///
/// ```
/// { "format": "dsx-added", "version": 1, "source": "/data/mine", "mode": "copy" | "reference" }
/// ```
/// It makes the folder an entry, whatever lies in it, and is what `remove` looks for: nothing else is ever
/// removed.
public struct AddedDataset: Sendable {
  /// The name of the note.
  static let fileName = ".dsx-added.json"

  /// Where the data came from.
  public let source: String
  /// Whether the data was left there.
  public let isReference: Bool

  /// The path of the data when it was left where it was.
  var reference: String? { isReference ? source : nil }

  /// The note of a folder; nil when there is none. Throws `malformed` for one that cannot be read.
  init?(folder: String) throws(DSXError) {
    let path = FilePath.join(folder, Self.fileName)
    guard FilePath.exists(path) else { return nil }
    let json = try JSONParser.parse(file: path)
    guard json["format"]?.string == "dsx-added", json["version"]?.int == 1,
      let source = json["source"]?.string, let mode = json["mode"]?.string,
      ["copy", "reference"].contains(mode)
    else { throw DSXError(.malformed, "this is no note of 'dsx datasets add'", file: path) }
    self.source = source
    isReference = mode == "reference"
  }

  private static func text(_ source: String, isReference: Bool) -> String {
    let json: JSONValue = [
      "format": "dsx-added", "version": 1, "source": .string(source),
      "mode": .string(isReference ? "reference" : "copy"),
    ]
    return json.text(.indented) + "\n"
  }

  /// The layout of a path that was added by reference: a folder or one file.
  static func layout(_ path: String, _ name: String) throws(DSXError) -> DatasetLayout {
    if FilePath.isFolder(path) { return try CatalogEntry.layout(path, FilePath.split(path).name) }
    guard FilePath.size(path) != nil else {
      throw DSXError(
        .missingFile, "the data that '\(name)' refers to is gone", file: path,
        hint: "put it back, or 'dsx datasets remove \(name)'")
    }
    return try DatasetLayout(file: path, split: nil)
  }

  /// Adds a folder or file to the user's catalog, `root`, under a name: copied, or by reference.
  ///
  /// The entry appears whole or not at all. Throws `outputExists` when the name is taken there.
  public static func add(_ source: String, name: String, to root: String, isReference: Bool)
    throws(DSXError) -> String
  {
    guard FilePath.isPlainName(name), !name.hasPrefix(".") else {
      throw DSXError(.usage, "'\(name)' cannot be the name of a data set")
    }
    guard FilePath.size(source) != nil else {
      throw DSXError(.io, "there is no such file or folder", file: source)
    }
    let target = FilePath.join(root, name)
    guard !FilePath.exists(target) else {
      throw DSXError(
        .outputExists, "the data set '\(name)' is there already", file: target,
        hint: "'dsx datasets remove \(name)' first, or choose another --name")
    }
    let absolute = FilePath.absolute(source)
    guard !(FilePath.absolute(target) + "/").hasPrefix(absolute + "/") else {
      throw DSXError(
        .usage, "the user's catalog lies inside of the folder to add", file: source)
    }
    let folder = try AtomicFolder(target: target)
    do {
      let place = folder.path(name)
      try FilePath.makeFolder(place)
      if !isReference {
        if FilePath.isFolder(source) {
          try copy(source, to: place, from: FilePath.split(absolute).name, as: name)
        } else {
          try FilePath.copy(source, to: FilePath.join(place, FilePath.split(source).name))
        }
      }
      try FilePath.write(
        Array(text(absolute, isReference: isReference).utf8),
        to: FilePath.join(place, fileName))
      // What cannot be read is not added.
      _ = isReference ? try layout(absolute, name) : try CatalogEntry.layout(place, name)
      try folder.publish([name])
    } catch {
      folder.discard()
      throw error
    }
    return target
  }

  /// Throws `usage` for a name that stands for something else already, which the added set would hide: a
  /// data set that is not the user's, an alias, a loader.
  public static func checkName(_ name: String, homes: Homes) throws(DSXError) {
    let what: String
    if FileKind.loaders.contains(name) || name == "parquet" {
      what = "a loader"
    } else {
      let own = FilePath.identity(homes.addedDatasets)
      let catalog = DatasetCatalog(homes: homes)
      let isShipped = catalog.roots.contains { root in
        (own == nil || FilePath.identity(root) != own)
          && !DatasetCatalog.versions(FilePath.join(root, name), name).isEmpty
      }
      if isShipped {
        what = "a data set of the catalog"
      } else if let alias = catalog.aliases()[name], alias.name != name {
        what = "an alias of '\(alias.name)', subset '\(alias.subset)'"
      } else if catalog.cachedNames().contains(DatasetReference.defaultNamespace + "/" + name) {
        what = "a data set in ModelScope's cache"
      } else {
        return
      }
    }
    throw DSXError(.usage, "'\(name)' is \(what)", hint: "choose another --name")
  }

  /// Reads all of a folder or file that is to be added, and throws its first fault. `options`: how tables
  /// are read; nil takes what a descriptor says.
  public static func check(
    _ source: String, homes: Homes,
    options: (MsDataset) throws(DSXError) -> TableOptions? = { _ throws(DSXError) in nil }
  ) throws(DSXError) {
    guard FilePath.size(source) != nil else {
      throw DSXError(.io, "there is no such file or folder", file: source)
    }
    try checkLinks(source, root: FilePath.absolute(source), depth: 0)
    let entry = try MsDataset.find(FilePath.absolute(source), homes: homes).entry
    for subset in entry.layout.subsets {
      for split in subset.splits {
        for dataset in try entry.splits(of: subset.name, only: split.name) {
          var chosen = try options(dataset) ?? dataset.options
          chosen.namesOptions = false
          if let fault = DatasetCheck.run(dataset, options: chosen).faults.first { throw fault }
        }
      }
    }
  }

  /// Throws for a link that leads out of the folder: what it names is not the data set's.
  private static func checkLinks(_ path: String, root: String, depth: Int) throws(DSXError) {
    guard FilePath.isFolder(path) else { return }
    guard depth < 32 else {
      throw DSXError(.malformed, "folders are nested more than 32 deep", file: path)
    }
    for item in try FilePath.list(path) where !item.hasPrefix(".dsx-") {
      let inner = FilePath.join(path, item)
      let place = FilePath.absolute(inner)
      guard (place + "/").hasPrefix(root == "/" ? root : root + "/") else {
        throw DSXError(
          .malformed, "the link leads out of the folder", file: inner,
          hint: "put the file itself in its place")
      }
      try checkLinks(inner, root: root, depth: depth + 1)
    }
  }

  /// Copies a folder; its own descriptor gets the new name.
  private static func copy(
    _ source: String, to target: String, from old: String, as name: String, depth: Int = 0
  ) throws(DSXError) {
    guard depth < 32 else {
      throw DSXError(.malformed, "folders are nested more than 32 deep", file: source)
    }
    for item in try FilePath.list(source) where !item.hasPrefix(".dsx-") {
      let from = FilePath.join(source, item)
      let renamed = depth == 0 && item == old + ".json" ? name + ".json" : item
      let to = FilePath.join(target, renamed)
      if FilePath.isFolder(from) {
        try FilePath.makeFolder(to)
        try copy(from, to: to, from: old, as: name, depth: depth + 1)
      } else if FilePath.size(from) != nil {
        try FilePath.copy(from, to: to)
      }
    }
  }

  /// Removes an entry that `add` made. Throws `usage` for any other, `unknownName` for none.
  public static func remove(_ name: String, from root: String) throws(DSXError) -> AddedDataset {
    let folder = FilePath.join(root, name)
    let known = ((try? FilePath.list(root)) ?? []).filter {
      FilePath.exists(FilePath.join(FilePath.join(root, $0), fileName))
    }
    guard FilePath.isPlainName(name), FilePath.isFolder(folder) else {
      throw DSXError.unknown("added data set", name, known: known)
    }
    guard let note = try AddedDataset(folder: folder) else {
      throw DSXError(
        .usage, "'\(name)' was not added by 'dsx datasets add'", file: folder,
        hint: "only what was added is removed: "
          + (known.isEmpty ? "nothing was" : known.joined(separator: ", ")))
    }
    try FilePath.removeTree(folder)
    return note
  }
}
