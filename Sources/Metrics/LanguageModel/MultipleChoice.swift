public import DSXCore
internal import Glibc

/// A question with choices, each with its log-likelihood.
public struct ChoiceQuestion: Sendable {
  /// The choices' texts; may be empty when nothing is divided by their lengths.
  public var choices: [String]
  /// The right choice's place.
  public var gold: Int
  /// The log-likelihood of each choice behind the question.
  public var likelihoods: [Double]
  /// The log-likelihood of each choice without the question; may be empty.
  public var unconditional: [Double]
  /// Whether each choice is what greedy decoding gives; may be empty.
  public var isGreedy: [Bool]

  /// A question.
  public init(
    choices: [String], gold: Int, likelihoods: [Double], unconditional: [Double] = [],
    isGreedy: [Bool] = []
  ) {
    self.choices = choices
    self.gold = gold
    self.likelihoods = likelihoods
    self.unconditional = unconditional
    self.isGreedy = isGreedy
  }
}

/// The share of questions whose likeliest choice is the right one, as lm-eval 0.4.13. The first of equals
/// counts as likeliest.
public struct MultipleChoice: Metric {
  /// By what a choice is the likeliest.
  public enum Kind: String, Sendable, CaseIterable {
    /// The log-likelihood.
    case plain = "acc"
    /// The log-likelihood over the number of characters (code points).
    case characters = "acc-norm"
    /// The log-likelihood over the number of UTF-8 bytes.
    case bytes = "acc-bytes"
    /// The log-likelihood less that without the question.
    case mutualInformation = "acc-mutual-info"
    /// Not by likelihood: whether greedy decoding gives the right choice.
    case greedy = "greedy-match"
  }
  /// By what.
  public let kind: Kind
  /// The metric.
  public init(_ kind: Kind) { self.kind = kind }
  /// `acc`, `acc-norm`, `acc-bytes`, `acc-mutual-info`, `greedy-match`.
  public var name: String { kind.rawValue }
  /// What is divided by, and ties.
  public var signature: String {
    switch kind {
    case .plain: "norm:none|ties:first|version:1"
    case .characters: "norm:codepoints|ties:first|version:1"
    case .bytes: "norm:utf-8-bytes|ties:first|version:1"
    case .mutualInformation: "norm:unconditional|ties:first|version:1"
    case .greedy: "match:greedy|version:1"
    }
  }
  /// true
  public var higherIsBetter: Bool { true }
  /// No question.
  public var zero: HitCount { HitCount() }

  /// Whether the question was answered rightly. Lists of other lengths than the likelihoods', NaN and a
  /// choice without text (where lengths count) are errors.
  public func statistics(of question: ChoiceQuestion) throws(DSXError) -> HitCount {
    let count = question.likelihoods.count
    guard question.likelihoods.indices.contains(question.gold) else {
      throw DSXError(
        .malformed, "the right choice \(question.gold) is outside of the \(count) choices")
    }
    guard !question.likelihoods.contains(where: \.isNaN) else {
      throw DSXError(.malformed, "a choice's log-likelihood is not a number")
    }
    func need(_ found: Int, _ what: String) throws(DSXError) {
      guard found == count else {
        throw DSXError(.malformed, "a question has \(count) log-likelihoods, but \(found) \(what)")
      }
    }
    var one = HitCount()
    if kind == .greedy {
      try need(question.isGreedy.count, "greedy marks")
      one.add(isHit: question.isGreedy[question.gold])
      return one
    }
    var values = question.likelihoods
    switch kind {
    case .characters, .bytes:
      try need(question.choices.count, "choices")
      for (place, choice) in question.choices.enumerated() {
        let length = kind == .bytes ? choice.utf8.count : choice.unicodeScalars.count
        guard length > 0 else {
          throw DSXError(.malformed, "choice \(place) is empty: nothing to divide by")
        }
        values[place] /= Double(length)
      }
    case .mutualInformation:
      try need(question.unconditional.count, "unconditional log-likelihoods")
      for place in values.indices {
        values[place] -= question.unconditional[place]
        guard !values[place].isNaN else {
          throw DSXError(.malformed, "a choice's log-likelihood is not a number")
        }
      }
    case .plain, .greedy: break
    }
    one.add(isHit: Self.place(ofLargest: values) == question.gold)
    return one
  }

  /// The first place of the largest value.
  static func place(ofLargest values: [Double]) -> Int {
    var best = 0
    for place in values.indices where values[place] > values[best] { best = place }
    return best
  }

  /// The choices' likelihoods as shares of one: softmax, as lm-eval's `prob_norm`.
  public static func shares(_ likelihoods: [Double]) -> [Double] {
    guard let largest = likelihoods.max() else { return [] }
    let powers = likelihoods.map { exp($0 - largest) }
    let sum = powers.reduce(0, +)
    return powers.map { $0 / sum }
  }

  /// hits / count
  public func score(from statistics: HitCount) -> Double? { statistics.share }
  /// sqrt(p (1 - p) / (n - 1)), as lm-eval's `acc_stderr`.
  public func standardError(from statistics: HitCount) -> StandardError? {
    statistics.binomialError
  }
}

/// PanGu's prompt accuracy (MindFormers' PromptAccMetric): the label with the least mean loss is the
/// prediction, the first of equals.
public struct PromptAccuracy: Metric {
  /// The losses of one example's labels.
  public struct Example: Sendable {
    /// The masked mean loss of each label's prompt.
    public var losses: [Double]
    /// The true label's place.
    public var gold: Int

    /// An example.
    public init(losses: [Double], gold: Int) {
      self.losses = losses
      self.gold = gold
    }
  }
  /// The metric.
  public init() {}
  /// `prompt-accuracy`.
  public var name: String { "prompt-accuracy" }
  /// Ties.
  public var signature: String { "loss:masked-mean|ties:first|version:1" }
  /// true
  public var higherIsBetter: Bool { true }
  /// No example.
  public var zero: HitCount { HitCount() }
  /// The predicted label's place; 0 without losses.
  public static func prediction(_ losses: [Double]) -> Int {
    MultipleChoice.place(ofLargest: losses.map { -$0 })
  }
  /// Whether the prediction is the true label. An unknown label and NaN are errors.
  public func statistics(of example: Example) throws(DSXError) -> HitCount {
    guard example.losses.indices.contains(example.gold) else {
      throw DSXError(
        .malformed,
        "the gold label \(example.gold) is outside of the \(example.losses.count) labels")
    }
    guard !example.losses.contains(where: \.isNaN) else {
      throw DSXError(.malformed, "a label's loss is not a number")
    }
    var one = HitCount()
    one.add(isHit: Self.prediction(example.losses) == example.gold)
    return one
  }
  /// hits / count
  public func score(from statistics: HitCount) -> Double? { statistics.share }
  /// sqrt(p (1 - p) / (n - 1)).
  public func standardError(from statistics: HitCount) -> StandardError? {
    statistics.binomialError
  }
}
