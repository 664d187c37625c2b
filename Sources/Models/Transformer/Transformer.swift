/// The layers of a transformer: what every architecture shares. Immutable.
///
/// Rows of any number of sequences go through the matrix products together; attention looks at each
/// sequence by itself (`RowPlan`). No padding anywhere.
struct Transformer: @unchecked Sendable {
  let configuration: TransformerConfiguration
  let layers: [TransformerLayer]
  /// After the last layer, for those rows that a head wants (`normalise`); nil where there is none.
  let finalNorm: NormWeights?

  init(
    _ configuration: TransformerConfiguration, layers: [TransformerLayer], finalNorm: NormWeights?
  ) {
    self.configuration = configuration
    self.layers = layers
    self.finalNorm = finalNorm
  }
}
