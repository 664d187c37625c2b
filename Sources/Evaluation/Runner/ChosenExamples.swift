internal import DSXCore
internal import Datasets
internal import Metrics

/// The examples that a report shows: sure mistakes, hard documents, worst answers.
struct ChosenExamples {
  private let task: TaskDefinition
  private let main: ScorePlan.Item?
  private let words: LabelTable?
  private var kept: [(key: Double, row: Int, example: ReportExample)] = []

  private static let shown = 20

  init(_ task: TaskDefinition, main: ScorePlan.Item?, words: LabelTable?) {
    self.task = task
    self.main = main
    self.words = words
  }

  mutating func add(_ line: JSONValue) {
    guard let (key, score) = key(line) else { return }
    let row = line["row"]?.int ?? 0
    if kept.count == Self.shown, let last = kept.last, (last.key, -last.row) >= (key, -row) {
      return
    }
    kept.append(
      (
        key, row,
        ReportExample(
          id: line["id"].map { $0.string ?? $0.text() } ?? "",
          text: Demonstrations.cut(line["text"]?.string ?? "", 300),
          gold: shown(line["gold"]), prediction: shown(line["prediction"]), score: score,
          tokens: line["tokens"]?.int.flatMap { $0 > 0 ? $0 : nil })
      ))
    kept.sort { ($1.key, $0.row) < ($0.key, $1.row) }
    if kept.count > Self.shown { kept.removeLast() }
  }

  /// How much an example is worth showing (more is better), and the number beside it.
  private func key(_ line: JSONValue) -> (Double, Double)? {
    switch task.request {
    case .rollingLogLikelihood:
      guard let nll = line["nll"]?.double, let count = line["scored_ids"]?.int, count > 0 else {
        return nil
      }
      return (nll / Double(count), nll / Double(count))
    case .logLikelihood, .classify, .imageClassify, .tableClassify:
      guard line["correct"]?.bool == false else { return nil }
      let margin = line["margin"]?.double ?? 0
      return (margin, margin)
    case .embed:
      guard let said = line["prediction"]?.double else { return nil }
      return (said, said)
    case .generateUntil, .span, .tag, .given:
      guard let main, let score = line["scores"]?[main.key]?.double else { return nil }
      let worth = main.metric.higherIsBetter ? -score : score
      return (worth, score)
    }
  }

  private func shown(_ value: JSONValue?) -> String? {
    guard let value, !value.isNull else { return nil }
    let text: String
    if let list = value.array {
      text = list.map { $0.string ?? $0.text() }.joined(
        separator: task.request == .tag ? " " : " / ")
    } else {
      text = value.string ?? value.text()
    }
    if let words, task.request.hasLabels, let place = words.place(of: text),
      words.words[place] != text
    {
      return text + " " + words.words[place]
    }
    return Demonstrations.cut(text, 300)
  }

  /// The tables; mistakes on images with small pictures of them.
  func tables(_ dataset: MsDataset) -> [ExampleTable] {
    guard !kept.isEmpty else { return [] }
    let examples = kept.map { one in
      guard task.request == .imageClassify else { return one.example }
      var example = one.example
      example.picture = ExamplePictures.picture(dataset, row: one.row)
      return example
    }
    switch task.request {
    case .rollingLogLikelihood:
      return [
        ExampleTable(
          title: "Hardest documents", note: "by nats a token", score: "nats a token",
          examples: examples)
      ]
    case .logLikelihood, .classify, .imageClassify, .tableClassify:
      return [
        ExampleTable(
          title: "Surest mistakes", note: "all answers are in predictions.jsonl", score: "margin",
          examples: examples)
      ]
    case .embed:
      return [ExampleTable(title: "Most similar pairs", score: "cosine", examples: examples)]
    case .generateUntil, .span, .tag, .given:
      return [
        ExampleTable(
          title: "Worst answers", note: "all answers are in predictions.jsonl",
          score: main?.key, examples: examples)
      ]
    }
  }
}
