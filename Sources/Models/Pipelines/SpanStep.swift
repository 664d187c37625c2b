internal import DSXCore

/// A piece of the context that answers a question.
struct SpanStep: PipelineStep {
  private let model: any SpanExtractor

  init(_ model: any SpanExtractor) { self.model = model }

  func fields(_ defaults: EvaluationDefaults) -> [PipelineField] {
    [
      PipelineField(
        "text", .text, columns: TextFields.columns(defaults.firstSequence, ["question", "query"])),
      PipelineField(
        "text2", .text,
        columns: TextFields.columns(
          defaults.secondSequence, ["context", "passage", "document", "text"])),
    ]
  }

  func preprocess(_ input: PipelineInput) throws(DSXError) -> TextInput {
    guard case .pair(let question, let context) = input else {
      throw DSXError.wrongInput(input, "a question and its context")
    }
    return TextInput(question, pair: context)
  }

  func refusals(_ batch: [TextInput], _ options: PipelineOptions) -> [DSXError?] {
    model.refusals(of: batch, options.spans)
  }

  func forward(_ batch: [TextInput], _ options: PipelineOptions) throws(DSXError)
    -> [SpanPrediction]
  {
    try model.predict(batch, options.spans, options.compute)
  }

  func postprocess(
    _ output: SpanPrediction, of input: TextInput, _ options: PipelineOptions
  ) -> JSONValue {
    let answer = output.answer
    let before = (input.pair ?? "").utf8.prefix(answer.bytes.lowerBound)
    // Every character has one byte that does not continue another.
    let start = before.count { $0 & 0xc0 != 0x80 }
    return .object([
      .init("output", .string(answer.text)), .init("score", .double(answer.probability)),
      .init("start", .int(Int64(start))),
      .init("end", .int(Int64(start + answer.text.unicodeScalars.count))),
    ])
  }
}
