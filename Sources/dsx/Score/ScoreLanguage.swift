internal import DSXCore
internal import Metrics

/// Whether texts are in a language that a metric's tokenizer does not split: the score is then one of whole
/// clauses, and says next to nothing.
enum ScoreLanguage {
  /// Examples that are looked at.
  private static let sample = 200

  /// What to say of metrics that split Chinese as English; nil where all is well.
  static func warning(_ options: ScoreInputOptions, _ plan: ScorePlan, by: String?)
    throws(DSXError) -> String?
  {
    let english = plan.items.filter { $0.metric.signature.contains("tok:13a") }
    guard let first = english.first else { return nil }
    var source = try ScoreSource(options, plan: plan, by: by)
    var counts = (han: 0, letters: 0)
    var seen = 0
    while seen < sample, let block = try source.next() {
      for text in try source.rows.texts(of: block).prefix(2 * sample) {
        seen += 1
        for scalar in text.unicodeScalars {
          if scalar.properties.isIdeographic {
            counts.han += 1
          } else if scalar.properties.isAlphabetic {
            counts.letters += 1
          }
        }
      }
      if seen == 0 { break }
    }
    guard counts.han >= 10, counts.han > counts.letters else { return nil }
    let names = english.map(\.key).joined(separator: ", ")
    return "warning: the texts are mostly Chinese, but \(names) splits words as English has them "
      + "(tok:13a): whole clauses count as one; --set \(first.key).tokenize=zh splits characters"
  }
}
