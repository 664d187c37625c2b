internal import DSXCore
internal import Images
internal import Kernels

/// An image classifier: a vision transformer and one layer on its classification token
/// (`ViTForImageClassification`).
final class ViTClassifier: ImageClassifier {
  let info: ModelInfo
  let labels: [String]
  let scores: LabelScores
  private let backbone: ViTBackbone
  private let classifier: DenseLayer
  private let preprocessor: ImagePreprocessor
  /// Buffers that no worker uses at the moment.
  private let idle = Lock<[Station]>([])

  /// What a worker has of its own. Handed from thread to thread by the lock, never shared.
  private final class Station: @unchecked Sendable {
    let workspace = TransformerWorkspace()
    let resizer = ImageResizer()
    /// One image's planes, then its patches.
    let pixels: UnsafeMutablePointer<Float>
    let patches: UnsafeMutablePointer<Float>

    init(_ configuration: ViTConfiguration) {
      pixels = .allocate(
        capacity: configuration.channels * configuration.imageHeight * configuration.imageWidth)
      patches = .allocate(capacity: configuration.patches * configuration.patchNumbers)
    }

    deinit {
      pixels.deallocate()
      patches.deallocate()
    }
  }

  /// The model of a folder.
  static func open(_ source: ModelSource, _ options: ModelOptions) throws(DSXError) -> OpenedModel {
    .imageClassifier(try ViTClassifier(source, options))
  }

  init(_ source: ModelSource, _ options: ModelOptions) throws(DSXError) {
    let configuration: ViTConfiguration
    do throws(DSXError) {
      configuration = try ViTConfiguration(source.hyperparameters)
    } catch { throw error.inFile(source.description.source) }
    preprocessor = try ImagePreprocessor(
      source.description, channels: configuration.channels,
      side: (configuration.imageHeight, configuration.imageWidth))
    var loader = WeightLoader(source.store, options.computeType)
    backbone = try ViTBackbone(configuration, &loader)
    classifier = try loader.head("classifier", inputs: configuration.width)
    try loader.checkNothingIsLeft(ignoring: [
      "vit.pooler.", "pooler.", "vit.embeddings.mask_token", "embeddings.mask_token",
    ])
    labels = try source.labels(classifier.outputs)
    scores = try LabelScores(source.hyperparameters, outputs: labels.count)
    info = ModelInfo(
      name: source.name, architecture: source.description.architecture, vocabularySize: 0,
      context: configuration.tokens, parameters: loader.parameters,
      storedType: source.store.storedType(of: loader.used),
      fingerprint: source.store.fingerprint())
  }

  func classify(_ images: [Image], _ options: ComputeOptions) throws(DSXError) -> [[Float]] {
    let lengths = images.map { _ in backbone.configuration.tokens }
    let groups = try EncoderGroups(lengths: lengths, backbone.transformer.configuration, options)
    let results = Lock([Result<[Float], DSXError>?](repeating: nil, count: images.count))
    FanOut.run(count: groups.list.count, workers: groups.workers) { source in
      let station =
        self.idle.withLock { $0.popLast() } ?? Station(self.backbone.configuration)
      while let number = source.take() {
        let range = groups.list[number]
        let output = self.logits(images[range], station)
        results.withLock { results in
          for (place, result) in zip(range, output) { results[place] = result }
        }
      }
      self.idle.withLock { $0.append(station) }
    }
    var logits: [[Float]] = []
    for (index, result) in results.withLock({ $0 }).enumerated() {
      guard let values = try result?.get() else {
        throw DSXError(.internal, "an image was left out")
      }
      guard values.allSatisfy(\.isFinite) else {
        throw backbone.memory.notFinite("a logit of image \(index) of the batch")
      }
      logits.append(values)
    }
    return logits
  }

  /// The logits of one group on the calling thread.
  private func logits(_ images: ArraySlice<Image>, _ station: Station)
    -> [Result<[Float], DSXError>]
  {
    let configuration = backbone.configuration
    let (tokens, width) = (configuration.tokens, configuration.width)
    let workspace = station.workspace
    let plan = RowPlan(lengths: images.map { _ in tokens }, isCausal: false)
    workspace.reserve(backbone.transformer.configuration, plan)
    var failures: [DSXError?] = []
    for (number, image) in images.enumerated() {
      do throws(DSXError) {
        try preprocessor.write(image, into: station.pixels, station.resizer)
        failures.append(nil)
      } catch {
        // Its rows are computed all the same, so that the other images' numbers stay the same.
        station.pixels.update(
          repeating: 0,
          count: configuration.channels
            * configuration.imageHeight * configuration.imageWidth)
        failures.append(error)
      }
      backbone.embed(
        station.pixels, station.patches,
        into: workspace.stream.floats + number * tokens * width)
    }
    let pass = TransformerPass(backbone.transformer, workspace)
    var starts = (0...images.count).map { $0 * tokens }
    if let firstRows = backbone.firstRows, firstRows.run(plan, starts: starts, workspace) {
      starts = Array(0...images.count)
    } else {
      pass.run(plan)
    }
    var rows = HiddenRows(
      rows: workspace.stream.floats, width: width, starts: starts
    ).firstRows()
    let values = rows.withUnsafeMutableBufferPointer { rows -> [Float] in
      guard let base = rows.baseAddress else { return [] }
      if let norm = backbone.transformer.finalNorm {
        pass.apply(norm, base, into: base, images.count)
      }
      return classifier.apply(base, count: images.count)
    }
    let count = classifier.outputs
    return failures.enumerated().map { number, failure in
      if let failure { return .failure(failure) }
      return .success(Array(values[number * count..<(number + 1) * count]))
    }
  }
}
