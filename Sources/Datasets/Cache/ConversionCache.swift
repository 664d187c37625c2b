public import DSXCore
internal import Glibc
internal import Jobs

/// Converted data sets under the user's cache: `CACHE/records/KEY/`.
///
/// The key is the SHA-256 of the conversion's plan: the data's fingerprint (its content and descriptor), the
/// options, the tool's version and the version of the type map. So a change of any of them finds no entry,
/// and nothing that is found is stale. Entries are never changed; `prune` removes those that are not used.
///
/// | file | content |
/// | --- | --- |
/// | `rows.mindrecord*` | the record set, with its manifest |
/// | `entry.json` | name, subset, split, version, fingerprint, rows; its time is the last use |
public struct ConversionCache: Sendable {
  /// One converted split.
  public struct Entry: Sendable {
    /// The name of its folder.
    public var key: String
    /// The data set's name, with a namespace other than `modelscope`.
    public var name: String
    /// Its subset.
    public var subset: String
    /// Its split.
    public var split: String
    /// Its version.
    public var version: String
    /// Its fingerprint.
    public var fingerprint: String
    /// Rows.
    public var rows: Int
    /// Bytes on disk.
    public var bytes: Int
    /// Seconds since it was used last.
    public var idleSeconds: Int

    /// The entry for programs.
    public var json: JSONValue {
      [
        "key": .string(key), "name": .string(name), "subset": .string(subset),
        "split": .string(split), "version": .string(version), "fingerprint": .string(fingerprint),
        "rows": .int(Int64(rows)), "bytes": .int(Int64(bytes)),
        "idle_seconds": .int(Int64(idleSeconds)),
      ]
    }
  }

  /// The folder of all entries.
  public let folder: String
  private let homes: Homes

  /// The cache of these homes.
  public init(homes: Homes) {
    folder = FilePath.join(homes.cache, "records")
    self.homes = homes
  }

  private static let noteName = "entry.json"
  private static let setName = "rows.mindrecord"

  /// The converted set of a split: from the cache, or made now.
  public func records(
    of dataset: MsDataset, options: ConversionOptions,
    progress: (Int, Int?) -> Void = { _, _ in }
  ) throws(DSXError) -> DatasetConversion.Outcome {
    var options = options
    options.overwrite = false
    let conversion = try DatasetConversion(dataset, options: options, homes: homes)
    let plan = conversion.plan
    let place = FilePath.join(folder, plan.id)
    let note = FilePath.join(place, Self.noteName)
    let target = FilePath.join(place, Self.setName)
    try FilePath.makeFolder(place)
    let outcome: DatasetConversion.Outcome
    do throws(DSXError) {
      outcome = try conversion.run(to: target, progress: progress)
    } catch {
      // What was damaged in a cache is made again; nobody's work lies here.
      guard error.code == .outputExists, !Self.isBusy(target) else {
        if ((try? FilePath.list(place)) ?? []).isEmpty { try? FilePath.removeTree(place) }
        throw error
      }
      try FilePath.removeTree(place)
      try FilePath.makeFolder(place)
      outcome = try conversion.run(to: target, progress: progress)
    }
    let isDefault = dataset.namespace == DatasetReference.defaultNamespace
    let json: JSONValue = [
      "format": "dsx-converted", "version": 1,
      "name": .string(isDefault ? dataset.name : dataset.namespace + "/" + dataset.name),
      "subset": .string(dataset.subset), "split": .string(dataset.split),
      "revision": .string(dataset.version), "fingerprint": .string(outcome.fingerprint),
      "rows": .int(Int64(outcome.rows)),
    ]
    // Written anew at each use: its time says when.
    try AtomicFolder.write(Array((json.text(.indented) + "\n").utf8), to: note)
    return outcome
  }

  /// Whether a folder's name is a SHA-256 in hexadecimal: others are not the cache's.
  private static func isKey(_ name: String) -> Bool {
    name.utf8.count == 64
      && name.utf8.allSatisfy { (0x30...0x39).contains($0) || (0x61...0x66).contains($0) }
  }

  /// All entries, by name, subset, split and key.
  public func entries() throws(DSXError) -> [Entry] {
    guard FilePath.isFolder(folder) else { return [] }
    var now = timespec()
    clock_gettime(CLOCK_REALTIME, &now)
    var entries: [Entry] = []
    for key in try FilePath.list(folder) where Self.isKey(key) {
      let place = FilePath.join(folder, key)
      guard FilePath.isFolder(place) else { continue }
      let note = FilePath.join(place, Self.noteName)
      let json = (try? JSONParser.parse(file: note)) ?? .null
      var bytes = 0
      for name in try FilePath.list(place) {
        bytes += FilePath.size(FilePath.join(place, name)) ?? 0
      }
      var status = stat()
      let isNoted = stat(note, &status) == 0
      if !isNoted { _ = stat(place, &status) }
      entries.append(
        Entry(
          key: key, name: json["name"]?.string ?? "(unfinished)",
          subset: json["subset"]?.string ?? "", split: json["split"]?.string ?? "",
          version: json["revision"]?.string ?? "",
          fingerprint: json["fingerprint"]?.string ?? "", rows: json["rows"]?.int ?? 0,
          bytes: bytes, idleSeconds: max(0, now.tv_sec - status.st_mtim.tv_sec)))
    }
    return entries.sorted {
      ($0.name, $0.subset, $0.split, $0.key) < ($1.name, $1.subset, $1.split, $1.key)
    }
  }

  /// Removes entries that were not used for `seconds`, then the longest unused ones until all together take
  /// at most `bytes`; nil leaves a rule out. Entries that a process is writing stay. Returns what went.
  public func prune(olderThan seconds: Int?, maximumBytes bytes: Int?) throws(DSXError) -> [Entry] {
    let all = try entries().sorted { ($0.idleSeconds, $0.key) > ($1.idleSeconds, $1.key) }
    var total = all.reduce(0) { $0 + $1.bytes }
    var removed: [Entry] = []
    for entry in all {
      let isOld = seconds.map { entry.idleSeconds >= $0 } ?? false
      let isTooMuch = bytes.map { total > $0 } ?? false
      guard isOld || isTooMuch else { continue }
      let place = FilePath.join(folder, entry.key)
      guard !Self.isBusy(FilePath.join(place, Self.setName)) else { continue }
      try FilePath.removeTree(place)
      total -= entry.bytes
      removed.append(entry)
    }
    return removed
  }

  /// Whether a live process writes the set.
  private static func isBusy(_ target: String) -> Bool {
    let work = WorkFolder.path(forOutput: target)
    guard FilePath.exists(FilePath.join(work, "lock")) else { return false }
    guard let lock = try? WorkLock(work, exclusive: true, output: target) else { return true }
    lock.release()
    return false
  }
}
