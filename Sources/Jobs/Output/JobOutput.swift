public import DSXCore
internal import Glibc

/// The place that a job writes to: some files and, published after them, `PATH.manifest.json`.
///
/// What is there is one of: nothing; a finished job (manifest and files); the leftover of a job that
/// was killed while its files were moved into place; or something else, which is never overwritten
/// without being asked to.
public struct JobOutput: Sendable {
  /// The path that the user named.
  public let path: String
  /// The names of the files that this job publishes, when they are all known beforehand.
  public let names: [String]

  /// An output at `path` whose main files are called `names`, all in the folder of `path`.
  public init(path: String, names: [String]) {
    self.path = path
    self.names = names
  }

  /// The folder of all files.
  public var folder: String { FilePath.split(path).folder }
  /// The name of the manifest.
  public var manifestName: String { FilePath.split(path).name + ".manifest.json" }
  /// The path of the manifest.
  public var manifestPath: String { FilePath.join(folder, manifestName) }

  /// What may be done here.
  public enum State: Sendable {
    /// Nothing is in the way.
    case free
    /// A job with this plan is finished.
    case finished(JobManifest)
  }

  /// Looks at what is there. `plan` is called with the manifest that was found, so that inputs are
  /// hashed only when it matters; `mayReplace` says whether a main file that no manifest vouches for
  /// is of the kind that this job writes, so that `overwrite` cannot destroy anything else.
  ///
  /// A finished job's files are compared with their SHA-256. Throws `outputExists` when something
  /// else is there and `overwrite` is not set, or may not be replaced.
  public func inspect(
    overwrite: Bool, mayReplace: (String) -> Bool = { _ in false },
    plan: (JobManifest) throws(DSXError) -> JobPlan
  ) throws(DSXError) -> State {
    if FilePath.isFolder(path) {
      throw DSXError(.usage, "the output is a folder", file: path, hint: "name a file in it")
    }
    if FilePath.exists(manifestPath) {
      return try inspectManifest(overwrite: overwrite, mayReplace: mayReplace, plan: plan)
    }
    guard let there = names.first(where: { isThere($0) }) else { return .free }
    // A job that was killed while it published left its manifest in the temporary or the work folder.
    let temporary = FilePath.join(folder, AtomicFolder.temporaryName(FilePath.split(path).name))
    for leftover in [
      FilePath.join(temporary, manifestName), WorkFolder.manifestPath(forOutput: path),
    ] where FilePath.exists(leftover) {
      guard let manifest = try? JobManifest(path: leftover) else { continue }
      if try plan(manifest) == manifest.plan { return .free }
      // Files of a job that died while it moved them cannot be opened as a set, but are known.
      if overwrite {
        for name in names where isThere(name) && !isNamed(name, manifest) {
          try checkReplaceable(name, mayReplace)
        }
        return .free
      }
    }
    if overwrite {
      for name in names where isThere(name) { try checkReplaceable(name, mayReplace) }
      return .free
    }
    throw exists(there, "it has no manifest that says what it was made from")
  }

  private func inspectManifest(
    overwrite: Bool, mayReplace: (String) -> Bool, plan: (JobManifest) throws(DSXError) -> JobPlan
  ) throws(DSXError) -> State {
    let manifest: JobManifest
    do {
      manifest = try JobManifest(path: manifestPath)
    } catch {
      if overwrite {
        try checkManifest()
        for name in names where isThere(name) { try checkReplaceable(name, mayReplace) }
        return .free
      }
      throw exists(manifestName, error.message)
    }
    if overwrite {
      for name in names where isThere(name) {
        if !isNamed(name, manifest) { try checkReplaceable(name, mayReplace) }
      }
      return .free
    }
    let planned = try plan(manifest)
    if let difference = planned.difference(from: manifest.plan) {
      throw exists(names.first ?? manifestName, difference)
    }
    for output in manifest.outputs {
      let file = FilePath.join(folder, output.name)
      // A file that is gone can be made again; one that changed may hold someone's work.
      guard let size = FilePath.size(file) else { return .free }
      let found = size == output.size ? try FileFingerprint.of(path: file) : nil
      guard found == output else { throw exists(output.name, "it was changed since dsx wrote it") }
    }
    return .finished(manifest)
  }

  /// Whether a manifest names the file, with the size that it has.
  private func isNamed(_ name: String, _ manifest: JobManifest) -> Bool {
    let size = FilePath.size(FilePath.join(folder, name))
    return manifest.outputs.contains { $0.name == name && $0.size == size }
  }

  /// Removes what a job that died while its files were moved from `work` had moved, so that the work
  /// folder can be given up.
  public func discardMoved(from work: String) throws(DSXError) {
    guard !FilePath.exists(manifestPath),
      let manifest = try? JobManifest(path: WorkFolder.manifestPath(in: work))
    else { return }
    for file in manifest.outputs { try remove(file) }
  }

  /// Throws unless the file is a regular one of the kind that this job writes, or empty.
  private func checkReplaceable(_ name: String, _ mayReplace: (String) -> Bool) throws(DSXError) {
    let file = FilePath.join(folder, name)
    if FilePath.isPlainFile(file), FilePath.size(file) == 0 || mayReplace(file) { return }
    throw DSXError(
      .outputExists, "the output is there already, and dsx did not write it", file: file,
      hint: "--overwrite only replaces what dsx wrote; remove it, or choose another --output")
  }

  /// Throws when what lies in the manifest's place, and cannot be read as one, never was one.
  private func checkManifest() throws(DSXError) {
    let isOurs: Bool
    do throws(DSXError) {
      let mark = Array("dsx-manifest".utf8)
      isOurs = try MappedFile(path: manifestPath).withBytes { bytes in
        let head = bytes.prefix(4096)
        return head.isEmpty
          || head.indices.dropLast(mark.count - 1).contains { head[$0...].starts(with: mark) }
      }
    } catch { isOurs = false }
    guard !isOurs else { return }
    throw DSXError(
      .outputExists, "a file that dsx did not write has the manifest's name", file: manifestPath,
      hint: "--overwrite only replaces what dsx wrote; remove it, or choose another --output")
  }

  /// Starts writing: a temporary folder beside the output.
  public func begin() throws(DSXError) -> AtomicFolder { try AtomicFolder(target: path) }

  /// Publishes every file in `temporary` and then the manifest. Files of an earlier job that are not
  /// written again are removed, its manifest first, so that at no point a manifest stands beside
  /// files that are not its own.
  public func publish(
    _ temporary: AtomicFolder, plan: JobPlan, counts: JSONValue
  ) throws(DSXError) -> JobManifest {
    let written = try FilePath.list(temporary.temporary)
    var outputs: [FileFingerprint] = []
    for name in written { outputs.append(try FileFingerprint.of(path: temporary.path(name))) }
    let manifest = JobManifest(plan: plan, outputs: outputs, counts: counts)
    try FilePath.write(Array(manifest.text.utf8), to: temporary.path(manifestName))
    if FilePath.exists(manifestPath) {
      let old = (try? JobManifest(path: manifestPath))?.outputs ?? []
      try FilePath.removeTree(manifestPath)
      for file in old where !written.contains(file.name) { try remove(file) }
    }
    try temporary.publish(written + [manifestName])
    return manifest
  }

  /// Moves the files of finished parts, which are on disk already, into place, in the order given, and
  /// publishes the manifest after them. Files of an earlier job that are not written again are removed,
  /// its manifest first.
  ///
  /// Can be repeated after a death in between: what is in place already is left there. `sources` are
  /// paths; `manifest.outputs` their fingerprints; `obsolete` further files of an earlier job.
  public func publish(
    _ sources: [String], _ manifest: JobManifest, from work: WorkFolder, obsolete: [String] = []
  ) throws(DSXError) {
    try SmallFile.write(manifest.text, to: work.manifestPath)
    if FilePath.exists(manifestPath) {
      let old = (try? JobManifest(path: manifestPath))?.outputs ?? []
      try FilePath.removeTree(manifestPath)
      // All of them: a set of some old and some new files would be nobody's.
      for file in old { try remove(file) }
    }
    for path in obsolete { try FilePath.removeTree(path) }
    for source in sources {
      let target = FilePath.join(folder, FilePath.split(source).name)
      if !FilePath.exists(source), FilePath.exists(target) { continue }
      guard rename(source, target) == 0 else {
        throw DSXError.system("cannot move the finished file into place", file: target)
      }
    }
    try FilePath.flush(folder)
    guard rename(work.manifestPath, manifestPath) == 0 else {
      throw DSXError.system("cannot move the finished file into place", file: manifestPath)
    }
    try FilePath.flush(folder)
  }

  /// Removes a file of an earlier job, if it still is that file. The manifest that names it is an input
  /// like any other: it must not lead out of the folder or to anything that the job did not write.
  private func remove(_ file: FileFingerprint) throws(DSXError) {
    let target = FilePath.join(folder, file.name)
    guard FilePath.isPlainName(file.name), !FilePath.isFolder(target),
      FilePath.size(target) == file.size
    else { return }
    try FilePath.removeTree(target)
  }

  private func isThere(_ name: String) -> Bool { FilePath.exists(FilePath.join(folder, name)) }

  private func exists(_ name: String, _ reason: String) -> DSXError {
    DSXError(
      .outputExists, "the output is there already, and " + reason,
      file: FilePath.join(folder, name),
      hint: "add --overwrite to replace it, or choose another --output")
  }
}
