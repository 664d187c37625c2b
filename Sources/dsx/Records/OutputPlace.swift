internal import DSXCore

/// A place that a file is written to, the same whatever path leads to it: `x` and `./x` are one.
struct OutputPlace: Hashable {
  private let folder: FilePath.Identity?
  /// The folder's path, where it does not exist yet.
  private let path: String
  private let name: String

  init(_ path: String) {
    let (folder, name) = FilePath.split(path)
    self.folder = FilePath.identity(folder)
    self.path = self.folder == nil ? folder : ""
    self.name = name
  }

  /// Throws `usage` when two sets would share a file: a data file, an index or a manifest.
  static func check(_ sets: [String]) throws(DSXError) {
    var taken: [OutputPlace: String] = [:]
    for set in sets {
      for file in [set, set + ".db", set + ".manifest.json"] {
        guard let other = taken.updateValue(set, forKey: OutputPlace(file)) else { continue }
        throw DSXError(
          .usage, "the outputs '\(other)' and '\(set)' would write the same file", file: file,
          hint: "give each part an output of its own")
      }
    }
  }
}
