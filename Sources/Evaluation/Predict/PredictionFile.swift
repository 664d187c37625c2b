internal import DSXCore
internal import Glibc

/// Predictions in a file of JSON lines that can be made in several goes, also after the process was
/// killed.
///
/// | file | content |
/// | --- | --- |
/// | `NAME.run.json` | what decides the predictions; with `counts` once they are complete |
/// | `NAME.part` | the lines so far: whole batches, each flushed to the disk |
/// | `NAME` | all lines; appears when they are complete |
///
/// The lines of a batch are written together, but a kill may leave some of them, or half a line. What
/// is behind the last whole batch is cut off before the work goes on, so that batches have the same
/// members as in an unbroken run, and the file the same bytes.
struct PredictionFile {
  private let path: String
  private let identity: JSONValue
  private let batchSize: Int
  private var descriptor: Int32 = -1
  /// Whether another run has made all of it.
  private(set) var isFinished = false
  private(set) var counts = PredictionCounts()

  private var part: String { path + ".part" }
  private var sidecar: String { path + ".run.json" }

  /// Opens the output to go on, or finds it finished. Throws `outputExists` for one of something else.
  init(path: String, identity: JSONValue, batchSize: Int, overwrite: Bool) throws(DSXError) {
    self.path = path
    self.identity = identity
    self.batchSize = batchSize
    let isNew = try lockPart()
    do throws(DSXError) {
      let before = FilePath.exists(sidecar) ? try? JSONParser.parse(file: sidecar) : nil
      let isSame = before.map { Self.withoutCounts($0) == identity } ?? false
      if isSame, FilePath.exists(path), let found = before?["counts"] {
        isFinished = true
        counts = PredictionCounts(found)
        if isNew { try FilePath.removeTree(part) }
        close()
        return
      }
      if !isSame || FilePath.exists(path) { try clear(before, overwrite, partIsNew: isNew) }
      try Self.write(identity, to: sidecar)
      try cutPart()
    } catch {
      if isNew { try? FilePath.removeTree(part) }
      close()
      throw error
    }
  }

  /// Opens the lines so far for this process alone; whether there were none. The lock goes with the file to
  /// its final name. Throws `outputExists` while another process writes it.
  private mutating func lockPart() throws(DSXError) -> Bool {
    for _ in 0..<100 {
      var isNew = true
      var opened = open(part, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
      if opened < 0, errno == EEXIST {
        isNew = false
        opened = open(part, O_RDWR | O_CLOEXEC)
        if opened < 0, errno == ENOENT { continue }
      }
      guard opened >= 0 else { throw DSXError.system("cannot open the file", file: part) }
      if flock(opened, LOCK_EX | LOCK_NB) != 0, errno == EWOULDBLOCK {
        Glibc.close(opened)
        break
      }
      // The one who had it may have given the file its name, or removed it, before we locked it.
      var (ours, there) = (stat(), stat())
      if fstat(opened, &ours) == 0, stat(part, &there) == 0, ours.st_ino == there.st_ino,
        ours.st_dev == there.st_dev
      {
        descriptor = opened
        return isNew
      }
      Glibc.close(opened)
    }
    throw DSXError(
      .outputExists, "another run of dsx is writing to this output", file: path,
      hint: "wait until it has ended, or choose another --output")
  }

  /// Whether all predictions of this identity are at `path`. Changes nothing; throws `outputExists` for
  /// something else that may not be replaced.
  static func isFinished(path: String, identity: JSONValue, overwrite: Bool) throws(DSXError)
    -> Bool
  {
    let sidecar = path + ".run.json"
    let before = FilePath.exists(sidecar) ? try? JSONParser.parse(file: sidecar) : nil
    if let before, withoutCounts(before) == identity {
      return FilePath.exists(path) && before["counts"] != nil
    }
    let found = [path, path + ".part", sidecar].filter(FilePath.exists)
    if let first = found.first { try checkReplaceable(first, before, overwrite) }
    return false
  }

  private static func withoutCounts(_ json: JSONValue) -> JSONValue {
    .object((json.object ?? []).filter { $0.name != "counts" })
  }

  /// Removes what another run left, if that may be.
  private func clear(_ before: JSONValue?, _ overwrite: Bool, partIsNew: Bool) throws(DSXError) {
    let found = [path, sidecar].filter(FilePath.exists) + (partIsNew ? [] : [part])
    guard let first = found.first else { return }
    try Self.checkReplaceable(first, before, overwrite)
    for file in found where file != part { try FilePath.removeTree(file) }
    guard ftruncate(descriptor, 0) == 0 else {
      throw DSXError.system("cannot cut the file", file: part)
    }
  }

  private static func checkReplaceable(_ first: String, _ before: JSONValue?, _ overwrite: Bool)
    throws(DSXError)
  {
    guard overwrite else {
      throw DSXError(
        .outputExists, "the output is there already, and was made from something else",
        file: first, hint: "add --overwrite to replace it, or choose another --output")
    }
    guard before?["kind"]?.string == PredictionRun.kind else {
      throw DSXError(
        .outputExists, "the output is there already, and dsx predict did not write it",
        file: first,
        hint: "--overwrite only replaces what dsx wrote; remove it, or choose another --output")
    }
  }

  /// Cuts the lines so far behind the last whole batch, and counts them.
  private mutating func cutPart() throws(DSXError) {
    var kept = 0
    if (FilePath.size(part) ?? 0) > 0 {
      let file = try MappedFile(path: part)
      var (batch, start) = (PredictionCounts(), 0)
      file.withBytes { bytes in
        while let end = bytes[start...].firstIndex(of: 0x0a) {
          let line = UnsafeRawBufferPointer(rebasing: bytes[start..<end])
          guard let record = try? JSONParser.parse(line),
            record["row"]?.int == counts.examples + batch.examples
          else { return }
          batch.add(isFailed: record["status"]?.string == "failed")
          start = end + 1
          if batch.examples == batchSize {
            counts.add(batch)
            batch = PredictionCounts()
            kept = start
          }
        }
      }
    }
    guard ftruncate(descriptor, off_t(kept)) == 0, lseek(descriptor, 0, SEEK_END) >= 0 else {
      throw DSXError.system("cannot cut the file", file: part)
    }
  }

  /// Appends the lines of a batch and waits until they are on the disk.
  mutating func append(_ lines: [JSONValue]) throws(DSXError) {
    var bytes: [UInt8] = []
    for line in lines {
      line.write(into: &bytes)
      bytes.append(0x0a)
      counts.add(isFailed: line["status"]?.string == "failed")
    }
    try bytes.withUnsafeBufferPointer { (bytes) throws(DSXError) in
      try write(UnsafeRawBufferPointer(bytes))
    }
    try flush()
  }

  /// Takes all lines from finished parts, instead of those that are there.
  mutating func take(_ parts: [(path: String, counts: PredictionCounts)]) throws(DSXError) {
    guard ftruncate(descriptor, 0) == 0, lseek(descriptor, 0, SEEK_SET) >= 0 else {
      throw DSXError.system("cannot cut the file", file: part)
    }
    counts = PredictionCounts()
    for (path, own) in parts {
      let file = try MappedFile(path: path)
      try file.withBytes { (bytes) throws(DSXError) in try write(bytes) }
      counts.add(own)
    }
    try flush()
  }

  private func write(_ bytes: UnsafeRawBufferPointer) throws(DSXError) {
    var start = 0
    while start < bytes.count, let base = bytes.baseAddress {
      let count = Glibc.write(descriptor, base + start, bytes.count - start)
      if count < 0, errno == EINTR { continue }
      guard count > 0 else {
        throw DSXError.system("cannot write the file", file: part, needs: bytes.count - start)
      }
      start += count
    }
  }

  private func flush() throws(DSXError) {
    guard fsync(descriptor) == 0 else {
      throw DSXError.system("cannot flush to disk", file: part)
    }
  }

  /// Closes what is unfinished; it stays for the next run.
  mutating func close() {
    if descriptor >= 0 { _ = Glibc.close(descriptor) }
    descriptor = -1
  }

  /// All lines are there: gives the file its name. Throws `nothingToDo` when there is none.
  mutating func publish() throws(DSXError) {
    defer { close() }
    guard counts.examples > 0 else {
      try FilePath.removeTree(part)
      try FilePath.removeTree(sidecar)
      throw DSXError(.nothingToDo, "the input has no rows")
    }
    let record = JSONValue.object((identity.object ?? []) + [.init("counts", counts.json)])
    // First what tells that it is complete: after a death in between, the next run finds all lines.
    try Self.write(record, to: sidecar)
    guard rename(part, path) == 0 else {
      throw DSXError.system("cannot move the finished file into place", file: path)
    }
    try FilePath.flush(FilePath.split(path).folder)
  }

  /// Writes a small file that appears whole.
  private static func write(_ json: JSONValue, to path: String) throws(DSXError) {
    let temporary = path + ".tmp"
    try FilePath.write(Array((json.text(.indented) + "\n").utf8), to: temporary)
    try FilePath.flush(temporary)
    guard rename(temporary, path) == 0 else {
      throw DSXError.system("cannot move the finished file into place", file: path)
    }
  }
}
