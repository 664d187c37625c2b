internal import DSXCore

/// A tagger of words: `BertForTokenClassification` and its relatives.
struct EncoderTokenTagger: TokenTagger {
  private let model: EncoderModel<TokenHead>
  let labels: [String]

  var info: ModelInfo { model.info }

  /// The model of a folder.
  static func open(_ source: ModelSource, _ options: ModelOptions) throws(DSXError) -> OpenedModel {
    .tokenTagger(try EncoderTokenTagger(source, options))
  }

  init(_ source: ModelSource, _ options: ModelOptions) throws(DSXError) {
    model = try EncoderModel(source, options, ignoring: ["bert.pooler.", "pooler."]) {
      (backbone, loader) throws(DSXError) in
      try TokenHead("classifier", width: backbone.configuration.width, &loader)
    }
    labels = try source.labels(model.head.layer.outputs)
  }

  func tag(_ sentences: [[String]], onLong: LongInput, _ options: ComputeOptions)
    throws(DSXError) -> [[[Float]]]
  {
    var parts: [WordSequence] = []
    for result in model.tokenizer.encode(sentences: sentences, onLong: onLong) {
      parts.append(try result.get())
    }
    let logits = try model.backbone.run(parts.flatMap(\.windows), model.head, options)
    var first = 0
    let width = labels.count
    return parts.map { part in
      defer { first += part.windows.count }
      return part.places.map { place in
        guard let place else { return [] }
        let row = place.token * width
        return Array(logits[first + place.window][row..<row + width])
      }
    }
  }

  func refusals(of sentences: [[String]], onLong: LongInput) -> [DSXError?] {
    model.tokenizer.encode(sentences: sentences, onLong: onLong).map(\.failure)
  }
}
