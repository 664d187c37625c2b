import DSXCore
import Images
import Testing

@testable import Models

/// Folders of image and table classifiers: what opens, and what every fault says.
@Suite struct ClassifierFolderTests {
  // MARK: plain CNN

  private static let layers: [JSONValue] = [
    "conv 1->2 3x3 pad1", "relu", "maxpool2", "flatten", "fc 8->3",
  ]

  private func cnn(
    _ scratch: borrowing Scratch, _ more: [String: JSONValue] = [:], layers: [JSONValue] = layers,
    tensors: [(name: String, shape: [Int], values: [Float])]? = nil
  ) throws {
    var config: [String: JSONValue] = [
      "model_type": "cnn2", "in_channels": 1, "image_size": 4, "layers": .array(layers),
    ]
    config.merge(more) { $1 }
    try scratch.write("config.json", .object(config.map { .init($0.key, $0.value) }))
    func values(_ count: Int) -> [Float] { (0..<count).map { Float($0 % 5) - 2 } }
    _ = try scratch.write(
      "model.safetensors",
      safetensors(
        tensors ?? [
          ("conv.weight", [2, 1, 3, 3], values(18)), ("conv.bias", [2], [0.5, -0.5]),
          ("fc.weight", [3, 8], values(24)), ("fc.bias", [3], [0, 1, 2]),
        ]))
  }

  /// The same network, written plainly.
  private func logits(_ pixels: [Double]) -> [Double] {
    func weight(_ index: Int) -> Double { Double(index % 5) - 2 }
    var pooled: [Double] = []
    for channel in 0..<2 {
      var plane = [Double](repeating: 0, count: 16)
      for y in 0..<4 {
        for x in 0..<4 {
          var sum = channel == 0 ? 0.5 : -0.5
          for i in 0..<3 {
            for j in 0..<3 {
              let (row, column) = (y + i - 1, x + j - 1)
              guard (0..<4).contains(row), (0..<4).contains(column) else { continue }
              sum += weight(channel * 9 + i * 3 + j) * pixels[row * 4 + column]
            }
          }
          plane[y * 4 + x] = max(0, sum)
        }
      }
      for y in 0..<2 {
        for x in 0..<2 {
          pooled.append(
            [0, 1, 4, 5].map { plane[y * 8 + x * 2 + $0] }.max() ?? 0)
        }
      }
    }
    var logits = [0.0, 1, 2]
    for out in 0..<3 {
      for (place, value) in pooled.enumerated() { logits[out] += weight(out * 8 + place) * value }
    }
    return logits
  }

  @Test func plainNetwork() throws {
    let scratch = try Scratch()
    try cnn(scratch)
    guard case .imageClassifier(let model) = try ModelFolder.openAny(scratch.path) else {
      Issue.record("opened as something else")
      return
    }
    #expect(model.labels == ["0", "1", "2"] && model.info.parameters == 18 + 2 + 24 + 3)
    var random = PCG64(seed: 3)
    let images = (0..<5).map { _ in
      Image(
        width: 4, height: 4, channels: 1,
        pixels: (0..<16).map { _ in UInt8(random.bounded(256)) })
    }
    let together = try model.classify(images, ComputeOptions(workers: 3))
    for (image, ours) in zip(images, together) {
      let theirs = logits(image.pixels.map { Double($0) / 255 })
      for (mine, other) in zip(ours, theirs) { #expect(abs(Double(mine) - other) < 1e-4) }
      // The same bits alone.
      #expect(try model.classify([image], ComputeOptions()) == [ours])
    }
    #expect(throws: DSXError.self) {
      try model.classify(images, ComputeOptions(memoryLimit: 10))
    }
    #expect(try model.classify(images, ComputeOptions(workers: 9, memoryLimit: 10_000)) == together)
  }

  private func failure(_ write: (borrowing Scratch) throws -> Void) throws -> DSXError? {
    let scratch = try Scratch()
    try write(scratch)
    do {
      _ = try ModelFolder.openAny(scratch.path)
      return nil
    } catch {
      #expect(error.code.exitCode == .badInput && error.location.file != nil, "\(error)")
      return error
    }
  }

  @Test func plainNetworkFaults() throws {
    func code(_ layers: [JSONValue]) throws -> DSXError.Code? {
      try failure { try cnn($0, layers: layers) }?.code
    }
    #expect(try code(["conv 1->2 3x3 pad1", "softmax"]) == .unsupported)
    #expect(try code(["conv 1->2 3x2"]) == .unsupported)
    #expect(try code(["conv 1->2 3x3 dilation2"]) == .unsupported)
    #expect(try code(["maxpool"]) == .unsupported)
    #expect(try code([""]) == .unsupported)
    #expect(try code([7]) == .malformed)
    #expect(try code(["conv 3->2 3x3 pad1"]) == .malformed)
    #expect(try code(["conv 1->2 3x3 pad1", "fc 9->3"]) == .malformed)
    #expect(try code(["conv 1->2 3x3 pad1", "maxpool9"]) == .malformed)
    // One tensor is left over, one is missing, one has another shape.
    #expect(try code(["conv 1->2 3x3 pad1"]) == .corrupt)
    #expect(try code(["conv 1->2 3x3 pad1", "flatten", "head 32->3"]) == .corrupt)
    let shape = try failure { try cnn($0, layers: ["conv 1->4 3x3 pad1"]) }
    #expect(shape?.message.contains("'conv.weight'") == true)
    #expect(try failure { try cnn($0, ["num_labels": 4]) }?.code == .corrupt)
    #expect(try failure { try cnn($0, ["image_size": 0]) }?.code == .malformed)
    #expect(try failure { try cnn($0, ["in_channels": 2]) } != nil)
    #expect(try failure { try cnn($0, ["flatten_order": "row"]) }?.code == .unsupported)
    #expect(try failure { try cnn($0, ["id2label": ["0": "a", "1": "b"]]) }?.code == .corrupt)
    #expect(try failure { try cnn($0, ["id2label": ["0": "a", "2": "b"]]) }?.code == .malformed)
    #expect(try failure { try cnn($0, ["image_size": 2_000_000_000]) }?.code == .malformed)
  }

  @Test func notFiniteLogits() throws {
    let scratch = try Scratch()
    try cnn(
      scratch,
      layers: ["flatten", "fc 16->2"],
      tensors: [
        ("fc.weight", [2, 16], [Float](repeating: .nan, count: 32)), ("fc.bias", [2], [0, 0]),
      ])
    guard case .imageClassifier(let model) = try ModelFolder.openAny(scratch.path) else { return }
    let image = Image(width: 4, height: 4, channels: 1, pixels: .init(repeating: 1, count: 16))
    do {
      _ = try model.classify([image], ComputeOptions())
      Issue.record("NaN came out")
    } catch { #expect(error.code == .corrupt) }
    let inspection = try ModelFolder.inspect(scratch.path, readsValues: true)
    #expect(inspection.count(.notFinite) == 1 && !inspection.isSound)
  }

  // MARK: logistic regression

  private func linear(
    _ scratch: borrowing Scratch, labels: JSONValue = ["0": "a", "1": "b"],
    weight: (shape: [Int], values: [Float]) = ([1, 2], [1, -1]), bias: [Float] = [0.5],
    scale: [Float] = [2, 4], features: JSONValue = ["x", "y"]
  ) throws {
    try scratch.write(
      "configuration.json",
      [
        "task": "table-classification",
        "model": ["type": "logistic_regression", "features": features, "id2label": labels],
      ])
    _ = try scratch.write(
      "model.safetensors",
      safetensors([
        ("scaler.mean", [2], [1, 1]), ("scaler.scale", [2], scale),
        ("classifier.weight", weight.shape, weight.values), ("classifier.bias", [bias.count], bias),
      ]))
  }

  @Test func logisticRegression() throws {
    let scratch = try Scratch()
    try linear(scratch)
    guard case .tableClassifier(let model) = try ModelFolder.openAny(scratch.path) else {
      Issue.record("opened as something else")
      return
    }
    #expect(model.features == ["x", "y"] && model.labels == ["a", "b"])
    // z = (1, -0.25); decision = 1 + 0.25 + 0.5
    #expect(try model.classify([[3, 0]], ComputeOptions()) == [[0, 1.75]])
    #expect(throws: DSXError.self) { try model.classify([[1]], ComputeOptions()) }
    #expect(throws: DSXError.self) { try model.classify([[1, .nan]], ComputeOptions()) }
  }

  @Test func logisticRegressionFaults() throws {
    #expect(try failure { try linear($0, labels: ["0": "a"]) }?.code == .malformed)
    #expect(try failure { try linear($0, features: ["x", "x"]) }?.code == .malformed)
    #expect(try failure { try linear($0, features: []) }?.code == .malformed)
    #expect(try failure { try linear($0, scale: [0, 1]) }?.code == .corrupt)
    #expect(try failure { try linear($0, bias: [.nan]) }?.code == .corrupt)
    #expect(
      try failure { try linear($0, labels: ["0": "a", "1": "b", "2": "c"]) }?.code == .corrupt)
    #expect(try failure { try linear($0, weight: ([1, 3], [1, 2, 3])) }?.code == .corrupt)
  }

  // MARK: preprocessing

  private func preprocessor(_ json: JSONValue, channels: Int = 3, side: Int? = nil) throws
    -> DSXError?
  {
    let scratch = try Scratch()
    try scratch.write("config.json", ["model_type": "vit"])
    try scratch.write("preprocessor_config.json", json)
    do {
      _ = try ImagePreprocessor(
        ModelDescription(path: scratch.path), channels: channels,
        side: side.map { ($0, $0) })
      return nil
    } catch { return error }
  }

  @Test func preprocessors() throws {
    #expect(try preprocessor([:]) == nil)
    #expect(try preprocessor(["size": ["height": 8, "width": 8]], side: 8) == nil)
    #expect(try preprocessor(["size": 8, "resample": 3], side: 8) == nil)
    #expect(
      try preprocessor(
        [
          "image_processor_type": "MobileNetV2ImageProcessor", "size": ["shortest_edge": 16],
          "crop_size": 8,
        ], side: 8) == nil)
    #expect(try preprocessor(["size": 8], side: 9)?.code == .corrupt)
    #expect(try preprocessor(["size": 0])?.code == .malformed)
    #expect(try preprocessor(["size": [1, 2, 3]])?.code == .malformed)
    #expect(try preprocessor(["size": ["width": 3]])?.code == .malformed)
    #expect(try preprocessor(["resample": 1])?.code == .malformed)
    #expect(try preprocessor(["do_resize": "yes"])?.code == .malformed)
    #expect(try preprocessor(["rescale_factor": "1/0"])?.code == .malformed)
    #expect(try preprocessor(["image_std": [0, 1, 1]])?.code == .malformed)
    #expect(try preprocessor(["image_mean": [0.5, 0.5]])?.code == .malformed)
    #expect(try preprocessor(["image_mean": ["a"]])?.code == .malformed)
    #expect(try preprocessor(["do_normalize": false], channels: 4)?.code == .unsupported)
  }

  // MARK: MobileNetV2

  @Test func mobileNetFaults() throws {
    func code(_ config: JSONValue) throws -> DSXError.Code? {
      try failure { scratch in
        try scratch.write("config.json", config)
        _ = try scratch.write(
          "model.safetensors",
          safetensors([("features.0.0.weight", [32, 3, 3, 3], .init(repeating: 0, count: 864))]))
      }?.code
    }
    #expect(try code(["model_type": "mobilenet_v2"]) == .corrupt)
    #expect(try code(["model_type": "mobilenet_v2", "output_stride": 16]) == .unsupported)
    #expect(try code(["model_type": "mobilenet_v2", "hidden_act": "gelu"]) == .unsupported)
    #expect(try code(["model_type": "mobilenet_v2", "depth_multiplier": -1]) == .malformed)
    #expect(try code(["model_type": "mobilenet_v2", "image_size": 1_000_000]) == .malformed)
    #expect(try code(["model_type": "mobilenet_v2", "tf_padding": "same"]) == .malformed)
  }

  @Test func samePadding() throws {
    let even = try #require(PlaneShape(1, 224, 7))
    let border = VisionLayer.Border(same: even, kernel: 3, stride: 2)
    #expect(border.top == 0 && border.bottom == 1 && border.left == 1 && border.right == 1)
    #expect(PlaneShape(0, 1, 1) == nil && PlaneShape(1 << 20, 1 << 20, 1) == nil)
  }
}
