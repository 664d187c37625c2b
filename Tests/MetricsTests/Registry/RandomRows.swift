import DSXCore

@testable import Metrics

/// Random examples for every metric of the registry: by name where a metric needs special values, else by
/// the roles that it reads.
struct RandomRows {
  var generator: PCG64
  let entry: MetricEntry

  init(_ entry: MetricEntry, seed: UInt64) {
    self.entry = entry
    generator = PCG64(seed: seed)
  }

  /// Settings without which the metric cannot be made.
  static func settings(_ entry: MetricEntry) -> [String: JSONValue] {
    let names = entry.parameters.map(\.name)
    var settings: [String: JSONValue] = [:]
    let isList = entry.inputs.contains { $0.role == "scores" || $0.kind == .labels }
    if names.contains("labels"), isList, entry.group == .classification {
      settings["labels"] = ["a", "b", "c"]
    }
    if entry.name == "miou" { settings["classes"] = 3 }
    return settings
  }

  static func metric(_ entry: MetricEntry) throws -> AnyMetric {
    try entry.metric(entry.options(settings(entry)))
  }

  /// One example.
  mutating func next() -> MetricRow {
    switch entry.group {
    case .generation: textRow()
    case .classification: classificationRow()
    case .languageModel: languageRow()
    case .extraction: extractionRow()
    case .regression: regressionRow()
    case .ranking: rankingRow()
    case .image: imageRow()
    }
  }

  mutating func rows(_ count: Int) -> [MetricRow] { (0..<count).map { _ in next() } }

  mutating func below(_ bound: Int) -> Int { Int(generator.bounded(UInt32(bound))) }

  // MARK: texts

  private static let words = [
    "the", "cat", "sat", "on", "a", "mat", "Dogs", "running", "2,024", "3.5", "it's", "-", "!",
    "我们", "今天", "去", "学校", "，", "模型", "好", "Ünïcode", "🙂",
  ]

  mutating func text(_ most: Int = 9) -> String {
    let isChinese = below(3) == 0
    return (0..<below(most + 1)).map { _ in Self.words[below(Self.words.count)] }
      .joined(separator: isChinese ? "" : " ")
  }

  /// The text with some words left out or put in.
  mutating func noisy(_ text: String) -> String {
    var words = text.split(separator: " ").map(String.init)
    for _ in 0..<below(3) {
      if !words.isEmpty, below(2) == 0 { words.remove(at: below(words.count)) }
      words.insert(Self.words[below(Self.words.count)], at: below(words.count + 1))
    }
    return words.joined(separator: " ")
  }

  private mutating func textRow() -> MetricRow {
    let reference = text() + "x"
    let takesOne =
      ["wer", "cer", "mer", "wil", "wip", "ned", "adgen"].contains(entry.name)
      || entry.name.hasPrefix("py-rouge") || entry.name.hasPrefix("rouge-chinese")
    let others = takesOne ? [] : (0..<below(3)).map { _ in JSONValue.string(noisy(reference)) }
    let hypothesis = below(8) == 0 ? "" : below(4) == 0 ? reference : noisy(reference)
    return [
      "hypothesis": .string(hypothesis), "references": .array([.string(reference)] + others),
    ]
  }

  // MARK: labels

  private mutating func subset() -> JSONValue {
    .array(["a", "b", "c"].filter { _ in below(2) == 0 }.map { .string($0) })
  }

  /// Three shares in quarters and eighths, which add up to exactly 1 and tie often.
  private mutating func probabilities() -> JSONValue {
    let first = below(9)
    let second = below(9 - first)
    return .array([first, second, 8 - first - second].map { .double(Double($0) / 8) })
  }

  private mutating func classificationRow() -> MetricRow {
    let roles = entry.inputs.map(\.role)
    let kind = entry.input("label")?.kind
    if kind == .labels {
      return roles.contains("scores")
        ? ["label": subset(), "scores": probabilities()]
        : ["label": subset(), "prediction": subset()]
    }
    let letters = ["a", "b", "c"]
    let label = JSONValue.string(letters[below(3)])
    if roles.contains("scores") { return ["label": label, "scores": probabilities()] }
    if roles.contains("score") {
      return ["label": .int(Int64(below(2))), "score": .double(Double(below(17)) / 16)]
    }
    return ["label": label, "prediction": below(2) == 0 ? label : .string(letters[below(3)])]
  }

  // MARK: likelihoods

  private mutating func numbers(_ count: Int, _ scale: Double) -> JSONValue {
    .array((0..<count).map { _ in .double((generator.unit() * 64).rounded() / 64 * scale) })
  }

  private mutating func languageRow() -> MetricRow {
    if entry.input("log-likelihood") != nil {
      return [
        "log-likelihood": .double(-generator.unit() * 40), "text": .string(text() + "x"),
        "tokens": .int(Int64(1 + below(20))),
      ]
    }
    if entry.input("loss") != nil {
      return ["loss": .double(generator.unit() * 5), "rows": .int(Int64(1 + below(8)))]
    }
    return [
      "label": .int(Int64(below(3))), "log-likelihoods": numbers(3, -20),
      "losses": numbers(3, 4), "unconditional": numbers(3, -9),
      "choices": .array((0..<3).map { _ in .string(text(4) + "x") }),
      "greedy": .array((0..<3).map { _ in .int(Int64(below(2))) }),
    ]
  }

  // MARK: answers, entities, words

  private mutating func extractionRow() -> MetricRow {
    if entry.input("answers") != nil {
      let answer = below(6) == 0 && entry.name.hasPrefix("squad-v2") ? "" : text(4) + "x"
      return [
        "prediction": .string(below(3) == 0 ? answer : noisy(answer)),
        "answers": .array([.string(answer)] + (0..<below(2)).map { _ in .string(text(4) + "y") }),
        "no-answer-probability": .double(Double(below(5)) / 4),
      ]
    }
    if entry.name.hasPrefix("segmentation") {
      let letters = (0..<(1 + below(8))).map { _ in ["我", "a", "们", "b"][below(4)] }
      return ["label": cut(letters), "prediction": cut(letters)]
    }
    let length = 1 + below(6)
    return ["label": tags(length), "prediction": tags(length)]
  }

  private mutating func cut(_ letters: [String]) -> JSONValue {
    var words: [String] = []
    for letter in letters {
      if words.isEmpty || below(2) == 0 {
        words.append(letter)
      } else {
        words[words.count - 1] += letter
      }
    }
    return .array(words.map { .string($0) })
  }

  private mutating func tags(_ length: Int) -> JSONValue {
    let all = ["O", "B-PER", "I-PER", "B-LOC", "I-LOC"]
    return .array((0..<length).map { _ in .string(all[below(5)]) })
  }

  // MARK: numbers, lists, images

  private mutating func regressionRow() -> MetricRow {
    let label = (generator.unit() - 0.5) * [1, 100, 1e-3][below(3)]
    let prediction = below(4) == 0 ? label : label + (generator.unit() - 0.5)
    return ["label": .double(label), "prediction": .double(prediction)]
  }

  private mutating func rankingRow() -> MetricRow {
    let count = 1 + below(6)
    let grades = ["ndcg", "dcg"].contains(entry.name) ? 4 : 2
    return [
      "scores": .array((0..<count).map { _ in .double(Double(below(5)) / 4) }),
      "relevance": .array((0..<count).map { _ in .int(Int64(below(grades))) }),
    ]
  }

  private mutating func imageRow() -> MetricRow {
    let isMask = entry.name == "miou"
    let side = isMask ? 3 : 12
    func pixels(_ rows: inout RandomRows) -> JSONValue {
      .array(
        (0..<side).map { _ in
          .array((0..<side).map { _ in .int(Int64(rows.below(isMask ? 3 : 256))) })
        })
    }
    return ["target": pixels(&self), "prediction": pixels(&self)]
  }
}
