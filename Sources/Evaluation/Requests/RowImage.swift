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

extension MsDataset {
  /// Whether the cells of a column name files of the data set's own archive or folder, whose content is part
  /// of its fingerprint.
  func owns(_ field: Field) -> Bool { field.feature == .file && fileRoot != nil }
}

extension Field {
  /// Whether the texts are JSON lists.
  var isNested: Bool {
    switch feature {
    case .json, .list: type == .string
    default: false
    }
  }
}

extension Image {
  /// The pixels of a cell: an array of shape (height, width) or (height, width, 1 or 3) of numbers from 0 to
  /// 255, as MNIST's files have them. Nil for anything else.
  init?(_ batch: Batch, column: Int, row: Int) {
    let (field, cells) = (batch.schema.fields[column], batch.columns[column])
    guard cells.isValid(row) else { return nil }
    if field.isNested {
      self.init(CellValue(batch, column: column, row: row).json)
      return
    }
    guard var shape = field.shape, (2...3).contains(shape.count), let offsets = cells.offsets else {
      return nil
    }
    let range = offsets[row]..<offsets[row + 1]
    let step = shape.dropFirst().reduce(1, *)
    guard step > 0 else { return nil }
    if shape[0] < 0 { shape[0] = range.count / step }
    switch cells.elements {
    case .int32(let all): self.init(shape, all[range].compactMap { UInt8(exactly: $0) })
    case .int64(let all): self.init(shape, all[range].compactMap { UInt8(exactly: $0) })
    default: return nil
    }
  }

  /// The pixels of a nested list: rows of numbers, or rows of lists of 1 or 3 numbers.
  init?(_ value: JSONValue) {
    guard let rows = value.array, let first = rows.first?.array, !first.isEmpty else { return nil }
    var shape = [rows.count, first.count]
    if let channels = first[0].array { shape.append(channels.count) }
    var pixels: [UInt8] = []
    for row in rows {
      guard let cells = row.array, cells.count == shape[1] else { return nil }
      for cell in cells {
        let numbers = cell.array ?? [cell]
        guard numbers.count == (shape.count == 3 ? shape[2] : 1) else { return nil }
        pixels += numbers.compactMap { $0.int.flatMap { UInt8(exactly: $0) } }
      }
    }
    self.init(shape, pixels)
  }

  private init?(_ shape: [Int], _ pixels: [UInt8]) {
    let channels = shape.count == 3 ? shape[2] : 1
    guard channels == 1 || channels == 3, !pixels.isEmpty, pixels.count == shape.reduce(1, *) else {
      return nil
    }
    self.init(width: shape[1], height: shape[0], channels: channels, pixels: pixels)
  }
}
