internal import DSXCore

/// The three steps of one group of tasks.
protocol PipelineStep: Sendable {
  /// What an input is made into.
  associatedtype Prepared: Sendable
  /// What the model gives for it.
  associatedtype Output: Sendable

  /// What is read from a row; the folder's own columns come first.
  func fields(_ defaults: EvaluationDefaults) -> [PipelineField]
  /// An input as the model takes it. Throws `usage` for an input of another kind.
  func preprocess(_ input: PipelineInput) throws(DSXError) -> Prepared
  /// For each prepared input why the model cannot take it, or nil.
  func refusals(_ batch: [Prepared], _ options: PipelineOptions) -> [DSXError?]
  /// A batch through the model, which refuses none of it.
  func forward(_ batch: [Prepared], _ options: PipelineOptions) throws(DSXError) -> [Output]
  /// What the user sees.
  func postprocess(_ output: Output, of input: Prepared, _ options: PipelineOptions) -> JSONValue
}

extension PipelineStep {
  func refusals(_ batch: [Prepared], _ options: PipelineOptions) -> [DSXError?] {
    batch.map { _ in nil }
  }

  /// What becomes of each input of a batch. Inputs that cannot be prepared or that the model refuses
  /// fail alone; a failure of the model itself is looked for input by input.
  func answers(_ batch: [PipelineInput], _ options: PipelineOptions)
    -> [Result<JSONValue, DSXError>]
  {
    var results = [Result<JSONValue, DSXError>?](repeating: nil, count: batch.count)
    var ready: [(place: Int, input: Prepared)] = []
    for (place, input) in batch.enumerated() {
      do throws(DSXError) { ready.append((place, try preprocess(input))) } catch {
        results[place] = .failure(error)
      }
    }
    let refused = refusals(ready.map(\.input), options)
    for (entry, refusal) in zip(ready, refused) {
      if let refusal { results[entry.place] = .failure(refusal) }
    }
    let taken = zip(ready, refused).filter { $0.1 == nil }.map(\.0)
    for (entry, result) in zip(taken, outputs(taken.map(\.input), options)) {
      results[entry.place] = result.map { postprocess($0, of: entry.input, options) }
    }
    return results.map { $0 ?? .failure(DSXError(.internal, "an input without an answer")) }
  }

  private func outputs(_ batch: [Prepared], _ options: PipelineOptions)
    -> [Result<Output, DSXError>]
  {
    guard !batch.isEmpty else { return [] }
    let failure: DSXError
    do throws(DSXError) {
      let outputs = try forward(batch, options)
      guard outputs.count == batch.count else {
        throw DSXError(.internal, "\(outputs.count) outputs for \(batch.count) inputs")
      }
      return outputs.map { .success($0) }
    } catch { failure = error }
    guard batch.count > 1 else { return [.failure(failure)] }
    return batch.flatMap { outputs([$0], options) }
  }
}

extension DSXError {
  /// An input of a kind that the task does not take.
  static func wrongInput(_ input: PipelineInput, _ wanted: String) -> DSXError {
    DSXError(.usage, "the task takes \(wanted), not \(input.kind)")
  }
}

extension OpenedModel {
  /// The group of tasks that the model does.
  public var group: TaskGroup {
    switch self {
    case .language: .textGeneration
    case .textClassifier: .textClassification
    case .tokenTagger: .tokenClassification
    case .spanExtractor: .questionAnswering
    case .textEncoder: .featureExtraction
    case .imageClassifier: .imageClassification
    case .tableClassifier: .tableClassification
    }
  }
}
