import DSXCore
import Jieba
import Metrics

/// `qa.jsonl` and `ner.jsonl`: the official scripts, seqeval 1.2.2, MindFormers 0.8.0.
enum ExtractionGolden {
  // MARK: answers

  @Sendable static func normalised(_ golden: MetricCase) throws -> String? {
    let texts = (golden.inputs["texts"]?.array ?? []).map { $0.string ?? "" }
    let theirs = (golden.expected["normalized"]?.array ?? []).map { $0.string ?? "" }
    return GoldenRun.difference(texts.map(SquadText.normalised), theirs)
  }

  /// Questions with their predictions, in order; nil where there is none.
  private static func questions(_ golden: MetricCase) -> [(id: String, pair: AnswerPair)] {
    (golden.inputs["references"]?.array ?? []).map { reference in
      let id = reference["id"]?.string ?? ""
      let answers = reference["answers"]
      let texts = answers?["text"]?.array ?? answers?.array ?? []
      return (
        id,
        AnswerPair(
          prediction: golden.inputs["predictions"]?[id]?.string,
          answers: texts.map { $0.string ?? $0["text"]?.string ?? "" })
      )
    }
  }

  @Sendable static func squad(_ golden: MetricCase) throws -> String? {
    let questions = questions(golden)
    let pairs = questions.map(\.pair)
    for (id, pair) in questions where pair.prediction != nil {
      let path = ["per_question", id]
      if let difference = try golden.differs(
        path + ["em"], SquadScore(.exactMatch).value(of: pair))
        ?? golden.differs(path + ["f1"], SquadScore(.f1).value(of: pair))
      {
        return difference
      }
    }
    return try golden.differs(["exact_match"], golden.score(SquadScore(.exactMatch), pairs))
      ?? golden.differs(["f1"], golden.score(SquadScore(.f1), pairs))
  }

  @Sendable static func squadV2(_ golden: MetricCase) throws -> String? {
    let threshold = MetricCase.number(golden.parameters["na_prob_thresh"]) ?? 1
    let examples = questions(golden).map { question in
      SquadV2.Example(
        question.pair,
        noAnswerProbability: golden.inputs["no_answer_probability"]?[question.id]?.double ?? 0)
    }
    let metric = try SquadV2(.f1, threshold: threshold)
    let scores = metric.scores(from: try metric.statistics(of: examples))
    for (theirs, ours) in [
      ("exact", "exact"), ("f1", "f1"), ("HasAns_exact", "has-answer-exact"),
      ("HasAns_f1", "has-answer-f1"), ("NoAns_exact", "no-answer-exact"),
      ("NoAns_f1", "no-answer-f1"), ("best_exact", "best-exact"),
      ("best_exact_thresh", "best-exact-threshold"), ("best_f1", "best-f1"),
      ("best_f1_thresh", "best-f1-threshold"),
    ] {
      let value = scores.first { $0.name == ours }?.value
      if let difference = golden.differsIfThere(theirs, value) { return difference }
    }
    return golden.differs(["total"], Double(examples.count))
  }

  @Sendable static func chinesePair(_ golden: MetricCase) throws -> String? {
    let answers = (golden.inputs["answers"]?.array ?? []).map { $0.string ?? "" }
    let prediction = golden.inputs["prediction"]?.string ?? ""
    let metric = ChineseAnswerScore(.f1)
    let pair = AnswerPair(prediction: prediction, answers: answers)
    let theirs = (golden.expected["answer_segs"]?.array ?? []).map(\.strings)
    return try GoldenRun.difference(
      metric.segments(prediction), golden.expected["pred_segs"]?.strings ?? [])
      ?? GoldenRun.difference(answers.map(metric.segments), theirs.map { $0 ?? [] })
      ?? golden.differs(["f1"], try metric.value(of: pair))
      ?? golden.differs(["em"], try ChineseAnswerScore(.exactMatch).value(of: pair))
  }

  @Sendable static func chinese(_ golden: MetricCase) throws -> String? {
    let pairs = questions(golden).map(\.pair)
    let f1 = try golden.score(ChineseAnswerScore(.f1), pairs)
    let exact = try golden.score(ChineseAnswerScore(.exactMatch), pairs)
    return golden.differs(["f1"], f1) ?? golden.differs(["em"], exact)
      ?? golden.differs(["average"], ((f1 ?? .nan) + (exact ?? .nan)) / 2)
      ?? golden.differs(["total"], Double(pairs.count))
      ?? golden.differs(["skip"], Double(pairs.count { $0.prediction == nil }))
  }

  @Sendable static func mindFormersAnswers(_ golden: MetricCase) throws -> String? {
    let dictionary = try JiebaDictionary.load(homes: .forTests)
    let pairs = zip(
      golden.inputs["predictions"]?.array ?? [], golden.inputs["labels"]?.array ?? []
    ).map { AnswerPair(prediction: $0.string ?? "", answers: [$1.string ?? ""]) }
    return try golden.differs(
      ["F1"], golden.score(ChineseAnswerScore(.f1, mindFormers: dictionary), pairs))
      ?? golden.differs(
        ["Em"], golden.score(ChineseAnswerScore(.exactMatch, mindFormers: dictionary), pairs))
  }

  @Sendable static func exactMatch(_ golden: MetricCase) throws -> String? {
    func flag(_ name: String) -> Bool { golden.parameters[name]?.bool ?? false }
    let metric = try ExactMatch(
      ignoresCase: flag("ignore_case"), ignoresPunctuation: flag("ignore_punctuation"),
      ignoresNumbers: flag("ignore_numbers"),
      patterns: golden.parameters["regexes_to_ignore"]?.strings ?? [])
    let examples = zip(
      golden.inputs["predictions"]?.strings ?? [], golden.inputs["references"]?.strings ?? []
    ).map { TextExample(hypothesis: $0, reference: $1) }
    let per = try examples.map { try metric.statistics(of: $0).hits == 1 }
    return try GoldenRun.difference(
      per, (golden.expected["per"]?.array ?? []).map { $0.bool ?? false })
      ?? golden.differs(["exact_match"], try golden.score(metric, examples))
  }

  // MARK: entities

  private static func sequences(_ golden: MetricCase) -> [EntityScore.Example] {
    zip(golden.inputs["y_true"]?.array ?? [], golden.inputs["y_pred"]?.array ?? []).map {
      EntityScore.Example(gold: $0.strings ?? [], predicted: $1.strings ?? [])
    }
  }

  private static func report(
    _ golden: MetricCase, _ path: [String], _ metric: EntityScore, _ counts: EntityStatistics
  ) -> String? {
    let report = metric.report(counts)
    for row in report.labels + report.averages {
      if let difference = ScoresGolden.same(golden, path, row) { return difference }
    }
    let theirs = path.reduce(Optional(golden.expected)) { $0?[$1] }?.object?.count
    return theirs == report.labels.count + 3 ? nil : "\(path): other rows than ours"
  }

  /// Spans as the golden lists them.
  private static func spans(
    _ golden: MetricCase, _ name: String, _ metric: EntityScore, end: Int
  ) throws -> String? {
    guard let lists = golden.expected[name]?.array else { return nil }
    for (sequence, list) in zip(sequences(golden), lists) {
      let ours = try metric.entities(in: sequence.predicted).map {
        "\($0.type) \($0.start) \($0.last + end)"
      }
      let theirs = (list.array ?? []).map { entity in
        (entity.array ?? []).map { $0.string ?? $0.text() }.joined(separator: " ")
      }
      if let difference = GoldenRun.difference(ours, theirs) { return "\(name): " + difference }
    }
    return nil
  }

  @Sendable static func seqeval(_ golden: MetricCase) throws -> String? {
    let scheme = TagScheme(rawValue: golden.parameters["scheme"]?.string ?? "") ?? .iob2
    let isEdge = golden.expected["strict_IOB2"] != nil
    let path = isEdge ? ["default"] : ["default", "report"]
    let lenient = try EntityScore()
    let strict = try EntityScore(style: .strict(scheme))
    let counts = try lenient.statistics(of: sequences(golden))
    return try report(golden, path, lenient, counts)
      ?? report(
        golden, [isEdge ? "strict_IOB2" : "strict"], strict,
        strict.statistics(of: sequences(golden)))
      ?? golden.differs(
        isEdge ? ["accuracy"] : ["default", "accuracy"], lenient.tagAccuracy(counts))
      ?? (isEdge ? golden.differs(["f1_micro"], lenient.score(from: counts)) : nil)
      ?? spans(golden, "strict_entities_pred", strict, end: 1)
      ?? defaultSpans(golden, lenient)
  }

  private static func defaultSpans(_ golden: MetricCase, _ metric: EntityScore) throws -> String? {
    guard let lists = golden.expected["default"]?["entities_pred"]?.array else { return nil }
    for (sequence, list) in zip(sequences(golden), lists) {
      let ours = try metric.entities(in: sequence.predicted).map {
        "\($0.type) \($0.start) \($0.last)"
      }
      let theirs = (list.array ?? []).map { entity in
        (entity.array ?? []).map { $0.string ?? $0.text() }.joined(separator: " ")
      }
      if let difference = GoldenRun.difference(ours, theirs) { return "entities: " + difference }
    }
    return nil
  }

  @Sendable static func mindFormersEntities(_ golden: MetricCase) throws -> String? {
    let metric = try EntityScore(style: .mindformers)
    let counts = try metric.statistics(of: sequences(golden))
    let report = metric.report(counts)
    func same(_ path: [String], _ scores: PrecisionRecall) -> String? {
      golden.differs(path + ["precision"], scores.precision)
        ?? golden.differs(path + ["recall"], scores.recall)
        ?? golden.differs(path + ["f1"], scores.f)
    }
    for row in report.labels {
      if let difference = same(["per_class", row.name], row.scores) { return difference }
    }
    let theirs = golden.expected["per_class"]?.object?.count
    if theirs != report.labels.count { return "other types than ours" }
    return try same(["overall"], report.averages[0].scores)
      ?? spans(golden, "entities_pred", metric, end: 0)
  }
}
