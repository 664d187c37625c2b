import DSXCore
import Images
import Testing

@testable import Models

/// Random models that transformers wrote, and what transformers and sentence-transformers answered
/// (Tests/Fixtures/models/make.py): every architecture and every head.
@Suite struct EncoderFixtureTests {
  static let folder: String = {
    let here = FilePath.split(#filePath).folder
    return FilePath.split(here).folder + "/Fixtures/models"
  }()

  static func path(_ name: String) -> String { FilePath.join(folder, name) }

  static let expected: JSONValue? = try? JSONParser.parse(file: path("expected.json"))

  static func numbers(_ value: JSONValue?) -> [Double] { (value?.array ?? []).compactMap(\.double) }

  static func inputs(_ value: JSONValue?) -> [TextInput] {
    (value?.array ?? []).map { TextInput($0.array?[0].string ?? "", pair: $0.array?[1].string) }
  }

  static func words(_ value: JSONValue?) -> [[String]] {
    (value?.array ?? []).map { ($0.array ?? []).compactMap(\.string) }
  }

  /// The largest difference; infinity for other numbers of numbers.
  static func difference(_ ours: [Float], _ theirs: [Double]) -> Double {
    guard ours.count == theirs.count else { return .infinity }
    return zip(ours, theirs).map { abs(Double($0) - $1) }.max() ?? 0
  }

  static let tolerance = 2e-5

  @Test(arguments: ["bert-text", "roberta-text", "albert-text"])
  func textClassification(_ name: String) throws {
    let wanted = try #require(Self.expected?[name])
    guard case .textClassifier(let model) = try ModelFolder.openAny(Self.path(name)) else {
      Issue.record("\(name) is no text classifier")
      return
    }
    #expect(model.labels == ["L-0", "L-1", "L-2"])
    let inputs = Self.inputs(wanted["inputs"])
    let logits = try model.classify(inputs, onLong: .truncateRight, ComputeOptions(workers: 2))
    #expect(logits.count == inputs.count && inputs.count > 12)
    for (index, values) in logits.enumerated() {
      let theirs = Self.numbers(wanted["logits"]?.array?[index])
      #expect(
        Self.difference(values, theirs) < Self.tolerance, "\(name) \(index): \(inputs[index])")
      // Alone, whatever the batch was.
      let alone = try model.classify([inputs[index]], onLong: .truncateRight, ComputeOptions())
      #expect(Self.difference(alone[0], values.map { Double($0) }) < 1e-5)
    }
    let again = try model.classify(inputs, onLong: .truncateRight, ComputeOptions(workers: 1))
    #expect(again == logits, "the number of workers must not change a bit")
  }

  @Test(arguments: ["bert-tokens", "roberta-tokens", "albert-tokens"])
  func tokenClassification(_ name: String) throws {
    let wanted = try #require(Self.expected?[name])
    guard case .tokenTagger(let model) = try ModelFolder.openAny(Self.path(name)) else {
      Issue.record("\(name) is no tagger")
      return
    }
    let sentences = Self.words(wanted["sentences"])
    let logits = try model.tag(sentences, onLong: .truncateRight, ComputeOptions(workers: 2))
    for (index, words) in logits.enumerated() {
      let theirs = wanted["logits"]?.array?[index].array ?? []
      #expect(words.count == theirs.count)
      for (word, values) in words.enumerated() {
        #expect(
          Self.difference(values, Self.numbers(theirs[word])) < Self.tolerance,
          "\(name) \(index) \(word) '\(sentences[index][word])'")
      }
    }
    // Windows give every word its logits; the short sentences are not changed by them.
    let windows = try model.tag(sentences, onLong: .window, ComputeOptions())
    for (index, words) in windows.enumerated() where words.count < 12 {
      for (word, values) in words.enumerated() {
        #expect(Self.difference(values, logits[index][word].map { Double($0) }) < 1e-5)
      }
    }
    let long = try #require(sentences.indices.last)
    #expect(logits[long].contains { $0.isEmpty } && !windows[long].contains { $0.isEmpty })
    let refused = model.refusals(of: sentences, onLong: .error)
    #expect(refused.map { $0 != nil } == logits.map { $0.count > 20 })
  }

  @Test(arguments: ["bert-answers", "roberta-answers", "albert-answers"])
  func questionAnswering(_ name: String) throws {
    let wanted = try #require(Self.expected?[name])
    guard case .spanExtractor(let model) = try ModelFolder.openAny(Self.path(name)) else {
      Issue.record("\(name) answers no questions")
      return
    }
    let inputs = Self.inputs(wanted["pairs"])
    for (key, allowsNone) in [("plain", false), ("none", true)] {
      let search = SpanOptions(
        maximumTokens: wanted["limit"]?.int ?? 0, stride: wanted["stride"]?.int ?? 0, best: 6,
        maximumAnswerTokens: 8, allowsNone: allowsNone)
      let predictions = try model.predict(inputs, search, ComputeOptions(workers: 2))
      for (index, prediction) in predictions.enumerated() {
        let theirs = try #require(wanted[key]?.array?[index])
        let context = inputs[index].pair ?? ""
        let label = "\(name) \(key) \(index)"
        #expect(prediction.answer.text == theirs["answer"]?.string, "\(label)")
        #expect(prediction.windows == theirs["windows"]?.int, "\(label)")
        #expect(abs(prediction.answer.nullScore - (theirs["null"]?.double ?? .nan)) < 1e-4)
        let candidates = theirs["candidates"]?.array ?? []
        #expect(prediction.candidates.count == candidates.count, "\(label)")
        for (mine, other) in zip(prediction.candidates, candidates) {
          #expect(mine.text == other["text"]?.string, "\(label)")
          #expect(abs(mine.score - (other["score"]?.double ?? .nan)) < 1e-4, "\(label)")
          #expect(abs(mine.probability - (other["probability"]?.double ?? .nan)) < 1e-4)
          let bytes = Array(context.utf8)[mine.bytes]
          #expect(String(decoding: bytes, as: UTF8.self) == mine.text)
        }
      }
    }
  }

  @Test(arguments: ["bert-mean", "bert-joined", "roberta-weighted", "albert-first"])
  func sentenceVectors(_ name: String) throws {
    let wanted = try #require(Self.expected?[name])
    guard case .textEncoder(let model) = try ModelFolder.openAny(Self.path(name)) else {
      Issue.record("\(name) is no sentence encoder")
      return
    }
    let texts = (wanted["texts"]?.array ?? []).compactMap(\.string).map { TextInput($0) }
    let vectors = try model.embed(texts, onLong: .truncateRight, ComputeOptions(workers: 2))
    for (index, vector) in vectors.enumerated() {
      #expect(vector.count == model.width)
      let theirs = Self.numbers(wanted["vectors"]?.array?[index])
      #expect(Self.difference(vector, theirs) < Self.tolerance, "\(name) \(index)")
    }
    let refused = model.refusals(of: texts, onLong: .error)
    #expect(refused.map { $0 != nil } == texts.indices.map { $0 == texts.count - 1 })
    #expect(model.refusals(of: texts, onLong: .window)[texts.count - 1] != nil)
  }

  @Test(arguments: ["vit-square", "vit-bicubic"])
  func imageClassification(_ name: String) throws {
    let wanted = try #require(Self.expected?[name])
    guard case .imageClassifier(let model) = try ModelFolder.openAny(Self.path(name)) else {
      Issue.record("\(name) is no image classifier")
      return
    }
    let (height, width) = (wanted["height"]?.int ?? 0, wanted["width"]?.int ?? 0)
    let images = (wanted["images"]?.array ?? []).compactMap(\.string).map { text in
      let digits = Array(text.utf8)
      let pixels = stride(from: 0, to: digits.count, by: 2).map { index in
        UInt8(String(decoding: digits[index..<index + 2], as: UTF8.self), radix: 16) ?? 0
      }
      return Image(width: width, height: height, pixels: pixels)
    }
    let logits = try model.classify(images, ComputeOptions(workers: 2))
    for (index, values) in logits.enumerated() {
      let theirs = Self.numbers(wanted["logits"]?.array?[index])
      #expect(Self.difference(values, theirs) < 1e-4, "\(name) \(index) \(values) \(theirs)")
    }
  }
}
