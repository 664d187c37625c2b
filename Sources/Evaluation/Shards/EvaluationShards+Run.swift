public import DSXCore
public import Jobs

extension EvaluationShards {
  /// A cell whose shards are being made.
  private struct Open {
    var number: Int
    var task: TaskRunner
    /// All lines, when an earlier run computed them.
    var known: [UInt8]?
  }

  /// Makes parts in the work folder at `path`. Examples that fail are lines of their part; the part is
  /// finished all the same.
  ///
  /// Throws what `ShardRun` and `TaskRunner.predict` throw.
  public func run(
    _ path: String, _ selection: ShardSelection, verify: Bool, progress: any ProgressSink
  ) throws(DSXError) {
    let (work, shards) = try planned(path)
    let lock = try WorkLock(path, exclusive: false, output: output)
    defer { lock.release() }
    var open: Open?
    try ShardRun(work, verify: verify).make(selection) { (claim) throws(DSXError) -> JSONValue in
      guard let (cell, examples, isLast) = shards.place(of: claim.shard) else {
        throw DSXError(.internal, "the plan has no shard \(claim.shard)", file: path)
      }
      let planned = shards.cells[cell]
      if open?.number != cell {
        // One model at a time.
        open = nil
        let task = try prepared(cell, planned, path)
        open = Open(number: cell, task: task, known: try known(cell, planned))
      }
      guard let open else { throw DSXError(.internal, "no cell is open") }
      var counts = PartCounts()
      if let known = open.known {
        try write(known, examples, to: claim.path(Self.file), &counts)
        return counts.json(open.task, fromCache: true)
      }
      let writer = try LineWriter(claim.path(Self.file))
      let end = try open.task.predict(
        from: examples.lowerBound, to: isLast ? nil : examples.upperBound, progress: progress
      ) { (lines) throws(DSXError) in
        for line in lines { counts.add(line) }
        try writer.append(lines)
      }
      try writer.flush()
      guard end == examples.upperBound, counts.lines == examples.count else {
        throw DSXError(
          .outputExists,
          "the shard has \(counts.lines) examples, and was planned with \(examples.count)",
          file: path, hint: "the data changed since the work was planned: plan again")
      }
      return counts.json(open.task, fromCache: false)
    }
  }

  /// The lines of a cell that was computed before: from its finished folder, or the cache.
  private func known(_ cell: Int, _ planned: PlannedCell) throws(DSXError) -> [UInt8]? {
    let files = RunFiles(path: folder(ofCell: cell))
    var bytes = runner.cache?.lines(planned.identity)
    if bytes == nil, !overwrite,
      case .finished? = try? files.inspect(identity: planned.identity, overwrite: false)
    {
      bytes = try MappedFile(path: files.predictions).withBytes { Array($0) }
    }
    guard let bytes, bytes.count(where: { $0 == 0x0a }) == planned.shards.total else { return nil }
    return bytes
  }

  /// Writes the lines of these examples, of all lines of their cell.
  private func write(
    _ all: [UInt8], _ examples: Range<Int>, to path: String, _ counts: inout PartCounts
  ) throws(DSXError) {
    var start = 0
    var number = 0
    var part: [UInt8] = []
    while number < examples.upperBound, let end = all[start...].firstIndex(of: 0x0a) {
      if number >= examples.lowerBound {
        let line = all[start..<end]
        let record = try line.withUnsafeBufferPointer { (bytes) throws(DSXError) in
          try JSONParser.parse(UnsafeRawBufferPointer(bytes))
        }
        counts.add(record)
        part += line
        part.append(0x0a)
      }
      number += 1
      start = end + 1
    }
    try FilePath.write(part, to: path)
  }
}

/// What a part counts.
struct PartCounts {
  private(set) var lines = 0
  private var tokens = 0
  private var incomplete = 0

  mutating func add(_ line: JSONValue) {
    lines += 1
    tokens &+= line["tokens"]?.int ?? 0
    if ["failed", "missing"].contains(line["status"]?.string) { incomplete += 1 }
  }

  /// `rows`, `tokens`, `incomplete` (examples without the score that they should have), and what the
  /// last digits of the numbers depend on.
  func json(_ task: TaskRunner, fromCache: Bool) -> JSONValue {
    [
      "rows": .int(Int64(lines)), "tokens": .int(Int64(tokens)),
      "incomplete": .int(Int64(incomplete)), "from_cache": .bool(fromCache),
      "dtype": .string(task.options.computeType.rawValue),
      "compute": fromCache ? .null : ComputeNote.json(task.model),
    ]
  }
}
