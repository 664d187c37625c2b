internal import DSXCore
internal import Glibc
internal import Models

/// Results in a file of JSON lines that can be made in several goes.
///
/// | file | content |
/// | --- | --- |
/// | `NAME.run.json` | what decides the results; with `counts` once they are complete |
/// | `NAME.part` | the lines so far, in the order of the prompts |
/// | `NAME` | all lines; appears when they are complete |
struct ResultFile {
  private let path: String
  private let identity: RunIdentity
  private let logprobs: Bool
  private var descriptor: Int32 = -1
  private var waiting: [Int: JSONValue] = [:]
  /// Whether another run has made all of it.
  private(set) var isFinished = false
  /// Lines that are in the file.
  private(set) var done = 0
  private(set) var failed = 0
  private(set) var newTokens = 0

  /// Prompts with a line.
  var prompts: Int { done }

  private var part: String { path + ".part" }
  private var sidecar: String { path + ".run.json" }

  /// Opens the output to go on, or finds it finished. Throws `outputExists` for one of something else.
  init(path: String, _ identity: RunIdentity, overwrite: Bool, logprobs: Bool) throws(DSXError) {
    self.path = path
    self.identity = identity
    self.logprobs = logprobs
    let before = FilePath.exists(sidecar) ? (try? JSONParser.parse(file: sidecar)) : nil
    let isSame = before.map { Self.withoutCounts($0) == identity.json } ?? false
    if isSame, FilePath.exists(path), let counts = before?["counts"] {
      isFinished = true
      done = counts["prompts"]?.int ?? 0
      failed = counts["failed"]?.int ?? 0
      newTokens = counts["new_tokens"]?.int ?? 0
      return
    }
    // What a run left that failed before its first line is nothing to lose.
    let isEmpty =
      !FilePath.exists(path) && FilePath.size(path + ".part") ?? 0 == 0
      && before?["kind"]?.string == "dsx-generate"
    if !isEmpty, !(isSame && !FilePath.exists(path)) {
      try Self.clear(path, part, sidecar, before, overwrite)
    }
    try Self.write(identity.json, to: sidecar)
    try openPart()
  }

  private static func withoutCounts(_ json: JSONValue) -> JSONValue {
    .object((json.object ?? []).filter { $0.name != "counts" })
  }

  /// Removes what another run left, if that may be.
  private static func clear(
    _ path: String, _ part: String, _ sidecar: String, _ before: JSONValue?, _ overwrite: Bool
  ) throws(DSXError) {
    let found = [path, part, sidecar].filter(FilePath.exists)
    guard let first = found.first else { return }
    guard overwrite else {
      throw DSXError(
        .outputExists, "the output is there already, and was made from something else",
        file: first, hint: "add --overwrite to replace it, or choose another --output")
    }
    guard before?["kind"]?.string == "dsx-generate" else {
      throw DSXError(
        .outputExists, "the output is there already, and dsx generate did not write it",
        file: first,
        hint: "--overwrite only replaces what dsx wrote; remove it, or choose another --output")
    }
    for file in found { try FilePath.removeTree(file) }
  }

  /// Opens the lines so far, without a last one that was not finished, and counts them.
  private mutating func openPart() throws(DSXError) {
    descriptor = open(part, O_RDWR | O_CREAT | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else { throw DSXError.system("cannot open the file", file: part) }
    var whole = 0
    var lines = try ByteLines(path: part)
    defer { lines.close() }
    while true {
      let isThere = try lines.next { (line, _, offset) throws(DSXError) in
        guard let record = try? JSONParser.parse(line), record["index"]?.int == done else { return }
        whole = offset + line.count + 1
        done += 1
        if record["error"] != nil { failed += 1 }
        newTokens += record["new_tokens"]?.int ?? 0
      }
      guard isThere else { break }
    }
    // A last line without its line feed may be half of one.
    if whole > FilePath.size(part) ?? 0 {
      let feed: [UInt8] = [0x0a]
      guard lseek(descriptor, 0, SEEK_END) >= 0 else {
        throw DSXError.system("cannot go to the file's end", file: part)
      }
      try write(feed)
    }
    guard ftruncate(descriptor, off_t(whole)) == 0, lseek(descriptor, 0, SEEK_END) >= 0 else {
      throw DSXError.system("cannot cut the file", file: part)
    }
  }

  /// Takes a result; writes it, and those that waited for it, when it is its turn.
  mutating func take(_ event: GenerationEvent, _ prompts: [Int: Prompt]) throws(DSXError) {
    switch event {
    case .piece: return
    case .finished(let result):
      waiting[result.index] = ResultLine.json(result, prompts[result.index], logprobs: logprobs)
    case .refused(let index, let error):
      waiting[index] = ResultLine.json(index, error, prompts[index])
    }
    var bytes: [UInt8] = []
    while let line = waiting.removeValue(forKey: done) {
      line.write(into: &bytes)
      bytes.append(0x0a)
      done += 1
      if line["error"] != nil { failed += 1 }
      newTokens += line["new_tokens"]?.int ?? 0
    }
    try write(bytes)
  }

  private func write(_ bytes: [UInt8]) throws(DSXError) {
    var start = 0
    while start < bytes.count {
      let count = bytes.withUnsafeBytes { buffer in
        buffer.baseAddress.map { Glibc.write(descriptor, $0 + start, bytes.count - start) } ?? -1
      }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else {
        throw DSXError.system("cannot write the file", file: part, needs: bytes.count - start)
      }
      start += count
    }
  }

  /// All lines are there: gives the file its name.
  mutating func publish() throws(DSXError) {
    guard done > 0 else {
      _ = close(descriptor)
      try FilePath.removeTree(part)
      try FilePath.removeTree(sidecar)
      throw DSXError(.nothingToDo, "the input has no prompt")
    }
    guard fsync(descriptor) == 0, close(descriptor) == 0 else {
      throw DSXError.system("cannot flush to disk", file: part)
    }
    let counts: JSONValue = [
      "prompts": .int(Int64(done)), "failed": .int(Int64(failed)),
      "new_tokens": .int(Int64(newTokens)),
    ]
    let record = JSONValue.object((identity.json.object ?? []) + [.init("counts", counts)])
    // First what tells that it is complete: after a death in between, the next run finds all lines.
    try Self.write(record, to: sidecar)
    guard rename(part, path) == 0 else {
      throw DSXError.system("cannot move the finished file into place", file: path)
    }
    try FilePath.flush(FilePath.split(path).folder)
  }

  /// The run failed: without a line, nothing of it is left.
  func abandon() {
    guard done == 0, !isFinished else { return }
    close(descriptor)
    for file in [part, sidecar] { try? FilePath.removeTree(file) }
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

  /// Throws `incomplete` when prompts were refused.
  func checkComplete() throws(DSXError) {
    guard failed > 0 else { return }
    throw DSXError(
      .incomplete, "\(failed) of \(done) prompts were refused", file: path,
      hint: "their lines have 'error' in place of 'text'")
  }
}
