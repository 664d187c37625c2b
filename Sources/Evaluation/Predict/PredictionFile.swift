internal import DSXCore
internal import Jobs

/// Predictions in a file of JSON lines that can be made in several goes (`ResumableFile`).
///
/// The lines of a batch are written together and flushed to the disk, but a kill may leave some of them, or half
/// a line. What is behind the last whole batch is cut off before the work goes on, so that batches have the same
/// members as in an unbroken run, and the file the same bytes.
struct PredictionFile {
  private let batchSize: Int
  private var file: ResumableFile
  private(set) var counts = PredictionCounts()

  /// Whether another run has made all of it.
  var isFinished: Bool { file.finished != nil }

  /// Opens the output to go on, or finds it finished. Throws `outputExists` for one of something else.
  init(path: String, identity: JSONValue, batchSize: Int, overwrite: Bool) throws(DSXError) {
    self.batchSize = batchSize
    file = try ResumableFile(path: path, identity: identity, overwrite: overwrite)
    if let finished = file.finished {
      counts = PredictionCounts(finished)
      return
    }
    do throws(DSXError) { try cutPart() } catch {
      file.close()
      throw error
    }
  }

  /// Cuts the lines so far behind the last whole batch, and counts them.
  private mutating func cutPart() throws(DSXError) {
    var kept = 0
    if (FilePath.size(file.part) ?? 0) > 0 {
      let lines = try MappedFile(path: file.part)
      var (batch, start) = (PredictionCounts(), 0)
      lines.withBytes { bytes in
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
    try file.keep(kept)
  }

  /// Appends the lines of a batch and waits until they are on the disk.
  mutating func append(_ lines: [JSONValue]) throws(DSXError) {
    for line in lines { counts.add(isFailed: line["status"]?.string == "failed") }
    try file.append(lines: lines)
    try file.flush()
  }

  /// Takes all lines from finished parts, instead of those that are there.
  mutating func take(_ parts: [(path: String, counts: PredictionCounts)]) throws(DSXError) {
    try file.keep(0)
    counts = PredictionCounts()
    for (path, own) in parts {
      let made = try MappedFile(path: path)
      try made.withBytes { (bytes) throws(DSXError) in try file.append(bytes) }
      counts.add(own)
    }
    try file.flush()
  }

  /// Closes what is unfinished; it stays for the next run.
  mutating func close() { file.close() }

  /// All lines are there: gives the file its name. Throws `nothingToDo` when there is none.
  mutating func publish() throws(DSXError) {
    guard counts.examples > 0 else {
      file.discard()
      throw DSXError(.nothingToDo, "the input has no rows")
    }
    try file.publish(counts: counts.json)
  }
}
