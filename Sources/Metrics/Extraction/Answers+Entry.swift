internal import DSXCore
internal import Jieba

/// The entries of answers.
enum AnswerEntries {
  private static let prediction = MetricColumn(
    "prediction", .text, isOptional: true, also: ["hypothesis", "hyp", "pred", "output"],
    "the model's answer")
  private static let answers = MetricColumn(
    "answers", .texts, isOptional: true,
    also: ["references", "reference", "refs", "ref", "target"],
    "the right answers")

  /// A row's answer; its right answers are texts, or an object with `text` as SQuAD has it.
  private static func pair(_ row: MetricRow) throws(DSXError) -> AnswerPair {
    var texts: [String] = []
    if let value = row.optional("answers") {
      let list = value["text"] ?? value
      if list.array?.isEmpty != true {
        texts = try MetricRow(roles: ["answers"], values: [list]).texts("answers")
      }
    }
    return AnswerPair(
      prediction: row.has("prediction") ? try row.text("prediction") : nil, answers: texts)
  }

  private static func squad(_ kind: SquadScore.Kind) -> MetricEntry {
    let isExact = kind == .exactMatch
    return MetricEntry(
      name: kind.rawValue, group: .extraction,
      summary: isExact ? "answers that equal a right one" : "F1 of the answers' words",
      formula: isExact
        ? "100 * equal normalised answers / questions"
        : "100 * mean of the best 2 p r / (p + r) over the words of normalised answers",
      unit: "percent", range: 0...100, higherIsBetter: true, inputs: [prediction, answers],
      reference: "SQuAD v1.1 evaluation script",
      edgeCases: [
        "a missing prediction scores 0", "both answers empty: F1 0",
        "a question without a right answer is an error",
      ], compat: ["squad": [:]]
    ) { (_: MetricOptions) throws(DSXError) -> AnyMetric in
      AnyMetric(SquadScore(kind)) { (row: MetricRow) throws(DSXError) -> AnswerPair in
        try pair(row)
      }
    }
  }

  private static func squadV2(_ kind: SquadScore.Kind) -> MetricEntry {
    MetricEntry(
      name: kind == .exactMatch ? "squad-v2-em" : "squad-v2-f1", group: .extraction,
      summary: (kind == .exactMatch ? "exact match" : "F1")
        + " over questions that may have no answer",
      formula: "as v1.1; above the threshold a question counts as answered by none",
      unit: "percent", range: 0...100, higherIsBetter: true,
      parameters: [
        MetricParameter(
          "threshold", .number(-1e9...1e9), default: .double(1),
          "the no-answer probability above which a question counts as unanswered")
      ],
      inputs: [
        prediction, answers,
        MetricColumn(
          "no-answer-probability", .number, isOptional: true,
          also: ["no_answer_probability", "na_prob"],
          "how sure the model is that there is no answer"),
      ], reference: "SQuAD v2.0 evaluation script",
      edgeCases: [
        "both answers empty: 1",
        "a missing prediction is an error; an empty one means that there is no answer",
        "best thresholds move questions of one probability together (the script takes them one by one)",
      ], compat: ["squad": [:]]
    ) { (options: MetricOptions) throws(DSXError) -> AnyMetric in
      AnyMetric(try SquadV2(kind, threshold: options.number("threshold"))) {
        (row: MetricRow) throws(DSXError) -> SquadV2.Example in
        SquadV2.Example(
          try pair(row),
          noAnswerProbability: row.has("no-answer-probability")
            ? try row.number("no-answer-probability") : 0)
      }
    }
  }

  private static func chinese(_ kind: ChineseAnswerScore.Kind) -> MetricEntry {
    let isExact = kind == .exactMatch
    return MetricEntry(
      name: kind.rawValue, group: .extraction,
      summary: isExact
        ? "Chinese answers that equal a right one"
        : "F1 of Chinese answers by their longest common run",
      formula: isExact
        ? "100 * answers equal without punctuation / questions"
        : "100 * mean of the best 2 p r / (p + r), by the longest common substring of segments",
      unit: "percent", range: 0...100, higherIsBetter: true,
      parameters: [
        MetricParameter(
          "style", .choice(ChineseAnswerStyle.allCases.map(\.rawValue)),
          default: .string("cmrc2018"),
          "cmrc2018: other text is split by nltk's rules; mindformers: by jieba")
      ], inputs: [prediction, answers],
      reference: "CMRC2018 script v6 with nltk 3.10.4; mindformers 0.8.0 EmF1Metric",
      edgeCases: [
        "a missing prediction scores 0",
        "the run is a substring, whatever the scripts' comments say",
        "Chinese is U+4E00...9FA5 only; of the 33 deleted marks '……' never matches",
        "non-Chinese text is one line for nltk's rules: sentences are not split",
      ], compat: ["cmrc2018": ["style": "cmrc2018"], "mindformers": ["style": "mindformers"]]
    ) { (options: MetricOptions) throws(DSXError) -> AnyMetric in
      let style: ChineseAnswerStyle = try options.choice("style")
      let metric =
        style == .cmrc2018
        ? ChineseAnswerScore(kind)
        : ChineseAnswerScore(kind, mindFormers: try JiebaDictionary.load())
      return AnyMetric(metric) { (row: MetricRow) throws(DSXError) -> AnswerPair in
        try pair(row)
      }
    }
  }

  static let entries = [
    squad(.exactMatch), squad(.f1), squadV2(.exactMatch), squadV2(.f1), chinese(.exactMatch),
    chinese(.f1),
  ]
}
