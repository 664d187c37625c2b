/// A causal language model's parts as pointers: what lies before the layers, the layers, and what makes
/// logits. Who makes it keeps the memory.
struct CausalParts: @unchecked Sendable {
  let transformer: Transformer
  /// [vocabulary, width].
  let tokens: UnsafePointer<Float>
  /// [context, width]: learned positions; nil where the layers know positions themselves.
  let positions: UnsafePointer<Float>?
  /// From the stream (after `finalNorm`, where there is one) to a logit for each word.
  let head: Linear

  init(
    transformer: Transformer, tokens: UnsafePointer<Float>, positions: UnsafePointer<Float>?,
    head: Linear
  ) {
    self.transformer = transformer
    self.tokens = tokens
    self.positions = positions
    self.head = head
  }

  var configuration: TransformerConfiguration { transformer.configuration }
  var width: Int { transformer.configuration.width }
  var context: Int { transformer.configuration.context }
  var vocabulary: Int { head.outputs }

  /// Writes the row of an id at a position.
  func embed(_ id: Int32, at position: Int, into row: UnsafeMutablePointer<Float>) {
    let token = tokens + Int(id) * width
    guard let positions else {
      row.update(from: token, count: width)
      return
    }
    let place = positions + position * width
    for column in 0..<width { row[column] = token[column] + place[column] }
  }
}
