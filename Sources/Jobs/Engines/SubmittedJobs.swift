public import DSXCore

/// The record of what was submitted for a work folder: `jobs.json`.
///
/// ```
/// { "format": "dsx-jobs", "version": 1, "id": the plan's, "work": path, "last": 3,
///   "jobs": [{number, name, id, step, shards_per_task, first_task, indices, script}],
///   "local": {pid, started, host} or null }
/// ```
public struct SubmittedJobs: Hashable, Sendable {
  /// The version that is written and read.
  public static let version = 1

  /// The id of the plan.
  public var id: String
  /// The work folder, as an absolute path.
  public var work: String
  /// The number of the last job, also of an earlier plan: names of scripts and logs are used once.
  public var last: Int
  /// The jobs in Slurm's queue, in the order in which they were submitted.
  public var jobs: [SubmittedJob] = []
  /// The process that makes the job on its own machine.
  public var local: ProcessIdentity?

  /// The record of a plan of which nothing has been submitted.
  public init(id: String, work: String, last: Int = 0) {
    self.id = id
    self.work = work
    self.last = last
  }

  /// The beginning of the names of all its jobs: `dsx-1a2b3c4d`, of the plan and the work folder.
  public var namePrefix: String {
    "dsx-" + String(SHA256.hex(id + "\n" + work).prefix(8))
  }

  /// The JSON text, with a line feed at its end.
  public var text: String {
    let json: JSONValue = [
      "format": "dsx-jobs", "version": .int(Int64(Self.version)), "id": .string(id),
      "work": .string(work), "last": .int(Int64(last)), "jobs": .array(jobs.map(\.json)),
      "local": local.map(\.json) ?? .null,
    ]
    return json.text(.indented) + "\n"
  }

  /// Reads a record. Throws `malformed` when it is none.
  public init(path: String) throws(DSXError) {
    do throws(DSXError) {
      try self.init(json: try JSONParser.parse(file: path))
    } catch {
      throw error.inFile(path)
    }
  }

  init(json: JSONValue) throws(DSXError) {
    guard json["format"]?.string == "dsx-jobs", json["version"]?.int == Self.version else {
      throw DSXError(
        .malformed, "this is no record of submitted jobs, or of another version of dsx")
    }
    guard let id = json["id"]?.string, let work = json["work"]?.string,
      let last = json["last"]?.int, (0...(1 << 40)).contains(last), let list = json["jobs"]?.array
    else { throw DSXError(.malformed, "the record of submitted jobs is not complete") }
    self.init(id: id, work: work, last: last)
    for job in list { jobs.append(try SubmittedJob(json: job)) }
    local = json["local"].flatMap { ProcessIdentity(json: $0) }
  }
}
