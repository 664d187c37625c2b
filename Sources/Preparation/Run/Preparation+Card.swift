internal import DSXCore
internal import Glibc
internal import Jobs

/// What an output has beside its record files: the file of dropped documents, and the data card.
extension Preparation {
  /// The ends of their names.
  static let besideSuffixes = [".dropped.jsonl", ".report.json", ".report.html"]

  /// The names of these files.
  func besideNames(_ context: PreparationContext) -> [String] {
    let name = FilePath.split(options.output).name
    return (context.quality == nil ? [] : [name + ".dropped.jsonl"])
      + (options.hasCard ? [name + ".report.json", name + ".report.html"] : [])
  }

  /// Whether a file of one of these names was written by dsx: a report names its plan, lines of dropped
  /// documents their reason.
  func isBeside(_ path: String) -> Bool {
    guard let file = try? MappedFile(path: path) else { return false }
    func text(_ bytes: Slice<UnsafeRawBufferPointer>) -> String {
      String(decoding: bytes, as: UTF8.self)
    }
    let (start, end) = file.withBytes { (text($0.prefix(4096)), text($0.suffix(400))) }
    if path.hasSuffix(".dropped.jsonl") { return start.hasPrefix("{\"input\":") }
    // A page begins with its style sheet; its last line says who made it.
    return path.hasSuffix(".report.json") && start.contains("\"dsx-report\"")
      || path.hasSuffix(".report.html") && end.contains("made by dsx")
  }

  /// The dropped documents of all shards, in one file of the work folder; nil when nothing is dropped.
  func droppedFile(_ context: PreparationContext, _ work: WorkFolder) throws(DSXError) -> String? {
    guard context.quality != nil else { return nil }
    let step = try work.step(PreparationContext.StepName.encode)
    let path = FilePath.join(work.path, FilePath.split(options.output).name + ".dropped.jsonl")
    var file = try BufferedFile(path: path)
    for shard in 0..<step.shards {
      let part = try MappedFile(
        path: FilePath.join(work.part(step, shard), EncodeStep.droppedName))
      var start = 0
      while start < part.bytes.count {
        let end = min(start + (1 << 20), part.bytes.count)
        try file.append(part.withBytes { Array($0[start..<end]) })
        start = end
      }
    }
    try file.finish()
    return path
  }

  /// The data card, in files of the work folder.
  func cardFiles(
    _ context: PreparationContext, _ work: WorkFolder, _ counts: PreparationCounts,
    _ ledger: CardLedger, _ seconds: Double
  ) throws(DSXError) -> [String] {
    guard options.hasCard else { return [] }
    let step = try work.step(PreparationContext.StepName.encode)
    let (known, total) =
      ledger.total ?? ([], CardStatistics(sequenceLength: options.sequenceLength))
    var statistics = total
    for shard in 0..<step.shards where !known.contains(shard) {
      let path = FilePath.join(work.part(step, shard), EncodeStep.cardName)
      do throws(DSXError) {
        statistics.merge(
          try CardStatistics(state: try JSONParser.parse(file: path)))
      } catch {
        throw error.inFile(path)
      }
    }
    let name = FilePath.split(options.output).name
    var facts = PreparationCard.Facts()
    facts.title = name
    facts.tool = options.tool
    facts.options = work.work.plan.options
    facts.plan = work.work.id
    facts.inputs = work.work.plan.inputs.map {
      PreparationCard.Input(name: $0.name, bytes: $0.size, sha256: $0.sha256)
    }
    facts.vocabulary = vocabulary.fingerprint
    facts.quality = options.quality
    facts.countsUnknown = vocabulary.unknown != nil
    facts.counts = counts.json
    facts.runtime = [
      "workers": .int(Int64(options.workers)), "seconds": .double((seconds * 1e3).rounded() / 1e3),
    ]
    let card = PreparationCard(statistics, facts)
    let paths = [".report.json", ".report.html"].map { FilePath.join(work.path, name + $0) }
    try FilePath.write(Array((card.json.text(.indented) + "\n").utf8), to: paths[0])
    try FilePath.write(Array(card.html.utf8), to: paths[1])
    for path in paths { try FilePath.flush(path) }
    return paths
  }

  /// Seconds on a clock that never goes back.
  static func seconds() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
  }
}
