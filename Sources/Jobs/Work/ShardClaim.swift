public import DSXCore
internal import Glibc

/// One shard that this process is making: a lock, and a temporary folder for its files.
///
/// End it with `publish`, `fail` or `drop`; a claim that is let go of is dropped.
public final class ShardClaim: @unchecked Sendable {
  /// The step.
  public let step: WorkStep
  /// The shard's number.
  public let shard: Int
  /// Where the files are written.
  public let folder: String

  private let work: WorkFolder
  private let lock: FileLock
  private var isOpen = true
  private var digests: [String: FileDigest] = [:]

  fileprivate init(_ work: WorkFolder, _ step: WorkStep, _ shard: Int, _ lock: FileLock)
    throws(DSXError)
  {
    self.work = work
    self.step = step
    self.shard = shard
    self.lock = lock
    let parent = FilePath.join(work.path, step.name)
    let prefix = Self.prefix(step, shard)
    folder = FilePath.join(parent, prefix + "\(getpid())")
    lock.sign("process \(getpid()) on \(ProcessIdentity.hostName)")
    // Whoever left these is dead, or the lock would not be ours. Those of other machines stay until the
    // merging: where locks do not reach from one to the other, somebody may be writing there.
    for name in try FilePath.list(parent) where name.hasPrefix(prefix) {
      // Another machine's name may begin with this one's and a dot.
      guard name.utf8.dropFirst(prefix.utf8.count).allSatisfy({ (48...57).contains($0) }) else {
        continue
      }
      try FilePath.removeTree(FilePath.join(parent, name))
    }
    try FilePath.removeTree(work.part(step, shard) + ".failed.json")
    try FilePath.makeFolder(folder)
    OpenClaims.add(folder, lock: lock.path)
  }

  deinit { drop() }

  /// The path of a file of the part while it is written.
  public func path(_ name: String) -> String { FilePath.join(folder, name) }

  /// Flushes and hashes the files that are complete, up to `workers` at a time: all but those named. They
  /// must not be written any more; `publish` does this for the rest.
  public func digestFiles(but unfinished: Set<String>, workers: Int) throws(DSXError) {
    let names = try FilePath.list(folder).filter {
      digests[$0] == nil && !unfinished.contains($0)
    }
    let results = Lock([Result<FileDigest, DSXError>?](repeating: nil, count: names.count))
    FanOut.run(count: names.count, workers: workers) { source in
      while let index = source.take() {
        let result: Result<FileDigest, DSXError>
        do throws(DSXError) {
          try FilePath.flush(path(names[index]))
          result = .success(try FileDigest(path: path(names[index])))
        } catch { result = .failure(error) }
        results.withLock { $0[index] = result }
      }
    }
    for result in results.withLock({ $0 }) {
      guard let result else { throw DSXError(.internal, "a part's file was not hashed") }
      let digest = try result.get()
      digests[digest.name] = digest
    }
  }

  /// Flushes the files, hashes them (up to `workers` at a time), moves the folder into place and writes
  /// the manifest.
  public func publish(counts: JSONValue, workers: Int = 1) throws(DSXError) -> ShardManifest {
    guard isOpen else { throw DSXError(.internal, "a part was published twice") }
    try digestFiles(but: [], workers: workers)
    let files = digests.values.sorted {
      $0.name.utf8.lexicographicallyPrecedes($1.name.utf8)
    }
    try FilePath.flush(folder)
    let manifest = ShardManifest(
      id: work.work.id, step: step.name, shard: shard, shards: step.shards, files: files,
      counts: counts)
    let part = work.part(step, shard)
    let parent = FilePath.join(work.path, step.name)
    // A folder that stands there without a manifest is of a run that died in between.
    try FilePath.removeTree(part + ".json")
    try FilePath.removeTree(part)
    guard rename(folder, part) == 0 else {
      throw DSXError.system("cannot move the finished part into place", file: part)
    }
    try FilePath.flush(parent)
    try SmallFile.write(manifest.text, to: part + ".json")
    close()
    return manifest
  }

  /// Ends the claim with the reason for which the shard could not be made.
  public func fail(_ error: DSXError) {
    guard isOpen else { return }
    let json: JSONValue = ["code": .string(error.code.name), "message": .string(error.description)]
    try? FilePath.write(
      Array((json.text(.indented) + "\n").utf8), to: work.part(step, shard) + ".failed.json")
    drop()
  }

  /// Ends the claim without a trace.
  public func drop() {
    guard isOpen else { return }
    try? FilePath.removeTree(folder)
    close()
  }

  private func close() {
    isOpen = false
    OpenClaims.remove(folder)
    lock.release(remove: true)
  }

  /// The beginning of the names of this machine's temporary folders for a part.
  static func prefix(_ step: WorkStep, _ shard: Int) -> String {
    let host = String(
      decoding: ProcessIdentity.hostName.utf8.map { $0 == UInt8(ascii: "/") ? 0x5f : $0 },
      as: UTF8.self)
    return ".tmp-" + step.partName(shard) + "." + host + "."
  }
}

extension WorkFolder {
  /// How a shard is to be had.
  public enum Attempt: Sendable {
    /// It is finished.
    case done(ShardManifest)
    /// Another process makes it.
    case taken
    /// It is ours to make.
    case claimed(ShardClaim)
  }

  /// Takes a shard, unless it is finished (`verify`: with the SHA-256 of its files) or being made.
  public func claim(_ step: WorkStep, _ shard: Int, verify: Bool = false) throws(DSXError)
    -> Attempt
  {
    if let manifest = try manifest(step, shard, verify: verify) { return .done(manifest) }
    guard let lock = try FileLock(part(step, shard) + ".lock") else { return .taken }
    // Whoever had the lock before may have finished the part meanwhile.
    if let manifest = try manifest(step, shard, verify: verify) {
      lock.release(remove: true)
      return .done(manifest)
    }
    return .claimed(try ShardClaim(self, step, shard, lock))
  }
}
