internal import DSXCore

/// A file that a command is to write beside its report.
struct ScoreTarget {
  /// What the file is.
  enum Kind {
    /// Summed statistics: `--save-state`.
    case state
    /// Examples' own statistics: `--per-example`.
    case examples

    /// What every such file begins with.
    var head: String {
      switch self {
      case .state: "{\"dsx-score-state\":"
      case .examples: "{\"dsx-examples\":"
      }
    }
    var title: String {
      switch self {
      case .state: "saved state"
      case .examples: "file of examples"
      }
    }
  }
  let path: String
  let kind: Kind

  /// Refuses targets that are an input or one another, existing files that are not of their own kind,
  /// and folders that are not there: before anything is read, so that no work is lost.
  static func check(_ targets: [ScoreTarget], inputs: [String]) throws(DSXError) {
    let sources = Set(inputs.compactMap(FilePath.identity))
    for (place, target) in targets.enumerated() {
      let path = target.path
      let (folder, name) = FilePath.split(path)
      guard FilePath.isFolder(folder) else {
        throw DSXError(.io, "there is no folder '\(folder)' to write into", file: path)
      }
      for other in targets[..<place] {
        let (otherFolder, otherName) = FilePath.split(other.path)
        let isSame =
          name == otherName && FilePath.identity(folder) == FilePath.identity(otherFolder)
        let identity = FilePath.identity(path)
        guard !isSame, identity == nil || identity != FilePath.identity(other.path) else {
          throw DSXError(
            .outputExists, "a \(other.kind.title) and a \(target.kind.title) go to one file",
            file: path, hint: "give each its own")
        }
      }
      guard let identity = FilePath.identity(path) else { continue }
      guard !sources.contains(identity) else {
        throw DSXError(
          .outputExists, "the file is read: it cannot be written too", file: path,
          hint: "write to another file")
      }
      guard FilePath.isPlainFile(path), try target.isOwn() else {
        throw DSXError(
          .outputExists, "what is there is no \(target.kind.title) of dsx: it is not overwritten",
          file: path, hint: "write to another file, or remove this one")
      }
    }
  }

  /// Whether the file that is there begins as one of this kind does.
  private func isOwn() throws(DSXError) -> Bool {
    let file = try MappedFile(path: path)
    return file.withBytes { $0.starts(with: kind.head.utf8) }
  }
}
