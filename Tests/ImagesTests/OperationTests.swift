import DSXCore
import Testing

@testable import Images

@Suite struct OperationTests {
  static func numbered(_ width: Int, _ height: Int) -> Image {
    Image(
      width: width, height: height,
      pixels: (0..<width * height).flatMap { [UInt8(truncatingIfNeeded: $0), 0, 255] })
  }

  private func reds(_ image: Image) -> [UInt8] {
    stride(from: 0, to: image.pixels.count, by: image.channels).map { image.pixels[$0] }
  }

  private func apply(_ operation: ImageOperation, _ image: Image, seed: UInt64 = 1) throws -> Image
  {
    var generator = PCG64(seed: seed)
    return try operation.apply(image, resizer: ImageResizer(), generator: &generator)
  }

  @Test func orientations() {
    // 0 1 2
    // 3 4 5
    let image = Self.numbered(3, 2)
    let expected: [Int: [UInt8]] = [
      1: [0, 1, 2, 3, 4, 5], 2: [2, 1, 0, 5, 4, 3], 3: [5, 4, 3, 2, 1, 0],
      4: [3, 4, 5, 0, 1, 2], 5: [0, 3, 1, 4, 2, 5], 6: [3, 0, 4, 1, 5, 2],
      7: [5, 2, 4, 1, 3, 0], 8: [2, 5, 1, 4, 0, 3], 9: [0, 1, 2, 3, 4, 5],
    ]
    for (orientation, values) in expected {
      let turned = image.upright(orientation)
      #expect(reds(turned) == values, "orientation \(orientation)")
      #expect(turned.width == ((5...8).contains(orientation) ? 2 : 3))
    }
  }

  @Test func crops() throws {
    let image = Self.numbered(5, 4)
    // 5 - 2 and 4 - 3 pixels are left over: 1.5 rounds to 2, 0.5 to 0.
    #expect(reds(try apply(.centreCrop(width: 2, height: 3), image)) == [2, 3, 7, 8, 12, 13])
    #expect(try apply(.centreCrop(width: 5, height: 4), image) == image)
    #expect(throws: DSXError.self) { try apply(.centreCrop(width: 6, height: 4), image) }
    #expect(throws: DSXError.self) { try apply(.randomCrop(width: 5, height: 5), image) }
    // 3 and 1 pixels are left over: transformers rounds both down.
    #expect(reds(image.middle(width: 2, height: 3)) == [1, 2, 6, 7, 11, 12])
    // Three columns and one row too few: two columns to the left, the row above.
    let wide = image.middle(width: 8, height: 5)
    #expect(wide.width == 8 && wide.height == 5)
    var padded = [UInt8](repeating: 0, count: 8)
    for row in 0..<4 {
      padded += [0, 0]
      padded += (0..<5).map { UInt8(row * 5 + $0) }
      padded += [0]
    }
    #expect(reds(wide) == padded)
    #expect(reds(image.middle(width: 1, height: 6)) == [0, 2, 7, 12, 17, 0])
    var seen: Set<UInt8> = []
    for seed in 0..<200 {
      let part = try apply(.randomCrop(width: 4, height: 2), image, seed: UInt64(seed))
      let first = part.pixels[0]
      #expect(reds(part) == (0..<2).flatMap { row in (0..<4).map { first + UInt8(row * 5 + $0) } })
      seen.insert(first)
    }
    #expect(seen == [0, 1, 5, 6, 10, 11])
  }

  @Test func resizesInProportion() throws {
    func size(_ width: Int, _ height: Int, _ side: Int) throws -> [Int] {
      let image = try apply(.resizeShorter(size: side, .bilinear), Self.numbered(width, height))
      return [image.width, image.height]
    }
    #expect(try size(50, 37, 22) == [29, 22])
    #expect(try size(37, 50, 22) == [22, 29])
    #expect(try size(8, 8, 16) == [16, 16])
    #expect(throws: DSXError.self) { try size(200, 1, 400) }
  }

  @Test func flipsAreSeeded() throws {
    let image = Self.numbered(3, 2)
    let transform = ImageTransform([.randomFlip(probability: 0.5)], seed: 7)
    let resizer = ImageResizer()
    let all = try (0..<200).map { try transform.apply(image, number: $0, resizer: resizer) }
    let flipped = all.filter { $0 != image }
    #expect((70...130).contains(flipped.count))
    #expect(flipped.allSatisfy { $0 == image.upright(2) })
    // Each image by its number, whatever came before; other epochs and seeds are others.
    for number in stride(from: 199, through: 0, by: -17) {
      #expect(try transform.apply(image, number: number, resizer: resizer) == all[number])
    }
    let epoch = try (0..<200).map {
      try transform.apply(image, number: $0, epoch: 1, resizer: resizer)
    }
    #expect(epoch != all)
    let none = try apply(.randomFlip(probability: 0), image)
    let always = try apply(.randomFlip(probability: 1), image)
    #expect(none == image && always == image.upright(2))
  }

  @Test func recipes() throws {
    #expect(try ImageOperation.parse("grey") == .grey)
    #expect(
      try ImageOperation.parse("resize", ["width": 8, "height": 9, "filter": "bicubic"])
        == .resize(width: 8, height: 9, .bicubic))
    #expect(
      try ImageOperation.parse("resize", ["size": 8]) == .resize(width: 8, height: 8, .bilinear))
    #expect(
      try ImageOperation.parse("resize-shorter", ["size": 256])
        == .resizeShorter(size: 256, .bilinear))
    #expect(
      try ImageOperation.parse("centre-crop", ["size": 224]) == .centreCrop(width: 224, height: 224)
    )
    #expect(
      try ImageOperation.parse("random-crop", ["width": 3, "height": 4])
        == .randomCrop(width: 3, height: 4))
    #expect(try ImageOperation.parse("random-flip") == .randomFlip(probability: 0.5))
    #expect(
      try ImageOperation.parse("random-flip", ["probability": 1]) == .randomFlip(probability: 1))
    let wrong: [(String, JSONValue, DSXError.Code)] = [
      ("rezise", ["size": 3], .unknownName), ("resize", .null, .usage),
      ("resize", ["size": 0], .usage), ("resize", ["size": 3, "width": 3], .usage),
      ("resize", ["size": 3, "filter": "lanczos"], .usage), ("resize", ["size": 70_000], .usage),
      ("resize", [3], .usage), ("grey", ["size": 3], .usage), ("resize", ["size": 2.5], .usage),
      ("random-flip", ["probability": 1.5], .usage),
    ]
    for (name, parameters, code) in wrong {
      do {
        _ = try ImageOperation.parse(name, parameters)
        Issue.record("\(name) \(parameters.text()) was taken")
      } catch { #expect(error.code == code, "\(name)") }
    }
    for entry in ImageOperation.table {
      #expect(!entry.summary.isEmpty)
      do { _ = try ImageOperation.parse(entry.name) } catch { #expect(error.code == .usage) }
    }
  }
}
