internal import DSXCore
internal import Glibc

/// What a classifier's logits become: what transformers' pipelines do with them.
public enum LabelScores: String, Sendable {
  /// Probabilities of labels of which one is right.
  case softmax
  /// Each label has a probability of its own: several labels may be right, or there is only one.
  case sigmoid
  /// The numbers themselves: a regression.
  case raw

  /// By `problem_type` of `config.json`, else by the number of labels.
  ///
  /// Throws `unsupported` for a type that transformers does not have.
  init(_ configuration: JSONValue, outputs: Int) throws(DSXError) {
    let type = configuration["problem_type"] ?? .null
    switch type {
    case "regression": self = .raw
    case "multi_label_classification": self = .sigmoid
    case .null, "single_label_classification": self = outputs == 1 ? .sigmoid : .softmax
    default:
      throw DSXError(
        .unsupported, "'problem_type' is \(type.text())",
        hint: "known: single_label_classification, multi_label_classification, regression")
    }
  }

  /// The scores of logits, in float64.
  func apply(_ logits: [Double]) -> [Double] {
    switch self {
    case .raw: return logits
    case .sigmoid: return logits.map { 1 / (1 + exp(-$0)) }
    case .softmax:
      let top = logits.max() ?? 0
      let powers = logits.map { exp($0 - top) }
      let sum = powers.reduce(0, +)
      return powers.map { $0 / sum }
    }
  }
}
