/// Looks at documents one by one for one worker.
///
/// Working memory: 12 bytes for each unit (word, or character of Han) of the longest document, and up to
/// 90 more with the repetition rules; nothing that grows with the number of documents.
public struct QualityScan {
  private let options: QualityOptions
  private var scanner: UnitScanner
  private var rules: FilterRules?
  private let contamination: ContaminationScan?
  private var minHash: MinHash?

  init(_ stage: QualityStage) {
    options = stage.options
    scanner = UnitScanner(parts: FilterRules.wantsParts(stage.options))
    rules = stage.options.limits.isEmpty ? nil : FilterRules(stage.options)
    contamination = stage.evaluation.map { ContaminationScan($0) }
    minHash = stage.options.minHash.map { MinHash($0) }
  }

  /// The verdicts and hashes of one document; `text` is valid UTF-8 after cleaning. Linear.
  public mutating func note(_ text: UnsafeRawBufferPointer) -> DocumentNote {
    var note = DocumentNote()
    if rules != nil || contamination != nil || minHash != nil { scanner.scan(text) }
    note.drop = rules?.judge(scanner) ?? contamination?.judge(scanner.units)
    if let parameters = options.minHash {
      // A dropped document takes no part in the search for duplicates.
      let isSigned = note.drop == nil && minHash?.sign(scanner.units) ?? false
      note.bands =
        isSigned
        ? minHash?.bands ?? [] : [UInt64](repeating: 0, count: parameters.buckets)
      if parameters.verify != nil {
        note.signature =
          isSigned
          ? minHash?.signature ?? [] : [UInt32](repeating: .max, count: parameters.signatureCount)
      }
    }
    if options.dropsExactDuplicates, note.drop == nil { note.hash = ContentHash.of(text) }
    return note
  }
}
