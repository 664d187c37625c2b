import DSXCore
import Images
import Testing

@testable import Models

/// Preprocessing of images beside transformers' image processors (Tests/Fixtures/processors/make.py), and
/// what is refused because dsx would make other pixels.
@Suite struct ImagePreprocessorTests {
  static let expected: JSONValue? = {
    let tests = FilePath.split(FilePath.split(#filePath).folder).folder
    return try? JSONParser.parse(file: tests + "/Fixtures/processors/expected.json")
  }()

  private static func image(_ width: Int, _ height: Int) -> Image {
    let pixels = (0..<width * height * 3).map { (index: Int) -> UInt8 in
      let value: Int = index * index / 7 + 13 * index
      return UInt8(value % 256)
    }
    return Image(width: width, height: height, pixels: pixels)
  }

  private static func preprocessor(
    _ config: JSONValue, model: String = "vit", side: (height: Int, width: Int)? = nil
  ) throws -> ImagePreprocessor {
    let scratch = try Scratch()
    try scratch.write("config.json", ["model_type": .string(model)])
    try scratch.write("preprocessor_config.json", config)
    return try ImagePreprocessor(
      ModelDescription(path: scratch.path), channels: 3, side: side)
  }

  private static func values(_ preprocessor: ImagePreprocessor, _ image: Image) throws -> [Float] {
    let count = preprocessor.size.height * preprocessor.size.width * preprocessor.channels
    var values = [Float](repeating: .nan, count: count)
    let resizer = ImageResizer()
    try values.withUnsafeMutableBufferPointer { target in
      if let base = target.baseAddress { try preprocessor.write(image, into: base, resizer) }
    }
    return values
  }

  @Test func pixelsOfTransformers() throws {
    let cases = try #require(Self.expected?["cases"]?.array)
    #expect(cases.count > 25)
    for item in cases {
      let config = try #require(item["config"])
      let sides = (item["image"]?.array ?? []).compactMap(\.int)
      let shape = (item["shape"]?.array ?? []).compactMap(\.int)
      let ours = try Self.values(
        try Self.preprocessor(
          config, model: item["model"]?.string ?? "", side: (shape[1], shape[2])),
        Self.image(sides[0], sides[1]))
      let theirs = EncoderFixtureTests.numbers(item["values"])
      // Five decimals are stored.
      #expect(
        EncoderFixtureTests.difference(ours, theirs.map { $0 }) < 1e-4, "\(config.text()) \(sides)")
    }
  }

  @Test func defaultsOfClasses() throws {
    let classes = try #require(Self.expected?["classes"]?.object)
    #expect(classes.count == ImageProcessorKind.table.count)
    for member in classes {
      let wanted = member.value
      let plan = try ImagePreprocessor.huggingFace(
        ["image_processor_type": .string(member.name)], "f", architecture: "")
      let fields = PreprocessorFields(value: wanted, file: "f")
      switch try fields.size("size", isShorter: false) {
      case .exact(let side): #expect(plan.square ?? (0, 0) == side && plan.shorter == nil)
      case .shorter(let side): #expect(plan.shorter == side && plan.square == nil)
      case nil: Issue.record("\(member.name) has no size")
      }
      let crops = wanted["do_center_crop"]?.bool ?? false
      #expect((plan.crop != nil) == crops, "\(member.name)")
      if case .exact(let side) = try fields.size("crop_size", isShorter: false) {
        let asked = try ImagePreprocessor.huggingFace(
          ["image_processor_type": .string(member.name), "do_center_crop": true], "f",
          architecture: "")
        #expect(asked.crop ?? (0, 0) == side, "\(member.name)")
      }
      #expect(try plan.filter == fields.filter("resample"), "\(member.name)")
      #expect(try plan.mean == fields.numbers("image_mean"), "\(member.name)")
      #expect(try plan.deviation == fields.numbers("image_std"), "\(member.name)")
      #expect(try plan.scale == fields.number("rescale_factor"), "\(member.name)")
      let kind = try #require(ImageProcessorKind.named(member.name))
      #expect(kind.isSquare == wanted["default_to_square"]?.bool, "\(member.name)")
    }
  }

  private func refusal(_ config: JSONValue) throws -> DSXError? {
    do {
      _ = try Self.preprocessor(config)
      return nil
    } catch let error as DSXError { return error }
  }

  @Test(arguments: [
    "ConvNextImageProcessor", "EfficientNetImageProcessor", "MobileViTImageProcessor",
    "MobileViTFeatureExtractor", "MobileNetV3ImageProcessor", "ImageProcessor", "vitimageprocessor",
  ])
  func unknownClasses(_ name: String) throws {
    for member in ["image_processor_type", "feature_extractor_type"] {
      let error = try refusal(.object([.init(member, .string(name)), .init("size", 24)]))
      #expect(error?.code == .unsupported && error?.message.contains("'\(name)'") == true)
      #expect(error?.hint?.contains("ViTImageProcessor") == true && error?.location.file != nil)
    }
    #expect(try refusal(["image_processor_type": 3])?.code == .malformed)
  }

  @Test(
    arguments: [
      ("do_pad", true), ("do_flip_channel_order", true), ("rescale_offset", true),
      ("crop_pct", 0.875),
      ("do_thumbnail", true), ("do_anything", 1), ("use_square_size", true),
    ] as [(String, JSONValue)])
  func unknownSteps(_ name: String, _ value: JSONValue) throws {
    for type in [JSONValue.null, "ViTImageProcessor"] {
      let error = try refusal(
        .object([.init("image_processor_type", type), .init("size", 24), .init(name, value)]))
      #expect(error?.code == .unsupported && error?.message.contains("'\(name)'") == true)
    }
    #expect(try refusal(.object([.init("size", 24), .init(name, .null)])) == nil)
    #expect(try refusal(.object([.init("size", 24), .init(name, false)])) == nil)
  }

  @Test func unknownSizes() throws {
    for size: JSONValue in [
      ["longest_edge": 24], ["shortest_edge": 24, "longest_edge": 30],
      ["max_height": 24, "max_width": 24], ["shortest_edge": 24, "height": 24],
    ] {
      #expect(try refusal(["size": size])?.code == .unsupported, "\(size.text())")
    }
    let size: JSONValue = ["height": 24, "width": 24, "shortest_edge": .null]
    #expect(try refusal(["size": size]) == nil)
    #expect(try refusal(["size": 24, "do_center_crop": true])?.code == .malformed)
    #expect(
      try refusal(["auto_map": ["AutoImageProcessor": "own.Processor"]])?.code == .unsupported)
    let known: JSONValue = [
      "auto_map": ["AutoImageProcessor": "own.Processor"],
      "image_processor_type": "ViTImageProcessor",
    ]
    #expect(try refusal(known) == nil)
  }

  @Test func nestedProcessor() throws {
    let scratch = try Scratch()
    try scratch.write("config.json", ["model_type": "vit"])
    try scratch.write("preprocessor_config.json", ["size": 8])
    try scratch.write("processor_config.json", ["processor_class": "CLIPProcessor"])
    let description = try ModelDescription(path: scratch.path)
    _ = try ImagePreprocessor(description, channels: 3, side: nil)
    try scratch.write("processor_config.json", ["image_processor": ["size": 8]])
    #expect(throws: DSXError.self) {
      _ = try ImagePreprocessor(description, channels: 3, side: nil)
    }
  }

  /// An image of another size than the model's is stretched or cropped only where the file says so.
  @Test func otherSizes() throws {
    let side = (height: 6, width: 6)
    let fixed = try Self.preprocessor(["do_resize": false], side: side)
    _ = try Self.values(fixed, Self.image(6, 6))
    let shorter = try Self.preprocessor(["size": ["shortest_edge": 6]], side: side)
    _ = try Self.values(shorter, Self.image(9, 9))
    for (preprocessor, became) in [(fixed, "12 x 9"), (shorter, "8 x 6")] {
      do {
        _ = try Self.values(preprocessor, Self.image(12, 9))
        Issue.record("an image of another size was taken")
      } catch let error as DSXError {
        #expect(error.code == .unsupported && error.hint != nil)
        #expect(error.message.contains("12 x 9") && error.message.contains("6 x 6"))
        #expect(error.message.contains(became), "\(error.message)")
      }
    }
  }
}
