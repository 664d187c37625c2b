public import DSXCore
internal import Glibc

/// A job by its work folder or its output, as engines and `status` take it.
extension WorkFolder {
  /// The work folder of a job, with an absolute path. Throws `usage` when there is none.
  public init(job path: String) throws(DSXError) {
    let found = try Self.find(path)
    guard let real = realpath(found, nil) else {
      throw DSXError.system("cannot find the work folder", file: found)
    }
    defer { free(real) }
    try self.init(path: String(cString: real))
    // Where a merging that died half-way has put files already.
    movesTo = FilePath.split(self.path).folder
  }

  /// Whether the folder is no place to make parts in: it is being merged or planned anew, or is gone
  /// because it was merged.
  public var isClosed: Bool {
    FileLock.isHeld(FilePath.join(path, "lock"))
      || !FilePath.exists(FilePath.join(path, WorkPlan.fileName))
  }
}

extension DSXError.Code {
  /// A job is to be planned whose output was made from the same things already.
  public static let alreadyMade = Self("already-made", .usage)
}
