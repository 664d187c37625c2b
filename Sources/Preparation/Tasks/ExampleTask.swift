public import DSXCore
internal import Pipelines

/// A preparation whose rows are examples of a small structured file: TNEWS, CMRC2018, wikitext for GPT-2.
///
/// Everything that is drawn at random is drawn in the order of the rows on one thread; encoding runs on
/// all workers. The rows are the same for every worker count.
public struct ExampleTask: Sendable {
  private let vocabulary: PreparationVocabulary
  private let options: PreparationOptions
  private let compatible: Bool
  private let pad: Int32

  /// A task. Throws `usage` for options that do not fit it or a vocabulary without `<pad>`.
  public init(_ vocabulary: PreparationVocabulary, _ options: PreparationOptions) throws(DSXError) {
    try options.checkExamples()
    self.vocabulary = vocabulary
    self.options = options
    compatible = options.compatibility != nil
    let needsPad = options.task != .gpt2Wikitext
    guard let pad = vocabulary.padding ?? (needsPad ? nil : 0) else {
      throw DSXError(
        .usage,
        "--task \(options.task.rawValue) needs a piece '<pad>', which the vocabulary does not have",
        hint: "choose another vocabulary")
    }
    self.pad = pad
  }

  /// The schema of the rows.
  public var schema: Schema { Self.schema(options) }

  /// The schema of the rows of a task.
  static func schema(_ options: PreparationOptions) -> Schema {
    switch options.task {
    case .tnews: TNEWSEncoder.schema
    case .cmrc2018: CMRCEncoder.schema(compatible: options.compatibility != nil)
    default: WikitextRows.schema
    }
  }

  /// Makes the rows of the file at `path`, in order; `emit` gets them in batches.
  public func run(
    path: String, progress: any ProgressSink, emit: (Batch) throws(DSXError) -> Void
  ) throws(DSXError) -> PreparationCounts {
    var tally = Tally(schema)
    do {
      switch options.task {
      case .tnews: try tnews(path, &tally, progress, emit)
      case .cmrc2018: try cmrc(path, &tally, progress, emit)
      default: try wikitext(path, &tally, emit)
      }
      try tally.batches.flush(emit)
    } catch { throw error.inFile(path) }
    tally.counts.rows = tally.batches.count
    tally.counts.files = 1
    tally.counts.inputBytes = FilePath.size(path) ?? 0
    return tally.counts
  }

  /// The rows so far and their counts.
  private struct Tally {
    var batches: ExampleBatches
    var counts = PreparationCounts()

    init(_ schema: Schema) { batches = ExampleBatches(schema) }

    mutating func add(_ row: ExampleRow, _ emit: (Batch) throws(DSXError) -> Void) throws(DSXError)
    {
      counts.tokens += row.tokens + row.cut
      counts.paddingTokens += row.padding
      counts.droppedTokens += row.cut
      try batches.add(row, emit: emit)
    }
  }

  private func tnews(
    _ path: String, _ tally: inout Tally, _ progress: any ProgressSink,
    _ emit: (Batch) throws(DSXError) -> Void
  ) throws(DSXError) {
    var examples = try TNEWSExamples(path: path, options.examples, compatible: compatible)
    let total = examples.count
    try map(
      total, &tally, progress, emit, source: { examples.nextExample() },
      make: { [vocabulary, options, compatible, pad] in
        var encoder = TNEWSEncoder(
          vocabulary, length: options.sequenceLength, pad: pad, compatible: compatible)
        return { (example: TNEWSExample) throws(DSXError) in try encoder.encode(example) }
      })
  }

  private func cmrc(
    _ path: String, _ tally: inout Tally, _ progress: any ProgressSink,
    _ emit: (Batch) throws(DSXError) -> Void
  ) throws(DSXError) {
    let length = options.sequenceLength
    var examples = try CMRCExamples(
      path: path, options.examples, length: length, compatible: compatible)
    let total = examples.count
    try map(
      total, &tally, progress, emit, source: { examples.nextExample() },
      make: { [vocabulary, options, compatible, pad] in
        var encoder = CMRCEncoder(
          vocabulary, length: length, answerTokens: options.examples.answerTokens, pad: pad,
          compatible: compatible)
        return { (example: CMRCExamples.Example) throws(DSXError) in encoder.encode(example) }
      })
  }

  private func wikitext(
    _ path: String, _ tally: inout Tally, _ emit: (Batch) throws(DSXError) -> Void
  ) throws(DSXError) {
    var rows = WikitextRows(vocabulary, length: options.sequenceLength, compatible: compatible)
    let result = try rows.run(path: path) { (row) throws(DSXError) in try tally.add(row, emit) }
    tally.counts.documents = result.passages
    tally.counts.droppedTokens += result.dropped
    tally.counts.tokens += result.dropped
  }

  /// Encodes examples on all workers, 16 at a time, and takes the rows in order.
  private func map<Example: Sendable>(
    _ total: Int, _ tally: inout Tally, _ progress: any ProgressSink,
    _ emit: (Batch) throws(DSXError) -> Void, source: () -> Example?,
    make: @escaping @Sendable () -> ((Example) throws(DSXError) -> ExampleRow)
  ) throws(DSXError) {
    try OrderedMap(workers: options.workers).run(
      source: { () throws(DSXError) -> [Example]? in
        var some: [Example] = []
        while some.count < 16, let example = source() { some.append(example) }
        return some.isEmpty ? nil : some
      },
      makeTransform: { () throws(DSXError) in
        let encode = make()
        return { (examples: [Example]) throws(DSXError) -> [ExampleRow] in
          var rows: [ExampleRow] = []
          for example in examples { rows.append(try encode(example)) }
          return rows
        }
      },
      sink: { (rows: [ExampleRow]) throws(DSXError) in
        for row in rows {
          try tally.add(row, emit)
          tally.counts.documents += 1
        }
        progress.report(
          Progress(phase: "preparing", done: tally.counts.documents, total: total, unit: "rows"))
      })
  }
}
