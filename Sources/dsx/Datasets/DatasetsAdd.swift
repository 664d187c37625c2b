internal import ArgumentParser
internal import DSXCore
internal import Datasets

/// `dsx datasets add PATH`
struct DatasetsAdd: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "add",
    abstract: "Add a local folder or file to your catalog under a name.",
    discussion: """
      The data is copied into your data folder ($XDG_DATA_HOME/dsx/datasets), whole or not \
      at all; --reference leaves it where it is and keeps its path. All of it is read first, \
      and what has a fault is not added; how tables are read is not kept.

      Examples:
        dsx datasets add ./reviews --name reviews
        dsx datasets add big.csv --reference
      """)

  @Argument(help: "A folder or file.") var path: String
  @Option(help: "The name (default: that of the folder, or of the file without extension).")
  var name: String?
  @Flag(help: "Leave the data where it is.") var reference = false
  @OptionGroup var table: DatasetTableOptions

  func run() throws {
    let homes = Homes.current()
    let name = name ?? Self.name(path)
    try AddedDataset.checkName(name, homes: homes)
    if !FilePath.exists(FilePath.join(homes.addedDatasets, name)) {
      try AddedDataset.check(path, homes: homes) { (dataset) throws(DSXError) in
        do { return try table.options(for: dataset) } catch {
          throw (error as? DSXError) ?? DSXError(.usage, "\(error)")
        }
      }
    }
    let target = try AddedDataset.add(
      path, name: name, to: homes.addedDatasets, isReference: reference)
    Output.line("\(FilePath.split(target).name): added to \(target)")
  }

  private static func name(_ path: String) -> String {
    let last = FilePath.split(path).name
    guard !FilePath.isFolder(path), let dot = last.lastIndex(of: "."), dot > last.startIndex else {
      return last
    }
    return String(last[..<dot])
  }
}

/// `dsx datasets remove NAME`
struct DatasetsRemove: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "remove",
    abstract: "Remove a data set that was added.",
    discussion: """
      Only what 'dsx datasets add' added; of a reference the note, never the data.

      Example:
        dsx datasets remove reviews
      """)

  @Argument(help: "The name that it was added under.") var name: String

  func run() throws {
    let note = try AddedDataset.remove(name, from: Homes.current().addedDatasets)
    Output.line(
      "\(name): removed" + (note.isReference ? " (the data stays at \(note.source))" : ""))
  }
}
