internal import DSXCore

/// MobileNetV2 for image classification: a stem, 17 inverted residual blocks, a 1 x 1 convolution, the
/// mean of each plane and one linear layer. Batch normalisations are folded into the convolutions.
///
/// Sources: torchvision's `mobilenet_v2` and transformers' `MobileNetV2ForImageClassification`, whose
/// names of tensors are both taken, and whose logits it matches to float32 rounding.
enum MobileNetV2 {
  /// Channels, repetitions and first stride of the blocks, at full width.
  private static let stages: [(channels: Int, blocks: Int, stride: Int)] = [
    (16, 1, 1), (24, 2, 2), (32, 3, 2), (64, 4, 2), (96, 3, 1), (160, 3, 2), (320, 1, 1),
  ]

  /// The model of a folder.
  static func open(_ source: ModelSource, _ options: ModelOptions) throws(DSXError) -> OpenedModel {
    try ComputeType.float32.require(options.computeType, "mobilenet_v2")
    let description = source.description
    let names: any MobileNetV2Names =
      source.store.entry(TorchvisionNames.first) != nil ? TorchvisionNames() : TransformersNames()
    let configuration = try MobileNetV2Configuration(
      source.hyperparameters, isTorchvision: names is TorchvisionNames, file: description.source)
    guard
      let input = PlaneShape(configuration.channels, configuration.side, configuration.side)
    else { throw DSXError(.malformed, "'image_size' is too large", file: description.source) }
    var builder = VisionNetworkBuilder(input: input, source.store)
    try add(configuration, names, to: &builder)
    let labels = try description.labels()
    let entry = source.store.entry(names.classifier + ".weight")
    // Files of torchvision come without any configuration of the labels.
    let count = configuration.labels ?? labels?.count ?? entry?.shape.first ?? 1000
    try builder.linear(names.classifier, out: count)
    let network = try builder.finish { $0.hasSuffix(".num_batches_tracked") }
    return .imageClassifier(
      try VisionClassifier(
        source, architecture: "mobilenet_v2", network: network,
        preprocessor: try ImagePreprocessor(
          description, channels: configuration.channels,
          side: (configuration.side, configuration.side)),
        parameters: builder.loader.parameters, tensors: builder.loader.names))
  }

  private static func add(
    _ configuration: MobileNetV2Configuration, _ names: any MobileNetV2Names,
    to builder: inout VisionNetworkBuilder
  ) throws(DSXError) {
    let padding = { (kernel: Int) -> VisionNetworkBuilder.Padding in
      configuration.padsSame ? .same : .width((kernel - 1) / 2)
    }
    func layer(
      _ name: MobileNetV2Layer, out: Int, kernel: Int = 1, stride: Int = 1,
      isDepthwise: Bool = false, _ range: VisionLayer.Range? = nil
    ) throws(DSXError) {
      try builder.convolution(
        name.convolution, out: out, kernel: kernel, stride: stride, padding: padding(kernel),
        isDepthwise: isDepthwise,
        normalization: .init(name: name.normalization, epsilon: configuration.epsilon),
        range: range ?? configuration.range)
    }
    let stem = configuration.width(32)
    try layer(names.stem, out: stem, kernel: 3, stride: 2)
    var number = 0
    for stage in stages {
      let out = configuration.width(stage.channels)
      for block in 0..<stage.blocks {
        let stride = block == 0 ? stage.stride : 1
        let into = builder.shape.channels
        let isFirst = number == 0
        let inner = isFirst ? stem : configuration.expanded(into)
        let adds = !isFirst && stride == 1 && into == out
        if adds { try builder.keep() }
        let parts = names.block(number)
        if !isFirst || !configuration.firstIsExpansion { try layer(parts.expand, out: inner) }
        try layer(parts.depthwise, out: inner, kernel: 3, stride: stride, isDepthwise: true)
        try layer(parts.reduce, out: out, .all)
        if adds { try builder.add() }
        number += 1
      }
    }
    try layer(names.last, out: configuration.last)
    try builder.mean()
  }
}
