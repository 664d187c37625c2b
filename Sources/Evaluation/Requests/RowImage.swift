internal import DSXCore
internal import Datasets
internal import Images

/// An image as a row of a data set has it: an encoded file, or pixels.
struct RowImage: Sendable {
  private enum Content {
    case file([UInt8])
    case pixels(Image)
  }

  private let content: Content
  /// What messages call it.
  let name: String

  /// An encoded image.
  init(_ bytes: [UInt8], name: String) {
    content = .file(bytes)
    self.name = name
  }

  /// Pixels.
  init(_ image: Image, name: String) {
    content = .pixels(image)
    self.name = name
  }

  /// SHA-256 of the file or of the pixels.
  var hash: String {
    var hash = SHA256()
    switch content {
    case .file(let bytes): hash.update(bytes)
    case .pixels(let image): hash.update(image.pixels)
    }
    return hash.hexDigest()
  }

  /// The image. Throws for a file that cannot be read.
  func decoded(_ decoder: ImageDecoder) throws(DSXError) -> Image {
    switch content {
    case .file(let bytes): try decoder.decode(bytes, name: name)
    case .pixels(let image): image
    }
  }
}

extension Image {
  /// The pixels of a cell: an array of shape (height, width) or (height, width, 1 or 3) of numbers from 0 to
  /// 255, as MNIST's files have them. Nil for anything else.
  init?(_ batch: Batch, column: Int, row: Int) {
    let shape = batch.schema.fields[column].shape ?? []
    guard (2...3).contains(shape.count), shape.count == 2 || [1, 3].contains(shape[2]),
      case .int32(let all) = batch.columns[column].elements,
      let offsets = batch.columns[column].offsets, batch.columns[column].isValid(row)
    else { return nil }
    let values = all[offsets[row]..<offsets[row + 1]]
    let pixels = values.compactMap { UInt8(exactly: $0) }
    guard pixels.count == values.count, pixels.count == shape.reduce(1, *), !pixels.isEmpty else {
      return nil
    }
    self.init(
      width: shape[1], height: shape[0], channels: shape.count == 3 ? shape[2] : 1, pixels: pixels)
  }
}
