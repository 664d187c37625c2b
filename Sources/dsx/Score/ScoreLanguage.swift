internal import DSXCore
internal import Metrics

/// Whether texts are in a language that a metric's tokenizer does not split: the score is then one of whole
/// clauses, and says next to nothing. Looks at the first blocks on their way to the metrics, so that an
/// input is read once.
struct ScoreLanguage {
  /// Texts that are looked at.
  private static let sample = 400

  /// The metrics that split words as English has them.
  private let english: [String]
  private var seen = 0
  private var han = 0
  private var letters = 0

  init(_ plan: ScorePlan) {
    english = plan.items.filter { $0.metric.signature.contains("tok:13a") }.map(\.key)
  }

  /// Looks at a block of the input's beginning.
  mutating func look(at block: ScoreSource.Block, _ rows: ScoreRows) throws(DSXError) {
    guard !english.isEmpty, seen < Self.sample else { return }
    for text in try rows.texts(of: block).prefix(Self.sample - seen) {
      seen += 1
      for scalar in text.unicodeScalars {
        if scalar.properties.isIdeographic {
          han += 1
        } else if scalar.properties.isAlphabetic {
          letters += 1
        }
      }
    }
  }

  /// What to say of metrics that split Chinese as English; nil where all is well.
  var warning: String? {
    guard let first = english.first, han >= 10, han > letters else { return nil }
    let names = english.joined(separator: ", ")
    return "warning: the texts are mostly Chinese, but \(names) splits words as English has them "
      + "(tok:13a): whole clauses count as one; --set \(first).tokenize=zh splits characters"
  }
}
