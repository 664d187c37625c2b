public import DSXCore
public import Models

/// Answers to texts that are at hand, as the lines that `PredictionRun` writes: the number of a text is its row and
/// its id.
public struct TextPredictions {
  private let pipeline: ModelPipeline
  private let fields: [PipelineField]
  /// What was answered so far.
  public private(set) var counts = PredictionCounts()

  /// `hasPairs`: every text comes with a second one.
  ///
  /// Throws `usage` when the task reads no texts, or pairs where there are none, or none where there are.
  public init(_ pipeline: ModelPipeline, hasPairs: Bool) throws(DSXError) {
    self.pipeline = pipeline
    fields = pipeline.fields
    guard let first = fields.first, first.kind == .text || first.kind == .words else {
      throw DSXError(
        .usage, "the task \(pipeline.task) reads no texts", hint: "give --input or --dataset")
    }
    let second = fields.dropFirst().first
    guard !hasPairs || second != nil else {
      throw DSXError(.usage, "the task \(pipeline.task) reads one text, not pairs")
    }
    guard hasPairs || second?.isRequired != true else {
      throw DSXError(
        .usage, "the task \(pipeline.task) reads pairs: a second text is missing",
        hint: "give --text2, or --dataset or --input with both columns")
    }
  }

  /// The lines of some texts, which are computed together; a text that is nil is missing, and fails.
  public mutating func answer(_ texts: [(text: String?, pair: String?)]) -> [JSONValue] {
    let rows = texts.enumerated().map { place, given in
      let values =
        [given.text.map { JSONValue.string($0) } ?? .null]
        + [given.pair].compactMap { $0.map { .string($0) } }
      let number = counts.examples + place
      return PredictionRow(
        number: number, id: .int(Int64(number)),
        values: .cells(zip(fields, values).map { ($0, $1) }))
    }
    let lines = PredictionRun.lines(rows, pipeline)
    for line in lines { counts.add(isFailed: line["status"]?.string == "failed") }
    return lines
  }
}
