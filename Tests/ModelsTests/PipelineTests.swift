import DSXCore
import Images
import Testing

@testable import Models

private let facts = ModelInfo(
  name: "fake", architecture: "fake", vocabularySize: 0, context: 8, parameters: 0,
  storedType: "f32", fingerprint: "")

/// Gives the lengths of both texts as logits; refuses `long`, fails on `broken`.
private struct FakeClassifier: TextClassifier {
  let info = facts
  let labels = ["first", "second"]
  func refusals(of inputs: [TextInput], onLong: LongInput) -> [DSXError?] {
    inputs.map { $0.text == "long" && onLong == .error ? DSXError(.usage, "too long") : nil }
  }
  func classify(_ inputs: [TextInput], onLong: LongInput, _ options: ComputeOptions)
    throws(DSXError) -> [[Float]]
  {
    if inputs.contains(where: { $0.text == "broken" }) { throw DSXError(.corrupt, "broken") }
    return inputs.map { [Float($0.text.utf8.count), Float(($0.pair ?? "").utf8.count)] }
  }
}

/// Tags each word with a label of its own text, or O.
private struct FakeTagger: TokenTagger {
  let info = facts
  let labels = ["O", "B-PER", "I-PER", "S-LOC", "B", "E"]
  let tags: [String: String]
  func tag(_ sentences: [[String]], onLong: LongInput, _ options: ComputeOptions)
    throws(DSXError) -> [[[Float]]]
  {
    sentences.map { words in
      words.map { word in
        guard let tag = tags[word] else { return word == "cut" ? [] : [1, 0, 0, 0, 0, 0] }
        return labels.map { $0 == tag ? 2 : 0 }
      }
    }
  }
}

private struct FakeEncoder: TextEncoder {
  let info = facts
  let width = 2
  func embed(_ inputs: [TextInput], onLong: LongInput, _ options: ComputeOptions)
    throws(DSXError) -> [[Float]]
  {
    inputs.map { $0.text.isEmpty ? [0, 0] : $0.text.hasPrefix("a") ? [1, 0] : [1, 1] }
  }
}

private struct FakeExtractor: SpanExtractor {
  let info = facts
  func predict(_ inputs: [TextInput], _ search: SpanOptions, _ options: ComputeOptions)
    throws(DSXError) -> [SpanPrediction]
  {
    inputs.map { input in
      let context = Array((input.pair ?? "").utf8)
      let answer = SpanAnswer(
        text: String(decoding: context[3..<6], as: UTF8.self), bytes: 3..<6, score: 1, nullScore: 0)
      return SpanPrediction(answer: answer, candidates: [answer], windows: 1)
    }
  }
}

@Suite struct PipelineTests {
  private func pipeline(
    _ model: OpenedModel, task: String? = nil, _ options: PipelineOptions = PipelineOptions()
  ) throws -> ModelPipeline {
    try ModelPipeline(task: task, model: model, options: options)
  }

  @Test func classification() throws {
    let run = try pipeline(.textClassifier(FakeClassifier()))
    #expect(run.task == "text-classification")
    let answer = try run(.pair("a", "bbb"))
    #expect(answer["labels"] == ["second", "first"])
    let scores = (answer["scores"]?.array ?? []).compactMap(\.double)
    #expect(abs(scores[0] - 0.8807970779778823) < 1e-12 && abs(scores[0] + scores[1] - 1) < 1e-12)
    // Equals: the first label first.
    #expect(try run(.pair("a", "b"))["labels"] == ["first", "second"])
    #expect(try run([.text("a"), .text("bb")]).count == 2)
    let top = try pipeline(.textClassifier(FakeClassifier()), PipelineOptions(topK: 1))
    #expect(try top(.text("a"))["labels"] == ["first"])
  }

  @Test func inputsFailAlone() throws {
    let run = try pipeline(.textClassifier(FakeClassifier()))
    let results = run.results([
      .text("a"), .text("long"), .text("broken"), .numbers([1]), .text("b"),
    ])
    let messages = results.map { result in
      if case .failure(let error) = result { return error.message }
      return "ok"
    }
    #expect(
      messages == [
        "ok", "too long", "broken",
        "the task takes a text or a pair of texts, not a row of numbers",
        "ok",
      ])
    #expect(throws: DSXError.self) { try run([.text("a"), .text("long")]) }
    let cut = try pipeline(
      .textClassifier(FakeClassifier()), PipelineOptions(onLong: .truncateRight))
    #expect(try cut(.text("long"))["labels"] == ["first", "second"])
  }

  @Test func optionsAndTasks() throws {
    let model = OpenedModel.textClassifier(FakeClassifier())
    for options in [
      PipelineOptions(batchSize: 0), PipelineOptions(compute: ComputeOptions(workers: 0)),
      PipelineOptions(topK: 0), PipelineOptions(onLong: .window),
    ] {
      #expect(throws: DSXError.self) {
        try ModelPipeline(task: nil, model: model, options: options)
      }
    }
    #expect(throws: DSXError.self) { try ModelPipeline(task: "image-classification", model: model) }
    #expect(try pipeline(model, task: "nli").fields.map(\.isRequired) == [true, true])
    #expect(try pipeline(model, task: "nli").task == "nli")
    var defaults = EvaluationDefaults()
    defaults.firstSequence = "review"
    let own = try ModelPipeline(task: nil, model: model, defaults: defaults)
    #expect(own.fields[0].columns.first == "review" && own.fields[1].columns.isEmpty)
  }

  @Test func tagging() throws {
    let tagger = FakeTagger(tags: [
      "张": "B-PER", "三": "I-PER", "去": "O", "北京": "S-LOC", "x": "B", "y": "E",
    ])
    let run = try pipeline(.tokenTagger(tagger))
    let answer = try run(.text("张三 北 cut"))
    #expect(
      answer["output"] == [["type": "PER", "start": 0, "end": 2, "span": "张三"]])
    #expect(answer["tags"] == ["B-PER", "I-PER", "O", "O"])
    let words = try run(.words(["张", "三", "去"]))
    #expect(words["output"]?.array?.count == 1)
    let longer = try run(.words(["北京", "去"]))
    #expect(longer["output"]?.array?[0]["end"]?.int == 2)
    let segmenter = try pipeline(.tokenTagger(tagger), task: "word-segmentation")
    #expect(try segmenter(.text("x y x")) == ["output": "x y x", "tags": ["B", "E", "B"]])
    #expect(throws: DSXError.self) { try run(.pair("a", "b")) }
  }

  @Test func spansOfTags() {
    func spans(_ tags: [String]) -> [String] {
      TagSpans.join(tags).map { "\($0.type) \($0.words.lowerBound)-\($0.words.upperBound)" }
    }
    #expect(spans(["B-A", "I-A", "O", "I-A"]) == ["A 0-2", "A 3-4"])
    #expect(spans(["B-A", "B-A", "I-B"]) == ["A 0-1", "A 1-2", "B 2-3"])
    #expect(spans(["B", "M", "E", "S"]) == [" 0-3", " 3-4"])
    #expect(spans(["B-A", "L-A", "U-B", "O"]) == ["A 0-2", "B 2-3"])
    #expect(spans(["NN", "VB", "O"]) == ["NN 0-1", "VB 1-2"])
    #expect(spans(["B_X", "I_X", "E_X"]) == ["X 0-3"])
    #expect(spans([]).isEmpty)
  }

  @Test func wordsOfText() {
    let found = WordFinder.words(of: "他用 dsx2 了。a-b é")
    #expect(found.map(\.word) == ["他", "用", "dsx2", "了", "。", "a", "-", "b", "é"])
    #expect(found.map(\.place.lowerBound) == [0, 1, 3, 8, 9, 10, 11, 12, 14])
  }

  @Test func vectors() throws {
    let model = OpenedModel.textEncoder(FakeEncoder())
    #expect(try pipeline(model)(.text("ab")) == ["text_embedding": [1.0, 0.0]])
    let similar = try pipeline(model, task: "sentence-similarity")
    let score = try similar(.pair("a", "b"))["scores"]?.array?[0].double ?? 0
    #expect(abs(score - 0.5.squareRoot()) < 1e-12)
    #expect(try similar(.pair("a", ""))["scores"] == [0.0])
    #expect(throws: DSXError.self) { try similar(.text("a")) }
  }

  @Test func answers() throws {
    let run = try pipeline(.spanExtractor(FakeExtractor()))
    let answer = try run(.pair("谁", "张三去"))
    #expect(answer["output"] == "三" && answer["start"] == 1 && answer["end"] == 2)
    #expect(throws: DSXError.self) { try run(.text("谁")) }
  }

  @Test func folders() throws {
    let scratch = try Scratch()
    try TinyGPT2().write(to: scratch)
    var options = PipelineOptions()
    options.generation.maxNewTokens = 3
    let run = try ModelPipeline.make(model: scratch.path, options: options)
    #expect(run.task == "text-generation")
    let results = run.results([.text("ab"), .text(""), .text("cd")])
    #expect(try results[0].get()["text"]?.string != nil)
    if case .success = results[1] { Issue.record("an empty prompt was taken") }
    // The same text alone.
    #expect(try run(.text("ab")) == results[0].get())
    #expect(throws: DSXError.self) { try ModelPipeline.make(task: "nli", model: scratch.path) }
  }
}
