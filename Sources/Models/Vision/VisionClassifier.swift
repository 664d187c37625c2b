internal import DSXCore
internal import Images

/// Images through preprocessing and a convolutional network, image by image over the workers.
final class VisionClassifier: ImageClassifier {
  let info: ModelInfo
  let labels: [String]
  let scores: LabelScores
  private let network: VisionNetwork
  private let preprocessor: ImagePreprocessor
  /// Buffers that no worker uses at the moment.
  private let idle = Lock<[Station]>([])

  /// What a worker has of its own. Handed from thread to thread by the lock, never shared.
  private final class Station: @unchecked Sendable {
    let workspace: VisionWorkspace
    let resizer = ImageResizer()
    init(_ network: VisionNetwork) { workspace = VisionWorkspace(network) }
  }

  /// Throws `corrupt` when the labels are not as many as the logits.
  init(
    _ source: ModelSource, architecture: String, network: VisionNetwork,
    preprocessor: ImagePreprocessor, parameters: Int, tensors: [String]
  ) throws(DSXError) {
    self.network = network
    self.preprocessor = preprocessor
    labels = try source.description.labels(count: network.outputs)
    scores = try LabelScores(source.hyperparameters, outputs: labels.count)
    info = ModelInfo(
      name: source.name, architecture: architecture, vocabularySize: 0, context: 0,
      parameters: parameters, storedType: source.store.storedType(of: tensors),
      fingerprint: source.store.fingerprint())
    BLAS.useOneThread()
  }

  func classify(_ images: [Image], _ options: ComputeOptions) throws(DSXError) -> [[Float]] {
    guard !images.isEmpty else { return [] }
    let results = Lock<[Result<[Float], DSXError>?]>(.init(repeating: nil, count: images.count))
    let workers = try workers(options)
    FanOut.run(count: images.count, workers: workers) { source in
      let station = self.idle.withLock { $0.popLast() } ?? Station(self.network)
      while let index = source.take() {
        let result = self.logits(images[index], index, station)
        results.withLock { $0[index] = result }
      }
      self.idle.withLock { $0.append(station) }
    }
    var logits: [[Float]] = []
    for result in results.withLock({ $0 }) {
      guard let result else { throw DSXError(.internal, "an image was left out") }
      logits.append(try result.get())
    }
    return logits
  }

  private func logits(_ image: Image, _ index: Int, _ station: Station)
    -> Result<[Float], DSXError>
  {
    do throws(DSXError) {
      try preprocessor.write(image, into: station.workspace.current, station.resizer)
      let logits = VisionForward(network: network, workspace: station.workspace).logits()
      guard logits.allSatisfy(\.isFinite) else {
        throw DSXError(
          .corrupt, "the model gives a logit that is not finite, for image \(index) of the batch",
          hint: "the weights are damaged, or not made for this model")
      }
      return .success(logits)
    } catch { return .failure(error) }
  }

  /// As many workers as there is memory for.
  private func workers(_ options: ComputeOptions) throws(DSXError) -> Int {
    guard let limit = options.memoryLimit else { return max(1, options.workers) }
    let room = limit / max(1, network.workspaceBytes)
    guard room >= 1 else {
      throw DSXError(
        .notEnoughMemory,
        "one image needs \(MemoryNeed.text(network.workspaceBytes)) beyond the weights, the limit "
          + "is \(MemoryNeed.text(limit))", hint: "raise --memory-limit")
    }
    return min(max(1, options.workers), room)
  }
}
