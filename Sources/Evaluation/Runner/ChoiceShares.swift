internal import DSXCore
internal import Metrics

/// Losses and logits as shares of one.
enum ChoiceShares {
  /// exp(-loss) over their sum.
  static func of(_ losses: [Double]) -> [JSONValue] {
    MultipleChoice.shares(losses.map { -$0 }).map { .double($0) }
  }

  /// Softmax of logits.
  static func softmax(_ logits: [Double]) -> [Double] { MultipleChoice.shares(logits) }
}
