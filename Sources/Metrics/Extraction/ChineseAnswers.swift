public import DSXCore
public import Jieba

/// Which script's answers are compared.
public enum ChineseAnswerStyle: String, Sendable, CaseIterable {
  /// CMRC2018's official script, version 6: words between Chinese characters by nltk's rules.
  case cmrc2018
  /// MindFormers' EmF1Metric: by jieba; the prediction is stripped and cut at its first line feed.
  case mindformers
}

/// Exact match or F1 of Chinese answers in percent, the best of the right answers.
///
/// F1 counts the longest run of segments that both share in one piece (a substring, as both scripts do
/// whatever their comments say).
public struct ChineseAnswerScore: MeanMetric {
  /// A question.
  public typealias Example = AnswerPair
  /// Which number.
  public enum Kind: String, Sendable, CaseIterable {
    /// Whether the answers are equal without punctuation.
    case exactMatch = "cmrc-em"
    /// F1 over segments.
    case f1 = "cmrc-f1"
  }
  /// Which number.
  public let kind: Kind
  /// Whose rules.
  public let style: ChineseAnswerStyle
  private let dictionary: JiebaDictionary?

  /// The official script's number.
  public init(_ kind: Kind) {
    self.kind = kind
    style = .cmrc2018
    dictionary = nil
  }

  /// MindFormers' number; it needs jieba's dictionary.
  public init(_ kind: Kind, mindFormers dictionary: JiebaDictionary) {
    self.kind = kind
    style = .mindformers
    self.dictionary = dictionary
  }

  /// `cmrc-em`, `cmrc-f1`.
  public var name: String { kind.rawValue }
  /// The script and how it splits.
  public var signature: String {
    switch style {
    case .cmrc2018: "cmrc2018:v6|words:treebank|lcs:substring|version:1"
    case .mindformers: "mindformers:0.8.0|words:jieba-0.42.1|lcs:substring|version:1"
    }
  }
  /// true
  public var higherIsBetter: Bool { true }
  /// 100
  public var scale: Double { 100 }

  /// 0...1; a missing prediction scores 0, no right answer is an error.
  public func value(of example: AnswerPair) throws(DSXError) -> Double {
    guard !example.answers.isEmpty else {
      throw DSXError(.malformed, "a question has no answer")
    }
    guard var prediction = example.prediction else { return 0 }
    if style == .mindformers { prediction = Self.firstLine(prediction) }
    if kind == .exactMatch {
      let bare = ChineseSegments.withoutPunctuation(prediction)
      return example.answers.contains { ChineseSegments.withoutPunctuation($0) == bare } ? 1 : 0
    }
    let predicted = segments(prediction)
    return example.answers.reduce(0) { max($0, ChineseSegments.f1(segments($1), predicted)) }
  }

  /// The segments of an answer.
  public func segments(_ text: String) -> [String] {
    guard let dictionary else {
      return ChineseSegments.segments(text) { TreebankWords.words($0).map(PythonText.string) }
    }
    var cutter = JiebaCutter(dictionary)
    return ChineseSegments.segments(text) { cutter.words(PythonText.string($0)) }
  }

  private static func firstLine(_ text: String) -> String {
    let stripped = PythonText.stripped(Array(text.unicodeScalars))
    return PythonText.string(stripped.prefix { $0 != "\n" })
  }
}
