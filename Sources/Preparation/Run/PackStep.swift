internal import DSXCore
internal import Jobs

/// Shuffled documents or rows to record files.
///
/// Part j of n takes the places j * count / n ..< (j + 1) * count / n of the shuffled order of all
/// items. The permutation is computed, the items are read from the spools one by one: memory does not
/// grow with the corpus.
struct PackStep: PartMaker {
  let context: PreparationContext
  private let spools: [(set: DocumentSet, paths: [String], counts: [Int])]

  init(_ context: PreparationContext, _ work: WorkFolder) throws(DSXError) {
    self.context = context
    let step = try work.step(PreparationContext.StepName.encode)
    var spools = context.options.sets.map { (set: $0, paths: [String](), counts: [Int]()) }
    for shard in 0..<step.shards {
      guard let manifest = try work.manifest(step, shard) else {
        throw DSXError(.incomplete, "shard \(shard) of step encode is missing", file: work.path)
      }
      let items = manifest.counts["items"]?.array ?? []
      for (number, spool) in spools.enumerated() {
        guard number < items.count, let count = items[number].int, count >= 0 else {
          throw DSXError(
            .corrupt, "the manifest does not say how many items its spool has",
            file: work.part(step, shard) + ".json")
        }
        spools[number].paths.append(FilePath.join(work.part(step, shard), "\(spool.set)"))
        spools[number].counts.append(count)
      }
    }
    self.spools = spools
  }

  func make(_ claim: ShardClaim, _ progress: PreparationProgress) throws(DSXError) -> FinishPart {
    var counts = PreparationCounts()
    var parts: [RecordPart] = []
    for spool in spools {
      let part = try RecordPart(
        context, shard: claim.shard, set: spool.set, folder: claim.folder)
      let reader = TokenSpoolReader(spool.paths, counts: spool.counts)
      counts.add(try fill(part, reader, spool.set, claim, progress), of: spool.set)
      parts.append(part)
    }
    let (json, made) = (counts.json, parts)
    return { () throws(DSXError) in
      for part in made { try part.finish() }
      _ = try claim.publish(counts: json)
    }
  }

  private func fill(
    _ part: RecordPart, _ reader: TokenSpoolReader, _ set: DocumentSet, _ claim: ShardClaim,
    _ progress: PreparationProgress
  ) throws(DSXError) -> PreparationCounts {
    let options = context.options
    let order = Permutation(
      count: reader.count, name: "\(options.shuffle) \(set)", seed: options.seed,
      epoch: options.epoch)
    let places = Self.places(reader.count, claim.shard, of: claim.step.shards)
    var words: [Int32] = []
    var counts = PreparationCounts()
    var packer = context.packer
    var builder = packer.emptyBuilder
    var waiting = 0
    for place in places {
      try reader.read(order[place], into: &words)
      waiting += words.count
      if options.shuffle == .documents {
        words.withUnsafeBufferPointer { packer.add(item: $0) }
        while let rows = packer.take() { try part.append(rows) }
      } else {
        try Self.addRow(words, to: &builder)
        while let rows = builder.take(atLeast: 1 << 18) { try part.append(rows) }
      }
      if waiting > 1 << 18 {
        progress.add(waiting)
        waiting = 0
      }
    }
    packer.finish()
    while let rows = packer.take(all: true) { try part.append(rows) }
    while let rows = builder.take(atLeast: 0) { try part.append(rows) }
    progress.add(waiting)
    counts.rows = part.rows
    counts.droppedTokens = packer.droppedTokens
    counts.paddingTokens = packer.paddingTokens
    return counts
  }

  /// The places of a part.
  static func places(_ count: Int, _ part: Int, of parts: Int) -> Range<Int> {
    func start(_ part: Int) -> Int {
      part * (count / parts) + min(part, count % parts)
    }
    return start(part)..<start(part + 1)
  }

  /// Adds a row as the spool holds it.
  private static func addRow(_ words: [Int32], to builder: inout RowBuilder) throws(DSXError) {
    let segments = words.first.map(Int.init) ?? -1
    guard segments >= 0, segments < words.count,
      builder.add(row: words[(segments + 1)...], ends: words[1..<segments + 1])
    else { throw DSXError(.corrupt, "a row in the spool is damaged", hint: "run with --verify") }
  }
}
