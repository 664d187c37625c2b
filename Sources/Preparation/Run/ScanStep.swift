internal import DSXCore
internal import Jobs

/// Looks at every document of a shard, so that a selection over all shards can decide.
///
/// A part holds `scan`, the notes (`ScanFile`), and `texts`, one byte a raw document: how many texts it
/// gave.
struct ScanStep: PartMaker {
  static let scanName = "scan"
  static let textsName = "texts"

  let context: PreparationContext
  let stage: QualityStage

  /// What a worker made of a block.
  private struct Notes: Sendable {
    var notes: [DocumentNote] = []
    var places: [DocumentPlace] = []
    var texts: [UInt8] = []
    var bytes = 0
  }

  func make(_ claim: ShardClaim, _ progress: PreparationProgress) throws(DSXError) -> FinishPart {
    let (rules, stage) = (context.rules(drops: nil), stage)
    var scans = try ScanFileWriter(path: claim.path(Self.scanName), stage: stage)
    var texts = try BufferedFile(path: claim.path(Self.textsName))
    try ShardDocuments(context: context, shard: claim.shard).run(
      nil,
      makeTransform: { () throws(DSXError) in
        var reader = DocumentTexts(rules)
        var scan = stage.makeScan()
        return { (block: NumberedBlock) throws(DSXError) -> Notes in
          try Self.notes(block.block, &reader, &scan)
        }
      }
    ) { (notes: Notes) throws(DSXError) in
      for (note, place) in zip(notes.notes, notes.places) { try scans.append(note, place: place) }
      try texts.append(notes.texts)
      progress.add(notes.bytes)
    }
    try scans.finish()
    try texts.finish()
    return { () throws(DSXError) in _ = try claim.publish(counts: .object([])) }
  }

  private static func notes(
    _ block: DocumentBlock, _ reader: inout DocumentTexts, _ scan: inout QualityScan
  ) throws(DSXError) -> Notes {
    var result = Notes()
    var counts = DocumentTexts.Counts()
    result.bytes = block.inputBytes
    for document in block.documents {
      let before = result.notes.count
      try reader.forEach(document, of: block, &counts) { text in
        result.notes.append(scan.note(text))
        result.places.append(DocumentPlace(input: document.file, byte: document.offset))
      }
      guard let texts = UInt8(exactly: result.notes.count - before) else {
        throw DSXError(.internal, "a document has more than 255 texts", byte: document.offset)
      }
      result.texts.append(texts)
    }
    return result
  }
}
