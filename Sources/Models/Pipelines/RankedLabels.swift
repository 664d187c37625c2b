internal import DSXCore
internal import Glibc

/// Logits as `{"scores": [...], "labels": [...]}`: softmax in float64, highest first, the first label of
/// equals first.
enum RankedLabels {
  static func json(_ logits: [Double], _ labels: [String], topK: Int?) -> JSONValue {
    let top = logits.max() ?? 0
    let powers = logits.map { exp($0 - top) }
    let sum = powers.reduce(0, +)
    let order = logits.indices.sorted { (logits[$1], $0) < (logits[$0], $1) }
      .prefix(topK ?? logits.count)
    return .object([
      .init("scores", .array(order.map { .double(powers[$0] / sum) })),
      .init("labels", .array(order.map { .string(labels[$0]) })),
    ])
  }
}
