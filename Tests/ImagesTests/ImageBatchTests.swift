import DSXCore
import Testing

@testable import Images

@Suite struct ImageBatchTests {
  @Test func planesAndPixels() throws {
    let image = Image(width: 2, height: 1, pixels: [0, 51, 102, 255, 204, 153])
    var planes = try ImageBatch(width: 2, height: 1, format: TensorFormat(), capacity: 2)
    try planes.append(image)
    try planes.append(image.upright(2))
    func part(_ value: Float) -> Float { value * (1.0 / 255) }
    #expect(planes.shape == [2, 3, 1, 2])
    #expect(
      planes.values
        == [0, 255, 51, 204, 102, 153, 255, 0, 204, 51, 153, 102].map { (part($0) - 0) / 1 })
    var pixels = try ImageBatch(width: 2, height: 1, format: TensorFormat(layout: .hwc, scale: 1))
    try pixels.append(image)
    #expect(pixels.shape == [1, 1, 2, 3])
    #expect(pixels.values == image.pixels.map { Float($0) })
    pixels.removeAll()
    #expect(pixels.values.isEmpty && pixels.count == 0)
  }

  @Test func normalised() throws {
    let image = Image(width: 1, height: 1, pixels: [10, 20, 30])
    var batch = try ImageBatch(width: 1, height: 1, format: .imageNet)
    try batch.append(image)
    let expected = zip(
      zip([10, 20, 30] as [Float], TensorFormat.imageNet.mean), TensorFormat.imageNet.deviation
    ).map { ($0.0 * (1.0 / 255) - $0.1) / $1 }
    #expect(batch.values == expected)
    // Eight by eight grey digits of 0 to 16.
    let digits = try TensorFormat.parse(["scale": 0.0625, "mean": 0.5, "layout": "hwc"])
    var grey = try ImageBatch(width: 1, height: 1, channels: 1, format: digits)
    try grey.append(Image(width: 1, height: 1, channels: 1, pixels: [16]))
    #expect(grey.values == [0.5] && grey.shape == [1, 1, 1, 1])
  }

  @Test func whatDoesNotFit() throws {
    var batch = try ImageBatch(width: 2, height: 2, format: TensorFormat())
    #expect(throws: DSXError.self) {
      try batch.append(Image(width: 1, height: 4, pixels: [UInt8](repeating: 0, count: 12)))
    }
    #expect(throws: DSXError.self) {
      try ImageBatch(width: 2, height: 2, channels: 1, format: .imageNet)
    }
    let wrong: [JSONValue] = [
      ["layout": "nchw"], ["mean": [1, 2]], ["deviation": 0], ["mean": "x"], ["size": 3],
      ["scale": []],
    ]
    for parameters in wrong {
      #expect(throws: DSXError.self, "\(parameters.text())") { try TensorFormat.parse(parameters) }
    }
  }
}
