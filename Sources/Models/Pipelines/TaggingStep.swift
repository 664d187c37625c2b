internal import DSXCore

/// A tag for each word, joined to spans or to words.
struct TaggingStep: PipelineStep {
  /// A sentence with its words and where they begin and end, in characters (Unicode scalars).
  struct Sentence: Sendable {
    let text: String
    let words: [String]
    let places: [Range<Int>]
  }

  private let model: any TokenTagger
  private let task: String

  init(_ model: any TokenTagger, task: String) {
    self.model = model
    self.task = task
  }

  func fields(_ defaults: EvaluationDefaults) -> [PipelineField] {
    [
      PipelineField(
        "text", .words,
        columns: TextFields.columns(defaults.firstSequence, ["tokens", "words"] + TextFields.first))
    ]
  }

  func preprocess(_ input: PipelineInput) throws(DSXError) -> Sentence {
    switch input {
    case .text(let text):
      let found = WordFinder.words(of: text)
      return Sentence(text: text, words: found.map(\.word), places: found.map(\.place))
    case .words(let words):
      // Characters stand side by side, longer words with a blank between.
      let joint = words.allSatisfy { $0.unicodeScalars.count == 1 } ? "" : " "
      var places: [Range<Int>] = []
      var start = 0
      for word in words {
        let count = word.unicodeScalars.count
        places.append(start..<start + count)
        start += count + joint.utf8.count
      }
      return Sentence(text: words.joined(separator: joint), words: words, places: places)
    default: throw DSXError.wrongInput(input, "a text or a list of words")
    }
  }

  func refusals(_ batch: [Sentence], _ options: PipelineOptions) -> [DSXError?] {
    model.refusals(of: batch.map(\.words), onLong: options.onLong)
  }

  func forward(_ batch: [Sentence], _ options: PipelineOptions) throws(DSXError) -> [[[Float]]] {
    try model.tag(batch.map(\.words), onLong: options.onLong, options.compute)
  }

  func postprocess(_ output: [[Float]], of input: Sentence, _ options: PipelineOptions)
    -> JSONValue
  {
    // A word without logits (cut off, or without a token) is outside of every span.
    let tags = output.map { logits in
      logits.indices.max { logits[$0] < logits[$1] }.map { model.labels[$0] } ?? "O"
    }
    let names = JSONValue.array(tags.map { .string($0) })
    let spans = TagSpans.join(tags)
    let scalars = Array(input.text.unicodeScalars)
    func text(_ range: Range<Int>) -> String {
      var text = String.UnicodeScalarView()
      text.append(contentsOf: scalars[range])
      return String(text)
    }
    let found = spans.map { span in
      (
        type: span.type,
        place: input.places[span.words.lowerBound]
          .lowerBound..<input.places[span.words.upperBound - 1].upperBound
      )
    }
    if task == "word-segmentation" {
      let words = found.map { text($0.place) }
      return .object([
        .init("output", .string(words.joined(separator: " "))), .init("tags", names),
      ])
    }
    let chunks = found.map { chunk -> JSONValue in
      .object([
        .init("type", .string(chunk.type)), .init("start", .int(Int64(chunk.place.lowerBound))),
        .init("end", .int(Int64(chunk.place.upperBound))),
        .init("span", .string(text(chunk.place))),
      ])
    }
    return .object([.init("output", .array(chunks)), .init("tags", names)])
  }
}
