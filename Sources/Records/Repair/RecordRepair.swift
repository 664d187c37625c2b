public import DSXCore

/// Puts a record set right as far as its files allow: never by changing a file in place.
///
/// - An index that is lost, damaged, or belongs to other data is built again from the pages.
/// - The rows of a writer that was killed are saved up to its last checkpoint.
/// - Files of a writer that was killed while it moved them into place are moved.
///
/// Damaged pages stay as they are: what they held is only in a copy.
public struct RecordRepair {
  /// One thing that was done, or that would be done.
  public enum Action: Hashable, Sendable {
    /// The index at this path was built anew.
    case rebuiltIndex(String)
    /// Finished files of a killed writer were moved into place; the set has so many rows.
    case finishedWrite(rows: Int)
    /// So many rows of a killed writer were saved.
    case savedRows(Int)

    /// One line for people; `isPlanned`: it was not done.
    public func text(isPlanned: Bool) -> String {
      let would = isPlanned ? "would be " : ""
      switch self {
      case .rebuiltIndex(let path): return "\(path): index \(would)rebuilt"
      case .finishedWrite(let rows):
        return "files of an interrupted write \(would)moved into place: \(rows) rows"
      case .savedRows(let rows):
        return "rows of an interrupted write \(would)saved up to its last checkpoint: \(rows)"
      }
    }

    /// As JSON.
    public var json: JSONValue {
      switch self {
      case .rebuiltIndex(let path): ["action": "rebuild-index", "file": .string(path)]
      case .finishedWrite(let rows): ["action": "finish-write", "rows": .int(Int64(rows))]
      case .savedRows(let rows): ["action": "save-rows", "rows": .int(Int64(rows))]
      }
    }
  }

  /// What was done, and what is still wrong.
  public struct Outcome: Sendable {
    /// In the order in which it was done; empty when nothing could or had to be done.
    public var actions: [Action] = []
    /// What is wrong and cannot be repaired.
    public var remaining: [RecordFinding] = []
  }

  /// Repairs the set that the file at `path` belongs to, or that a killed writer was writing to `path`.
  ///
  /// `dryRun`: only says what would be done. Throws `incomplete` when a killed writer left nothing that
  /// can be saved, `outputExists` while a writer is at work, `missingFile` when there is nothing at all.
  public static func run(path: String, dryRun: Bool = false) throws(DSXError) -> Outcome {
    try run(path: path, dryRun: dryRun, durable: true)
  }

  /// The same; `durable` off: nothing is flushed to disk, for tests.
  static func run(path: String, dryRun: Bool, durable: Bool) throws(DSXError) -> Outcome {
    let target = try target(path)
    var outcome = Outcome()
    if let action = try saveLeftover(of: target, path, dryRun: dryRun) {
      outcome.actions.append(action)
      if dryRun { return outcome }
    }
    guard let first = RecordReader.firstFile(path) else {
      throw DSXError(.missingFile, "there is no such record file", file: path)
    }
    var damaged: Set<String> = []
    for finding in try RecordVerifier.verify(path: first) {
      if finding.file.hasSuffix(".db") {
        if finding.severity == .error { damaged.insert(finding.file) }
      } else {
        outcome.remaining.append(finding)
      }
    }
    let unsound = Set(outcome.remaining.filter { $0.severity == .error }.map(\.file))
    let lost = damaged.filter { !unsound.contains(String($0.dropLast(3))) }.sorted {
      $0.utf8.lexicographicallyPrecedes($1.utf8)
    }
    if !lost.isEmpty, !dryRun { try rebuild(lost, target, durable) }
    outcome.actions += lost.map { .rebuiltIndex($0) }
    return outcome
  }

  /// Builds indexes beside the set and moves them into place.
  private static func rebuild(_ paths: [String], _ target: String, _ durable: Bool)
    throws(DSXError)
  {
    // A folder of its own: that of the set may hold the rows of an unfinished new version.
    let folder = try AtomicFolder(target: target + ".repair")
    do throws(DSXError) {
      for path in paths {
        let data = String(path.dropLast(3))
        let name = FilePath.split(data).name
        try IndexFile.writeChecked(
          try RecordFile(path: data), name: name, to: folder.path(name + ".db"))
      }
      try folder.publish(paths.map { FilePath.split($0).name }, durable: durable)
    } catch {
      folder.discard()
      throw error
    }
  }

  /// What a killed writer left for `target`: saved, if no set is there yet. nil when there is nothing.
  private static func saveLeftover(of target: String, _ path: String, dryRun: Bool)
    throws(DSXError) -> Action?
  {
    guard let folder = try AtomicFolder.leftover(of: target) else { return nil }
    do throws(DSXError) {
      guard let state = try WriterCheckpoint(reading: folder) else {
        folder.release()
        if RecordReader.firstFile(path) != nil { return nil }
        throw DSXError(
          .incomplete, "the writer was killed before its first checkpoint: no row can be saved",
          file: folder.temporary, hint: "write the set again")
      }
      if state.stage == .publishing {
        if dryRun { folder.release() } else { try finish(folder, state) }
        return .finishedWrite(rows: state.rows)
      }
      // Beside a set that is in place this is an unfinished new version of it: `resume` goes on with it.
      let names = try state.header().addresses
      guard !names.contains(where: { FilePath.exists(FilePath.join(folder.folder, $0)) }) else {
        folder.release()
        return nil
      }
      if dryRun { folder.release() } else { try finish(folder, state) }
      return .savedRows(state.rows)
    } catch {
      folder.release()
      throw error
    }
  }

  private static func finish(_ folder: AtomicFolder, _ state: WriterCheckpoint) throws(DSXError) {
    var state = state
    // The rows that were announced did not all come.
    state.totalRows = nil
    var writer = try RecordWriter.left(in: folder, state)
    _ = try writer.finish()
  }

  /// The path that the writer was given.
  private static func target(_ path: String) throws(DSXError) -> String {
    let (folder, name) = FilePath.split(path)
    if FilePath.isFolder(FilePath.join(folder, AtomicFolder.temporaryName(name))) { return path }
    do throws(DSXError) { return try RecordWriter.target(of: path) } catch {
      // A damaged header does not say whether the file is one of several.
      guard error.code != .io else { throw error }
      return path
    }
  }
}

extension RecordReader {
  /// A data file of a set: `path` itself, or the first of the files whose names are `path` and a number.
  static func firstFile(_ path: String) -> String? {
    var candidate = path
    for _ in 0...4 {
      if FilePath.exists(candidate) { return candidate }
      candidate += "0"
    }
    return nil
  }
}
