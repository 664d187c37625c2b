internal import ArgumentParser
internal import Records

/// `dsx records rename OLD NEW`
struct RecordsRename: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "rename",
    abstract: "Give a set another name: the files, and the names inside of headers and indexes.",
    discussion: """
      MindSpore refuses files that were renamed with mv, because headers and indexes hold the names. \
      Nothing is replaced: a file of the new name is an error (exit code 2). The old files go \
      when the new ones are in place. Prints the new names.

      Example:
        dsx records rename prepared.mindrecord corpus.mindrecord
      """)

  @Argument(help: "A data file of the set, or what the names of its files begin with.")
  var old: String
  @Argument(help: "The new name; the files of a set of several get numbers behind it.")
  var new: String

  func run() throws {
    for path in try RecordRename.run(from: old, to: new) { Output.line(path) }
    if RecordsManifest(for: old) != nil {
      Output.message("the manifest beside \(old) still speaks of the old names")
    }
  }
}
