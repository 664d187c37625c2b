/// The names of a convolution's tensors and of its normalisation's.
struct MobileNetV2Layer {
  let convolution: String
  let normalization: String
}

/// The names of the tensors of a MobileNetV2, by whoever wrote the file.
protocol MobileNetV2Names {
  var stem: MobileNetV2Layer { get }
  /// The three convolutions of block `number`, from 0.
  func block(_ number: Int) -> (
    expand: MobileNetV2Layer, depthwise: MobileNetV2Layer, reduce: MobileNetV2Layer
  )
  var last: MobileNetV2Layer { get }
  var classifier: String { get }
}

/// torchvision: `features.N`, where each convolution and its normalisation are numbers. The first
/// block has no expansion, so its numbers begin one lower.
struct TorchvisionNames: MobileNetV2Names {
  /// A tensor that only such files have.
  static let first = "features.0.0.weight"

  private func layer(_ name: String, _ number: Int) -> MobileNetV2Layer {
    MobileNetV2Layer(
      convolution: "\(name).\(number)", normalization: "\(name).\(number + 1)")
  }

  var stem: MobileNetV2Layer { layer("features.0", 0) }

  func block(_ number: Int) -> (
    expand: MobileNetV2Layer, depthwise: MobileNetV2Layer, reduce: MobileNetV2Layer
  ) {
    let name = "features.\(number + 1).conv"
    let first = number == 0 ? 0 : 1
    return (
      layer(name + ".0", 0), layer("\(name).\(first)", 0), layer(name, first + 1)
    )
  }

  var last: MobileNetV2Layer { layer("features.18", 0) }
  var classifier: String { "classifier.1" }
}

/// transformers: named parts; its first block belongs to the stem.
struct TransformersNames: MobileNetV2Names {
  private func layer(_ name: String) -> MobileNetV2Layer {
    let full = "mobilenet_v2." + name
    return MobileNetV2Layer(
      convolution: full + ".convolution", normalization: full + ".normalization")
  }

  var stem: MobileNetV2Layer { layer("conv_stem.first_conv") }

  func block(_ number: Int) -> (
    expand: MobileNetV2Layer, depthwise: MobileNetV2Layer, reduce: MobileNetV2Layer
  ) {
    let name = number == 0 ? "conv_stem" : "layer.\(number - 1)"
    return (layer(name + ".expand_1x1"), layer(name + ".conv_3x3"), layer(name + ".reduce_1x1"))
  }

  var last: MobileNetV2Layer { layer("conv_1x1") }
  var classifier: String { "classifier" }
}
