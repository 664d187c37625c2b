public import DSXCore
internal import Glibc

/// A job by its work folder or its output, as engines and `status` take it.
extension WorkFolder {
  /// The work folder of a job, with an absolute path. Throws `usage` when there is none, `alreadyMade`
  /// when that is because the job is finished.
  public init(job path: String) throws(DSXError) {
    let found = try Self.find(path)
    guard let real = realpath(found, nil) else {
      throw DSXError.system("cannot find the work folder", file: found)
    }
    defer { free(real) }
    try self.init(path: String(cString: real))
    // Where a merging that died half-way, or at its very end, has put files already.
    movesTo = FilePath.split(self.path).folder
    published = Self.output(ofWork: self.path).flatMap {
      try? JobManifest(path: $0 + ".manifest.json")
    }
    if published?.plan != work.plan { published = nil }
  }

  /// The output whose work folder has this path: `X` of `X.work`; nil for other names.
  static func output(ofWork path: String) -> String? {
    let (folder, name) = FilePath.split(path)
    guard name.hasSuffix(".work"), name.utf8.count > 5 else { return nil }
    return FilePath.join(folder, String(name.dropLast(5)))
  }

  /// Whether the folder is no place to make parts in: it is being merged or planned anew, or is gone
  /// because it was merged.
  public var isClosed: Bool {
    FileLock.isHeld(FilePath.join(path, "lock"))
      || !FilePath.exists(FilePath.join(path, WorkPlan.fileName))
  }

  /// Whether a live process plans, makes parts or merges here, as far as locks tell it.
  public var isInUse: Bool { FileLock.isHeld(FilePath.join(path, "lock"), orShared: true) }
}

extension DSXError.Code {
  /// There is nothing to do: what was asked for was made from the same things already.
  public static let alreadyMade = Self("already-made", .ok)
}
