public import DSXCore
internal import Glibc

/// The folder in which a job's parts lie until they are merged: `OUTPUT.work`.
///
/// | path | content |
/// | --- | --- |
/// | `plan.json` | `WorkPlan` |
/// | `lock` | locked alone while the job is planned or merged, shared while parts are made |
/// | `STEP/part-00017-of-00120/` | the files of a finished part |
/// | `STEP/part-00017-of-00120.json` | its `ShardManifest`, written last |
/// | `STEP/part-00017-of-00120.lock` | locked while a process makes the part |
/// | `STEP/part-00017-of-00120.failed.json` | why the last attempt failed |
/// | `STEP/.tmp-part-...` | a part under way |
/// | `manifest.json` | the job's manifest, while its files are moved to the output |
///
/// Several processes may work in one folder. A part comes into being by the rename of a folder whose
/// files are on disk, then its manifest by another rename: nobody ever sees half of one.
public struct WorkFolder: Sendable {
  /// The folder.
  public let path: String
  /// What is made in it.
  public let work: WorkPlan
  /// The folder that the files of parts are moved to at the end: once that has begun they may lie there.
  public var movesTo: String?
  /// The manifest of the output, when it is this very plan's: the files of parts may lie in `movesTo`.
  var published: JobManifest?

  /// The folder of a plan that was written before.
  init(path: String, work: WorkPlan) {
    self.path = path
    self.work = work
  }

  /// Opens a folder that has a plan. Throws `io` when there is none.
  public init(path: String) throws(DSXError) {
    let plan = FilePath.join(path, WorkPlan.fileName)
    guard FilePath.exists(plan) else {
      throw DSXError(
        .usage, "there is no work folder with a plan", file: path,
        hint: "'dsx prepare plan ... --output X' makes X.work")
    }
    self.init(path: path, work: try WorkPlan(path: plan))
  }

  /// Where the work folder of an output lies.
  public static func path(forOutput output: String) -> String {
    let (folder, name) = FilePath.split(output)
    return FilePath.join(folder, name + ".work")
  }

  /// Makes the folder and writes the plan; fine when the same plan is there.
  public static func create(path: String, _ work: WorkPlan) throws(DSXError) -> WorkFolder {
    try FilePath.makeFolder(path)
    for step in work.steps { try FilePath.makeFolder(FilePath.join(path, step.name)) }
    try SmallFile.write(work.text, to: FilePath.join(path, WorkPlan.fileName))
    return WorkFolder(path: path, work: work)
  }

  /// The path of the job's manifest while it is published.
  public var manifestPath: String { FilePath.join(path, Self.manifestName) }

  private static let manifestName = "manifest.json"

  /// The same for the work folder of an output.
  static func manifestPath(forOutput output: String) -> String {
    manifestPath(in: path(forOutput: output))
  }

  /// The same for the work folder at `path`.
  static func manifestPath(in path: String) -> String { FilePath.join(path, manifestName) }

  /// The step of that name.
  public func step(_ name: String) throws(DSXError) -> WorkStep {
    if let step = work.steps.first(where: { $0.name == name }) { return step }
    throw DSXError(
      .usage, "the plan has no step '\(name)'", file: path,
      hint: "its steps are " + work.steps.map(\.name).joined(separator: ", "))
  }

  /// The folder of a finished part.
  public func part(_ step: WorkStep, _ shard: Int) -> String {
    FilePath.join(FilePath.join(path, step.name), step.partName(shard))
  }

  /// The manifest of a part that is finished: it belongs to this plan and its files have their sizes
  /// (with `verify` also their SHA-256). nil when it has to be made.
  ///
  /// Throws `outputExists` when the part belongs to another plan.
  public func manifest(_ step: WorkStep, _ shard: Int, verify: Bool = false) throws(DSXError)
    -> ShardManifest?
  {
    let file = part(step, shard) + ".json"
    guard FilePath.exists(file), let manifest = try? ShardManifest(path: file) else { return nil }
    guard manifest.id == work.id, manifest.step == step.name, manifest.shard == shard,
      manifest.shards == step.shards
    else {
      throw DSXError(
        .outputExists, "a part belongs to another plan", file: file,
        hint: "it was put there by hand; remove it")
    }
    let moved = published != nil || FilePath.exists(manifestPath) ? movesTo : nil
    for digest in manifest.files {
      var path = FilePath.join(part(step, shard), digest.name)
      if !FilePath.exists(path), let moved { path = FilePath.join(moved, digest.name) }
      guard FilePath.size(path) == digest.size else { return nil }
      if verify, try FileDigest(path: path) != digest { return nil }
    }
    return manifest
  }

  /// What is known of a shard. Reads small files only.
  public func state(_ step: WorkStep, _ shard: Int) throws(DSXError) -> ShardState {
    if let manifest = try manifest(step, shard) { return .done(manifest) }
    let lock = part(step, shard) + ".lock"
    if FileLock.isHeld(lock) { return .running(Self.text(lock)) }
    let failed = part(step, shard) + ".failed.json"
    if FilePath.exists(failed) {
      let json = try? JSONParser.parse(file: failed)
      return .failed(json?["message"]?.string ?? "unknown")
    }
    return .missing
  }

  /// Whether any part of any step is finished.
  public var hasFinishedParts: Bool {
    for step in work.steps {
      let folder = FilePath.join(path, step.name)
      let names = (try? FilePath.list(folder)) ?? []
      let isManifest = { (name: String) in
        name.hasPrefix("part-") && name.hasSuffix(".json") && !name.hasSuffix(".failed.json")
      }
      if names.contains(where: isManifest) { return true }
    }
    return false
  }

  /// Removes the folder with all in it. The plan goes last: as long as it is there, the next run knows
  /// the folder and ends what a death in between left.
  public func remove() throws(DSXError) {
    for name in try FilePath.list(path) where name != WorkPlan.fileName {
      try FilePath.removeTree(FilePath.join(path, name))
    }
    try FilePath.removeTree(path)
  }

  /// Removes a work folder that holds nothing: what is left of one whose removal ended before its last
  /// step. Anything else stays.
  public static func removeEmpty(_ path: String) { rmdir(path) }

  static func text(_ path: String) -> String {
    guard let file = try? MappedFile(path: path) else { return "" }
    return file.withBytes { String(decoding: $0.prefix(200), as: UTF8.self) }
  }
}
