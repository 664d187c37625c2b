internal import DSXCore

/// Logits as `{"scores": [...], "labels": [...]}`: highest first, the first label of equals first.
enum RankedLabels {
  static func json(
    _ logits: [Double], _ labels: [String], _ scores: LabelScores, topK: Int?
  ) -> JSONValue {
    let values = scores.apply(logits)
    let order = logits.indices.sorted { (logits[$1], $0) < (logits[$0], $1) }
      .prefix(topK ?? logits.count)
    return .object([
      .init("scores", .array(order.map { .double(values[$0]) })),
      .init("labels", .array(order.map { .string(labels[$0]) })),
    ])
  }
}
