internal import Images

/// One of transformers' classes of image processors: what it does where `preprocessor_config.json` says
/// nothing. All rescale by 1/255 and normalise.
///
/// Source: the classes of transformers 5.23.0 (`models/*/image_processing_pil_*.py`).
struct ImageProcessorKind: Sendable {
  /// The class's name without `ImageProcessor`.
  let name: String
  /// Where its resize goes.
  var size = PreprocessorFields.Size.exact((224, 224))
  /// Whether a size of one number is a square, else the shorter side.
  var isSquare = true
  var filter = ResampleFilter.bicubic
  /// Whether it cuts out the middle.
  var crops = false
  /// How much; nil where only the file says it.
  var crop: (height: Int, width: Int)?
  var mean: [Float] = [0.5, 0.5, 0.5]
  var deviation: [Float] = [0.5, 0.5, 0.5]

  static let vit = ImageProcessorKind(name: "ViT", filter: .bilinear)
  static let mobileNetV2 = mobileNet("MobileNetV2")

  /// Those whose steps dsx takes as transformers does.
  static let table: [ImageProcessorKind] = [
    vit,
    ImageProcessorKind(name: "DeiT", size: .exact((256, 256)), crops: true, crop: (224, 224)),
    ImageProcessorKind(name: "Beit", crop: (224, 224)),
    mobileNet("MobileNetV1"),
    mobileNetV2,
    openAI("CLIP"),
    openAI("Bit"),
    ImageProcessorKind(name: "Siglip", isSquare: false),
  ]

  private static func mobileNet(_ name: String) -> ImageProcessorKind {
    ImageProcessorKind(
      name: name, size: .shorter(256), isSquare: false, filter: .bilinear, crops: true,
      crop: (224, 224))
  }

  /// With the means and deviations of OpenAI's CLIP.
  private static func openAI(_ name: String) -> ImageProcessorKind {
    ImageProcessorKind(
      name: name, size: .shorter(224), isSquare: false, crops: true, crop: (224, 224),
      mean: [0.48145466, 0.4578275, 0.40821073], deviation: [0.26862954, 0.26130258, 0.27577711])
  }

  /// The kind of a class's name, e.g. `ViTImageProcessor`, `ViTImageProcessorFast` or the older
  /// `ViTFeatureExtractor`; nil for one that is not in the table.
  static func named(_ name: String) -> ImageProcessorKind? {
    let endings = [
      "ImageProcessor", "ImageProcessorFast", "ImageProcessorPil", "FeatureExtractor",
    ]
    return table.first { kind in endings.contains { kind.name + $0 == name } }
  }

  /// The kind of a model whose file names none, as transformers chooses it.
  static func of(architecture: String) -> ImageProcessorKind {
    architecture == "mobilenet_v2" ? mobileNetV2 : vit
  }
}
