public import DSXCore
internal import Glibc

/// What engines keep of a job: `OUTPUT.submit`, beside `OUTPUT.work`.
///
/// | path | content |
/// | --- | --- |
/// | `jobs.json` | `SubmittedJobs` |
/// | `0001-encode.sbatch` | a script as it was submitted |
/// | `logs/0001-encode-17.log` | what task 17 of it printed |
/// | `times.jsonl` | `TaskTimes` |
/// | `lock` | locked while somebody submits |
///
/// Not inside of the work folder, which goes when the job is merged while the log of the merging job is
/// still open.
public struct SubmitFolder: Sendable {
  /// The folder.
  public let path: String

  /// The folder of a job, by the path of its work folder or its output.
  public init(of job: String) {
    let (folder, name) = FilePath.split(job)
    // An output may be named like a work folder: its own record tells, unless there is a plan inside.
    let isWork =
      name.hasSuffix(".work")
      && (FilePath.exists(FilePath.join(job, "plan.json"))
        || !FilePath.isFolder(FilePath.join(folder, name + ".submit")))
    let stem = isWork ? String(name.dropLast(5)) : name
    path = FilePath.join(folder, stem + ".submit")
  }

  /// Where the jobs are recorded.
  public var jobsPath: String { FilePath.join(path, "jobs.json") }
  /// Where the logs are.
  public var logsPath: String { FilePath.join(path, "logs") }
  /// Where times are recorded.
  public var timesPath: String { FilePath.join(path, "times.jsonl") }
  /// Whether it is there.
  public var exists: Bool { FilePath.isFolder(path) }

  /// Makes it.
  public func make() throws(DSXError) { try FilePath.makeFolder(logsPath) }

  /// What was submitted; nil when nothing was. Throws when the record is damaged.
  public func jobs() throws(DSXError) -> SubmittedJobs? {
    guard FilePath.exists(jobsPath) else { return nil }
    return try SubmittedJobs(path: jobsPath)
  }

  /// Records what was submitted.
  public func write(_ jobs: SubmittedJobs) throws(DSXError) {
    try SmallFile.write(jobs.text, to: jobsPath)
  }

  /// Writes a script, once.
  public func write(script: String, name: String) throws(DSXError) {
    try SmallFile.write(script, to: FilePath.join(path, name))
  }

  /// Takes the lock of those who submit. Throws `outputExists` while another process has it.
  public func lock() throws(DSXError) -> SubmitLock {
    guard let lock = try FileLock(FilePath.join(path, "lock")) else {
      throw DSXError(
        .outputExists, "another dsx submits this job", file: path,
        hint: "'dsx status' shows how far it is, 'dsx cancel' ends it")
    }
    return SubmitLock(lock)
  }
}

/// Held by the one process that submits a job.
public final class SubmitLock: Sendable {
  private let lock: FileLock
  init(_ lock: FileLock) { self.lock = lock }

  /// Gives it up.
  public func release() { lock.release(remove: true) }
}
