internal import DSXCore

/// A PanGu-alpha, which hides its padding id: no other id sees it.
final class PanGuModel: LanguageModel {
  let model: CausalModel
  let padding: Int32

  var info: ModelInfo { model.info }

  init(_ model: CausalModel, padding: Int32) {
    self.model = model
    self.padding = padding
  }

  func makeScorer(_ options: ComputeOptions) throws(DSXError) -> any LikelihoodScorer {
    PanGuScorer(self, try model.makeScorer(options))
  }

  func makeSession(_ options: ComputeOptions) throws(DSXError) -> any GenerationSession {
    PanGuSession(try model.makeSession(options), padding: padding)
  }
}
