internal import DSXCore
internal import Jobs
internal import Pipelines

/// Documents to ids and, unless they are shuffled, on to rows and record files.
///
/// A part holds the record files or the spools of each set, `dropped.jsonl` when the quality stage is
/// on, and `card.json`, the statistics for the data card.
struct EncodeStep: PartMaker {
  static let droppedName = "dropped.jsonl"
  static let cardName = "card.json"

  let context: PreparationContext
  let work: WorkFolder
  let ledger: CardLedger

  func make(_ claim: ShardClaim, _ progress: PreparationProgress) throws(DSXError) -> FinishPart {
    let shard = claim.shard
    let sinks = try sinks(claim)
    let options = context.options
    let card =
      options.hasCard ? CardCollector(sequenceLength: options.sequenceLength) : nil
    var counts = PreparationCounts()
    counts.unknownTokens = context.vocabulary.unknown == nil ? nil : 0
    let (drops, texts) = try selection(shard)
    try encode(shard, claim, drops, texts, card) { (block) throws(DSXError) in
      for sink in sinks { try sink.add(block) }
      counts.add(block)
      progress.add(block.inputBytes, tokens: block.ids.count)
    }
    for (set, sink) in zip(context.options.sets, sinks) {
      try sink.endRows()
      counts.add(sink.counts, of: set)
    }
    let json = Self.json(counts, items: sinks.map(\.items))
    let path = claim.path(Self.cardName)
    // One worker is one thread; with several the card is made beside the end of the record files.
    let background: Background<CardStatistics?>? =
      options.workers > 1
      ? Background { () throws(DSXError) in try Self.write(card, path) } : nil
    let (ledger, workers) = (ledger, options.workers)
    return { () throws(DSXError) in
      for sink in sinks { try sink.finish() }
      let total: CardStatistics?
      if let background {
        try claim.digestFiles(but: [Self.cardName], workers: workers)
        total = try background.wait()
      } else {
        total = try Self.write(card, path)
      }
      _ = try claim.publish(counts: json, workers: workers)
      if let total { ledger.add(total, shard: shard) }
    }
  }

  private static func write(_ card: CardCollector?, _ path: String) throws(DSXError)
    -> CardStatistics?
  {
    guard let card else { return nil }
    let total = card.total()
    var text = total.stateText
    text.append(0x0a)
    try FilePath.write(text, to: path)
    return total
  }

  private func sinks(_ claim: ShardClaim) throws(DSXError) -> [SetSink] {
    var sinks: [SetSink] = []
    for set in context.options.sets {
      sinks.append(try SetSink(context, shard: claim.shard, set: set, folder: claim.folder))
    }
    return sinks
  }

  private func encode(
    _ shard: Int, _ claim: ShardClaim, _ drops: DropList?, _ texts: TextTable?,
    _ card: CardCollector?, _ sink: (EncodedBlock) throws(DSXError) -> Void
  ) throws(DSXError) {
    let documents = ShardDocuments(context: context, shard: shard)
    guard context.quality != nil else {
      try documents.encode(drops: nil, texts: nil, card: card, sink)
      return
    }
    var dropped = try BufferedFile(path: claim.path(Self.droppedName))
    try documents.encode(drops: drops, texts: texts, card: card) { (block) throws(DSXError) in
      if !block.droppedLines.isEmpty { try dropped.append(block.droppedLines) }
      try sink(block)
    }
    try dropped.finish()
  }

  /// What the selection says of this shard.
  private func selection(_ shard: Int) throws(DSXError) -> (DropList?, TextTable?) {
    guard context.quality?.options.needsSelection == true else { return (nil, nil) }
    let scan = try work.step(PreparationContext.StepName.scan)
    let select = try work.step(PreparationContext.StepName.select)
    let drops = FilePath.join(work.part(select, 0), SelectStep.dropsName(scan, shard))
    let texts = FilePath.join(work.part(scan, shard), ScanStep.textsName)
    return (try DropList(path: drops), try TextTable(path: texts))
  }

  /// The counts with, for each set, the number of items in its spool.
  private static func json(_ counts: PreparationCounts, items: [Int]) -> JSONValue {
    var members = counts.json.object ?? []
    members.append(.init("items", .array(items.map { .int(Int64($0)) })))
    return .object(members)
  }
}

extension PreparationCounts {
  /// Adds what a block counts beside documents and tokens, which the sinks count.
  mutating func add(_ block: EncodedBlock) {
    skippedDocuments += block.skippedDocuments
    skippedRows += block.skippedRows
    skippedMembers += block.skippedMembers
    filteredDocuments += block.filteredDocuments
    for (rule, count) in block.cleanedDocuments.enumerated() {
      if rule >= cleaned.count { cleaned.append(0) }
      cleaned[rule] += count
    }
    for (rule, count) in block.dropped {
      dropped[rule, default: 0] += count
      droppedDocuments += count
    }
    unknownTokens = unknownTokens.map { $0 + block.unknownTokens }
  }
}
