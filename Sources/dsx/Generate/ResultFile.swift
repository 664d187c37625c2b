internal import DSXCore
internal import Jobs
internal import Models

/// Results in a file of JSON lines, in the order of the prompts, that can be made in several goes
/// (`ResumableFile`).
struct ResultFile {
  private let path: String
  private let logprobs: Bool
  private var file: ResumableFile
  private var waiting: [Int: JSONValue] = [:]
  /// Lines that are in the file.
  private(set) var done = 0
  private(set) var failed = 0
  private(set) var newTokens = 0

  /// Whether another run has made all of it.
  var isFinished: Bool { file.finished != nil }
  /// Prompts with a line.
  var prompts: Int { done }

  /// Opens the output to go on, or finds it finished. Throws `outputExists` for one of something else.
  init(path: String, _ identity: RunIdentity, overwrite: Bool, logprobs: Bool) throws(DSXError) {
    self.path = path
    self.logprobs = logprobs
    file = try ResumableFile(path: path, identity: identity.json, overwrite: overwrite)
    if let counts = file.finished {
      done = counts["prompts"]?.int ?? 0
      failed = counts["failed"]?.int ?? 0
      newTokens = counts["new_tokens"]?.int ?? 0
      return
    }
    do throws(DSXError) { try countPart() } catch {
      file.close()
      throw error
    }
  }

  /// Counts the lines so far, and cuts off a last one that was not finished.
  private mutating func countPart() throws(DSXError) {
    let size = FilePath.size(file.part) ?? 0
    var whole = 0
    var lines = try ByteLines(path: file.part)
    defer { lines.close() }
    while true {
      let isThere = try lines.next { (line, _, offset) throws(DSXError) in
        guard let record = try? JSONParser.parse(line), record["index"]?.int == done,
          offset + line.count < size
        else { return }
        whole = offset + line.count + 1
        done += 1
        if record["error"] != nil { failed += 1 }
        newTokens += record["new_tokens"]?.int ?? 0
      }
      guard isThere else { break }
    }
    try file.keep(whole)
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
    var lines: [JSONValue] = []
    while let line = waiting.removeValue(forKey: done) {
      lines.append(line)
      done += 1
      if line["error"] != nil { failed += 1 }
      newTokens += line["new_tokens"]?.int ?? 0
    }
    try file.append(lines: lines)
  }

  /// All lines are there: gives the file its name.
  mutating func publish() throws(DSXError) {
    guard done > 0 else {
      file.discard()
      throw DSXError(.nothingToDo, "the input has no prompt")
    }
    try file.publish(counts: [
      "prompts": .int(Int64(done)), "failed": .int(Int64(failed)),
      "new_tokens": .int(Int64(newTokens)),
    ])
  }

  /// The run failed: what there is stays for the next one; without a line, nothing is left.
  mutating func abandon() {
    if done == 0 { file.discard() } else { file.close() }
  }

  /// Throws `incomplete` when prompts were refused.
  func checkComplete() throws(DSXError) {
    guard failed > 0 else { return }
    throw DSXError(
      .incomplete, "\(failed) of \(done) prompts were refused", file: path,
      hint: "their lines have 'error' in place of 'text'")
  }
}
