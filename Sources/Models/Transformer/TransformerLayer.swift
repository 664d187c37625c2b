/// The weights of one layer as plain pointers: nothing is counted in the layer loop. Who makes it keeps
/// the memory.
struct TransformerLayer {
  /// Where queries, keys and values come from.
  enum Projections {
    /// One matrix with `projectedWidth` outputs: queries, keys, values.
    case fused(Linear)
    case separate(query: Linear, key: Linear, value: Linear)
  }

  /// Before attention, or after its sum (`NormPlace`).
  var attentionNorm: NormWeights
  var projections: Projections
  /// Attention's output to the stream.
  var output: Linear
  /// Before the feed-forward block, or after its sum.
  var feedForwardNorm: NormWeights
  /// The factor that goes through the activation, of a gated block; else nil.
  var gate: Linear?
  var up: Linear
  var down: Linear
  /// What the products of queries and keys are multiplied with.
  var attentionScale: Float
  /// A norm of the stream itself before this layer: PanGu's final norm, which lies before its query
  /// layer.
  var streamNorm: NormWeights?
  /// [context, width]: rows that the queries are made from instead of the stream, by position: PanGu's
  /// query layer.
  var positionQueries: UnsafePointer<Float>?
}
