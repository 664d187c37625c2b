public import DSXCore

/// What answer metrics take from one question.
public struct AnswerPair: Sendable, Equatable {
  /// The model's answer; nil when it gave none at all (scores 0).
  public var prediction: String?
  /// The right answers; empty: the question has none.
  public var answers: [String]

  /// A question.
  public init(prediction: String?, answers: [String]) {
    self.prediction = prediction
    self.answers = answers
  }
}

/// Exact match or F1 of answers in percent, the best of the right answers, as the SQuAD v1.1 script.
public struct SquadScore: MeanMetric {
  /// A question.
  public typealias Example = AnswerPair
  /// Which number.
  public enum Kind: String, Sendable, CaseIterable {
    /// Whether the normalised answers are equal.
    case exactMatch = "squad-em"
    /// F1 over the words of the normalised answers.
    case f1 = "squad-f1"
  }
  /// Which number.
  public let kind: Kind
  /// The metric.
  public init(_ kind: Kind) { self.kind = kind }
  /// `squad-em`, `squad-f1`.
  public var name: String { kind.rawValue }
  /// The script's version and normalisation.
  public var signature: String { "squad:1.1|norm:lower,punctuation,articles,blanks|version:1" }
  /// true
  public var higherIsBetter: Bool { true }
  /// 100
  public var scale: Double { 100 }

  /// 0...1. A question without any right answer is an error: v1.1 has none; use the v2 metric.
  public func value(of example: AnswerPair) throws(DSXError) -> Double {
    guard !example.answers.isEmpty else {
      throw DSXError(
        .malformed, "a question has no answer", hint: "questions without answers need squad-v2")
    }
    guard let prediction = example.prediction else { return 0 }
    let words = SquadText.words(prediction)
    return example.answers.reduce(0) {
      max($0, Self.value(kind, words, SquadText.words($1), emptyMatches: false))
    }
  }

  /// The number for one right answer. `emptyMatches`: two empty answers have F1 1, as v2 says.
  static func value(
    _ kind: Kind, _ predicted: [String], _ gold: [String], emptyMatches: Bool
  ) -> Double {
    if kind == .exactMatch { return predicted.hasBytes(of: gold) ? 1 : 0 }
    if predicted.isEmpty || gold.isEmpty {
      return emptyMatches && predicted.isEmpty && gold.isEmpty ? 1 : 0
    }
    return TokenOverlap.f1(
      shared: TokenOverlap.shared(gold.map(ExactText.init), predicted.map(ExactText.init)),
      gold: gold.count, predicted: predicted.count)
  }
}
