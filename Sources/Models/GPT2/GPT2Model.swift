internal import DSXCore

/// GPT-2: learned positions, pre-norm blocks, causal attention, Conv1D weights.
///
/// Source: the model and weight names of transformers' `GPT2LMHeadModel`, whose logits it matches to
/// float32 rounding.
final class GPT2Model: LanguageModel {
  let info: ModelInfo
  private let configuration: GPT2Configuration
  private let weights: GPT2Weights
  /// Workspaces that no worker uses at the moment.
  private let idle = Lock<[GPT2Workspace]>([])

  init(name: String, config: JSONValue, store: TensorStore) throws(DSXError) {
    configuration = try GPT2Configuration(config)
    weights = try GPT2Weights(configuration, store)
    info = ModelInfo(
      name: name, architecture: "gpt2", vocabularySize: configuration.vocabulary,
      context: configuration.positions, parameters: weights.parameters,
      storedType: store.storedType(of: weights.names), fingerprint: store.fingerprint())
    BLAS.useOneThread()
  }

  func logLikelihoods(_ batch: [[Int32]], workers: Int) throws(DSXError) -> [[Double]] {
    try check(batch)
    var starts: [Int] = []
    var total = 0
    for sequence in batch {
      starts.append(total)
      total += sequence.count - 1
    }
    // Long sequences first: a long one that starts last would leave the other workers waiting.
    let order = batch.indices.sorted { (batch[$0].count, $1) > (batch[$1].count, $0) }
    let flat = [Double](unsafeUninitializedCapacity: total) { buffer, count in
      nonisolated(unsafe) let base = buffer.baseAddress
      let starts = starts
      FanOut.run(count: batch.count, workers: workers) { source in
        let workspace = self.takeWorkspace()
        let forward = GPT2Forward(
          configuration: self.configuration, weights: self.weights, workspace: workspace)
        while let number = source.take() {
          let index = order[number]
          batch[index].withUnsafeBufferPointer { ids in
            if let base { forward.logLikelihoods(ids, base + starts[index]) }
          }
        }
        self.idle.withLock { $0.append(workspace) }
      }
      count = total
    }
    for (index, start) in starts.enumerated() {
      for offset in 0..<batch[index].count - 1 where !flat[start + offset].isFinite {
        throw DSXError(
          .corrupt,
          "the model gives a log-likelihood that is not finite, for position \(offset + 1) of "
            + "sequence \(index)", hint: "the weights are damaged, or not made for this model")
      }
    }
    return starts.enumerated().map { index, start in
      Array(flat[start..<start + batch[index].count - 1])
    }
  }

  private func takeWorkspace() -> GPT2Workspace {
    idle.withLock { $0.popLast() } ?? GPT2Workspace(configuration)
  }

  private func check(_ batch: [[Int32]]) throws(DSXError) {
    for (index, sequence) in batch.enumerated() {
      guard sequence.count >= 2, sequence.count <= configuration.positions + 1 else {
        throw DSXError(
          .usage,
          "sequence \(index) has \(sequence.count) ids; this model takes 2 to "
            + "\(configuration.positions + 1)")
      }
      for (position, id) in sequence.enumerated()
      where id < 0 || Int(id) >= configuration.vocabulary {
        throw DSXError(
          .usage,
          "id \(id) at position \(position) of sequence \(index) is outside the model's "
            + "vocabulary of \(configuration.vocabulary)",
          hint: "the tokenizer does not belong to this model")
      }
    }
  }
}
