/// What the layers of a transformer have in common: their sizes and their kinds.
///
/// An architecture is a file that reads this from its configuration and fills `TransformerLayer`s with
/// pointers. What lies before the layers (embeddings) and behind them (heads) is not part of it.
struct TransformerConfiguration: Sendable, Equatable {
  enum Norm: Sendable {
    /// Mean and variance, weight and bias.
    case layer
    /// Root mean square, weight only.
    case rms
  }

  enum NormPlace: Sendable {
    /// Each block reads a normed copy of the stream and adds to the stream (GPT-2, LLaMA, ViT).
    case before
    /// The stream is normed after each block's sum (BERT).
    case after
  }

  /// Numbers in a row of the stream.
  var width: Int
  /// Query heads.
  var heads: Int
  /// Key and value heads; `heads` is a multiple of it.
  var keyValueHeads: Int
  /// Numbers in a row of one head.
  var headWidth: Int
  /// Rows between the two linear layers of the feed-forward block.
  var inner: Int
  /// Positions that a sequence may have.
  var context: Int
  var norm: Norm = .layer
  var normPlace: NormPlace = .before
  var epsilon: Float = 1e-5
  /// Whether a row sees only itself and what is before it.
  var isCausal = true
  /// Rotary positions; nil where the embeddings carry the positions.
  var rotary: RotaryPositions?
  /// Whether the feed-forward block multiplies the activation with a second product (SwiGLU).
  var isGated = false
  var activation: Activation = .gelu

  /// Numbers in a row of queries, and in attention's output.
  var queryWidth: Int { heads * headWidth }
  /// Numbers in a row of keys, or of values.
  var keyValueWidth: Int { keyValueHeads * headWidth }
  /// Numbers in a row of queries, keys and values: they lie one after the other.
  var projectedWidth: Int { queryWidth + 2 * keyValueWidth }
  /// Numbers in a row inside of the feed-forward block.
  var hiddenWidth: Int { isGated ? 2 * inner : inner }
}
