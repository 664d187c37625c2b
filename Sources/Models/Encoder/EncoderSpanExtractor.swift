internal import DSXCore

/// An extractive question answerer: `BertForQuestionAnswering` and its relatives.
struct EncoderSpanExtractor: SpanExtractor {
  private let model: EncoderModel<TokenHead>

  var info: ModelInfo { model.info }

  /// The model of a folder.
  static func open(_ source: ModelSource, _ options: ModelOptions) throws(DSXError) -> OpenedModel {
    .spanExtractor(try EncoderSpanExtractor(source, options))
  }

  init(_ source: ModelSource, _ options: ModelOptions) throws(DSXError) {
    model = try EncoderModel(source, options, ignoring: ["bert.pooler.", "pooler."]) {
      (backbone, loader) throws(DSXError) in
      try TokenHead("qa_outputs", width: backbone.configuration.width, &loader)
    }
    guard model.head.layer.outputs == 2 else {
      throw DSXError(
        .unsupported,
        "the head has \(model.head.layer.outputs) outputs instead of a start and an end",
        file: source.description.source)
    }
  }

  func predict(_ inputs: [TextInput], _ search: SpanOptions, _ options: ComputeOptions)
    throws(DSXError) -> [SpanPrediction]
  {
    var windows: [[SpanWindow]] = []
    for (index, input) in inputs.enumerated() {
      windows.append(try model.tokenizer.windows(input, index, search))
    }
    let logits = try model.backbone.run(
      windows.joined().map(\.sequence), model.head, options)
    var place = 0
    var predictions: [SpanPrediction] = []
    for (input, parts) in zip(inputs, windows) {
      var answers = SpanSearch(search)
      for part in parts {
        answers.add(logits[place], part.places)
        place += 1
      }
      predictions.append(answers.prediction(input.pair ?? "", windows: parts.count))
    }
    return predictions
  }

  func refusals(of inputs: [TextInput], _ search: SpanOptions) -> [DSXError?] {
    inputs.enumerated().map { index, input in
      do throws(DSXError) {
        _ = try model.tokenizer.windows(input, index, search)
        return nil
      } catch { return error }
    }
  }
}
