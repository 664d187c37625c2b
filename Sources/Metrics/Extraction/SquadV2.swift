public import DSXCore

/// What SQuAD v2 keeps of each question: whether it has an answer, the raw scores and how sure the model
/// is that there is none. 16 bytes and two flags a question.
public struct SquadV2Statistics: MetricStatistics {
  struct Question: Equatable, Comparable {
    var noAnswer: Double
    var f1: Double
    var exact: Bool
    var hasAnswer: Bool
    /// Whether the model answered at all.
    var isAnswered: Bool

    private var order: (Double, Double, Int) {
      (noAnswer, f1, (exact ? 4 : 0) + (hasAnswer ? 2 : 0) + (isAnswered ? 1 : 0))
    }
    static func < (left: Question, right: Question) -> Bool { left.order < right.order }
  }
  private(set) var questions: [Question] = []

  /// No question.
  public init() {}
  /// Number of questions.
  public var count: Int { questions.count }
  mutating func add(_ question: Question) { questions.append(question) }
  /// Adds other questions.
  public mutating func add(_ other: SquadV2Statistics) throws(DSXError) {
    questions += other.questions
  }
  var sorted: [Question] { questions.sorted() }

  /// Whether both hold the same questions.
  public static func == (left: SquadV2Statistics, right: SquadV2Statistics) -> Bool {
    left.sorted == right.sorted
  }

  private enum CodingKeys: String, CodingKey { case noAnswer, f1, flags }
  /// Writes three lists, sorted; flags: 4 exact, 2 has an answer, 1 is answered.
  public func encode(to encoder: any Encoder) throws {
    let sorted = sorted
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(sorted.map(\.noAnswer), forKey: .noAnswer)
    try container.encode(sorted.map(\.f1), forKey: .f1)
    try container.encode(
      sorted.map { ($0.exact ? 4 : 0) + ($0.hasAnswer ? 2 : 0) + ($0.isAnswered ? 1 : 0) },
      forKey: .flags)
  }
  /// Reads what was written; lists of different lengths and numbers that cannot be are errors.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    let noAnswer = try container.decode([Double].self, forKey: .noAnswer)
    let f1 = try container.decode([Double].self, forKey: .f1)
    let flags = try container.decode([Int].self, forKey: .flags)
    guard noAnswer.count == f1.count, f1.count == flags.count,
      noAnswer.allSatisfy(\.isFinite), f1.allSatisfy({ (0...1).contains($0) }),
      flags.allSatisfy({ (0..<8).contains($0) })
    else { throw DSXError(.malformed, "stored questions cannot be") }
    questions = flags.indices.map {
      Question(
        noAnswer: noAnswer[$0], f1: f1[$0], exact: flags[$0] & 4 != 0,
        hasAnswer: flags[$0] & 2 != 0, isAnswered: flags[$0] & 1 != 0)
    }
  }
}

/// Exact match or F1 in percent over questions that may have no answer, as the SQuAD v2.0 script.
///
/// A question whose no-answer probability is above the threshold counts as answered by "none".
public struct SquadV2: Metric {
  /// A question, its prediction and the probability that there is no answer.
  public struct Example: Sendable {
    /// Prediction and right answers.
    public var pair: AnswerPair
    /// 0...1 usually; any finite number.
    public var noAnswerProbability: Double

    /// A question.
    public init(_ pair: AnswerPair, noAnswerProbability: Double = 0) {
      self.pair = pair
      self.noAnswerProbability = noAnswerProbability
    }
  }
  /// Which number is the main one.
  public let kind: SquadScore.Kind
  /// Above it a question counts as unanswered.
  public let threshold: Double

  /// The metric; a threshold that is not finite is an error.
  public init(_ kind: SquadScore.Kind, threshold: Double = 1) throws(DSXError) {
    guard threshold.isFinite else {
      throw DSXError(.usage, "the no-answer threshold must be a number")
    }
    self.kind = kind
    self.threshold = threshold
  }

  /// `squad-v2-em`, `squad-v2-f1`.
  public var name: String { kind == .exactMatch ? "squad-v2-em" : "squad-v2-f1" }
  /// The threshold.
  public var signature: String {
    "squad:2.0|na_prob_thresh:\(threshold)|norm:lower,punctuation,articles,blanks|version:1"
  }
  /// true
  public var higherIsBetter: Bool { true }
  /// No question.
  public var zero: SquadV2Statistics { SquadV2Statistics() }

  /// One question; one without any prediction is an error, as the script leaves it out of the score.
  public func statistics(of example: Example) throws(DSXError) -> SquadV2Statistics {
    var one = SquadV2Statistics()
    try add(example, to: &one)
    return one
  }
  /// Adds one question.
  public func add(_ example: Example, to statistics: inout SquadV2Statistics) throws(DSXError) {
    guard let prediction = example.pair.prediction else {
      throw DSXError(
        .malformed, "a question has no prediction",
        hint: "an empty prediction means that there is no answer")
    }
    guard example.noAnswerProbability.isFinite else {
      throw DSXError(.malformed, "a no-answer probability is not finite")
    }
    let words = SquadText.words(prediction)
    var answers = example.pair.answers.map(SquadText.words).filter { !$0.isEmpty }
    if answers.isEmpty { answers = [[]] }
    var (exact, f1) = (0.0, 0.0)
    for answer in answers {
      exact = max(exact, SquadScore.value(.exactMatch, words, answer, emptyMatches: true))
      f1 = max(f1, SquadScore.value(.f1, words, answer, emptyMatches: true))
    }
    statistics.add(
      SquadV2Statistics.Question(
        noAnswer: example.noAnswerProbability, f1: f1, exact: exact == 1,
        hasAnswer: !example.pair.answers.isEmpty, isAnswered: !prediction.isEmpty))
  }

  /// The main number in percent; nil without questions.
  public func score(from statistics: SquadV2Statistics) -> Double? {
    mean(statistics.questions, kind)
  }

  /// The main number, then exact, f1, the same over questions with and without answers, and the best
  /// values that any threshold gives with that threshold.
  public func scores(from statistics: SquadV2Statistics) -> [NamedScore] {
    let questions = statistics.sorted
    let answerable = questions.filter(\.hasAnswer)
    let others = questions.filter { !$0.hasAnswer }
    var scores = [NamedScore(name, score(from: statistics))]
    for (prefix, part) in [("", questions), ("has-answer-", answerable), ("no-answer-", others)]
    where !part.isEmpty {
      scores.append(NamedScore(prefix + "exact", mean(part, .exactMatch)))
      scores.append(NamedScore(prefix + "f1", mean(part, .f1)))
    }
    for (word, kind) in [("exact", SquadScore.Kind.exactMatch), ("f1", .f1)] {
      guard let best = best(questions, kind) else { continue }
      scores.append(NamedScore("best-" + word, best.score))
      scores.append(NamedScore("best-\(word)-threshold", best.threshold))
    }
    return scores
  }

  private func raw(_ question: SquadV2Statistics.Question, _ kind: SquadScore.Kind) -> Double {
    kind == .f1 ? question.f1 : question.exact ? 1 : 0
  }

  private func mean(_ questions: [SquadV2Statistics.Question], _ kind: SquadScore.Kind) -> Double? {
    guard !questions.isEmpty else { return nil }
    var sum = ExactSum()
    for question in questions {
      let isNone = question.noAnswer > threshold
      sum.add(isNone ? (question.hasAnswer ? 0 : 1) : raw(question, kind))
    }
    return 100 * sum.value / Double(questions.count)
  }

  /// The best percentage that a threshold can give, and the lowest such threshold (0: all unanswered).
  /// Questions of one probability change sides together.
  private func best(
    _ sorted: [SquadV2Statistics.Question], _ kind: SquadScore.Kind
  ) -> (score: Double, threshold: Double)? {
    guard !sorted.isEmpty else { return nil }
    var sum = ExactSum()
    sum.add(Double(sorted.reduce(0) { $0 + ($1.hasAnswer ? 0 : 1) }))
    var (best, threshold) = (sum.value, 0.0)
    for (place, question) in sorted.enumerated() {
      sum.add(question.hasAnswer ? raw(question, kind) : question.isAnswered ? -1 : 0)
      let isLast = place + 1 == sorted.count || sorted[place + 1].noAnswer > question.noAnswer
      if isLast, sum.value > best { (best, threshold) = (sum.value, question.noAnswer) }
    }
    return (100 * best / Double(sorted.count), threshold)
  }
}
