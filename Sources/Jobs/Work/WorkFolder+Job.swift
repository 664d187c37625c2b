public import DSXCore
internal import Glibc

/// A job by its work folder or its output, as engines and `status` take it.
extension WorkFolder {
  /// The path of a job's work folder, when it is there: of one given itself, or of an output's.
  public static func find(job path: String) -> String? {
    [path, WorkFolder.path(forOutput: path)].first {
      FilePath.exists(FilePath.join($0, WorkPlan.fileName))
    }
  }

  /// The work folder of a job, with an absolute path. Throws `usage` when there is none.
  public init(job path: String) throws(DSXError) {
    guard let found = Self.find(job: path) else {
      throw DSXError(
        .usage, "there is no work folder with a plan", file: path,
        hint: "name an output or a work folder; 'plan' and 'dsx submit' make one")
    }
    guard let real = realpath(found, nil) else {
      throw DSXError.system("cannot find the work folder", file: found)
    }
    defer { free(real) }
    try self.init(path: String(cString: real))
    // Where a merging that died half-way has put files already.
    movesTo = FilePath.split(self.path).folder
  }

  /// The shards of a step without a finished part, in order.
  public func missing(_ step: WorkStep) throws(DSXError) -> [Int] {
    var missing: [Int] = []
    for shard in 0..<step.shards where try manifest(step, shard) == nil { missing.append(shard) }
    return missing
  }
}
