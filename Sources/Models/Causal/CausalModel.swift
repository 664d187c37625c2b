internal import DSXCore

/// A causal language model on the engine: an architecture's file makes the parts, this does the verbs.
final class CausalModel: LanguageModel {
  let info: ModelInfo
  let parts: CausalParts
  let memory: WeightMemory
  private let packed = Lock<PackedParts?>(nil)
  /// Workspaces that no worker uses at the moment.
  let workspaces = WorkspacePool()

  init(_ info: ModelInfo, _ parts: CausalParts, _ memory: WeightMemory) {
    self.info = info
    self.parts = parts
    self.memory = memory
    BLAS.useOneThread()
  }

  /// Facts from where the model lies and what was loaded of it.
  convenience init(
    architecture: String, _ source: ModelSource, _ parts: CausalParts, _ loader: WeightLoader
  ) {
    let info = ModelInfo(
      name: source.name, architecture: architecture, vocabularySize: parts.vocabulary,
      context: parts.context, parameters: loader.parameters,
      storedType: source.store.storedType(of: loader.used),
      fingerprint: source.store.fingerprint())
    self.init(info, parts, loader.memory)
  }

  func makeScorer(_ options: ComputeOptions) throws(DSXError) -> any LikelihoodScorer {
    CausalScorer(self, options)
  }

  func makeSession(_ options: ComputeOptions) throws(DSXError) -> any GenerationSession {
    CausalSession(self, packedParts(options), options)
  }

  /// The parts with packed copies of all matrices: steps of generation have few rows. They are made
  /// once, for the first session, where there is room for them.
  private func packedParts(_ options: ComputeOptions) -> CausalParts {
    packed.withLock { packed in
      if let packed { return packed.parts }
      let made = PackedParts(parts, options)
      packed = made
      return made.parts
    }
  }

  /// Throws `usage` for an id outside the vocabulary; `what` names the sequence.
  func check(_ ids: [Int32], _ what: @autoclosure () -> String) throws(DSXError) {
    for (position, id) in ids.enumerated() where id < 0 || Int(id) >= parts.vocabulary {
      throw DSXError(
        .usage,
        "id \(id) at position \(position) of \(what()) is outside the model's vocabulary of "
          + "\(parts.vocabulary)", hint: "the tokenizer does not belong to this model")
    }
  }
}
