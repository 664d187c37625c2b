internal import DSXCore
internal import Images

/// What one batch adds to the statistics: the costly part, made on any thread. Digests are added to the
/// statistics in the order of the batches, so that results do not depend on threads.
struct BatchDigest: Sendable {
  let batch: Batch
  /// One hash a row, over all its columns.
  let rows: [UInt64]
  let columns: [ColumnDigest]

  init(_ batch: Batch, _ images: ImageProbe) {
    self.batch = batch
    var rows = [UInt64](repeating: 0, count: batch.rows)
    var columns: [ColumnDigest] = []
    for (field, column) in zip(batch.schema.fields, batch.columns) {
      let digest = ColumnDigest(field, column, firstRow: batch.firstRow, images)
      for row in rows.indices { rows[row] = ContentHash.of(digest.hashes[row], seed: rows[row]) }
      columns.append(digest)
    }
    self.rows = rows
    self.columns = columns
  }
}

/// One column's part of a digest.
struct ColumnDigest: Sendable {
  /// One hash a row; a missing value has one of its own.
  private(set) var hashes: [UInt64] = []
  /// Code points of each text that is there.
  private(set) var characters: [Int] = []
  /// The images of an image column, by row.
  private(set) var images: [ImageProbe.Finding] = []

  private static let missing: UInt64 = 0x6d69_7373_696e_6721

  init(_ field: Field, _ column: Column, firstRow: Int, _ probe: ImageProbe) {
    let rows = column.rows
    hashes = Array(repeating: Self.missing, count: rows)
    func bits(_ index: Int) -> UInt64 {
      switch column.elements {
      case .int32(let values): UInt64(bitPattern: Int64(values[index]))
      case .int64(let values): UInt64(bitPattern: values[index])
      // Numbers that are equal have one hash: -0 and 0, every NaN, a float and the same double.
      case .float32(let values): Self.bits(Double(values[index]))
      case .float64(let values): Self.bits(values[index])
      case .bytes(let values): UInt64(values[index])
      }
    }
    guard let offsets = column.offsets else {
      for row in 0..<rows where column.isValid(row) {
        hashes[row] = ContentHash.of(bits(row), seed: 1)
      }
      return
    }
    guard case .bytes(let bytes) = column.elements else {
      for row in 0..<rows where column.isValid(row) {
        var hash = ContentHash.of(UInt64(offsets[row + 1] - offsets[row]), seed: 2)
        for index in offsets[row]..<offsets[row + 1] {
          hash = ContentHash.of(bits(index), seed: hash)
        }
        hashes[row] = hash
      }
      return
    }
    let isText = field.type == .string
    bytes.withUnsafeBytes { all in
      for row in 0..<rows where column.isValid(row) {
        let value = UnsafeRawBufferPointer(rebasing: all[offsets[row]..<offsets[row + 1]])
        hashes[row] = ContentHash.of(value)
        if isText {
          var count = 0
          for byte in value where byte & 0xc0 != 0x80 { count += 1 }
          characters.append(count)
        }
        if field.feature == .image { images.append(probe.look(value, row: firstRow + row)) }
      }
    }
  }

  private static func bits(_ value: Double) -> UInt64 {
    (value == 0 ? 0 : value.isNaN ? Double.nan : value).bitPattern
  }
}

/// Looks at encoded images: each thread has its own.
final class ImageProbe {
  /// What one image is.
  struct Finding: Sendable {
    let row: Int
    let bytes: Int
    var info: ImageInfo?
    /// Pixels as they are shown.
    var size = (width: 0, height: 0)
    var fault: String?
    var thumbnail: [UInt8]?
  }

  /// Rows below this one get a thumbnail.
  static let pictures = 12
  private let decoder: ImageDecoder
  private let resizer = ImageResizer()
  private let appliesOrientation: Bool

  init(appliesOrientation: Bool = true) {
    self.appliesOrientation = appliesOrientation
    var options = ImageOptions()
    options.appliesOrientation = appliesOrientation
    decoder = ImageDecoder(options)
  }

  func look(_ bytes: UnsafeRawBufferPointer, row: Int) -> Finding {
    var finding = Finding(row: row, bytes: bytes.count)
    do throws(DSXError) {
      let info = try ImageInfo(bytes, name: "image")
      finding.info = info
      finding.size = appliesOrientation ? info.uprightSize : (info.width, info.height)
      let image = try decoder.decode(bytes, name: "image")
      if row < Self.pictures {
        let side = Double(max(image.width, image.height))
        let scale = min(1, 64 / side)
        let (width, height) = (
          max(1, Int(Double(image.width) * scale)), max(1, Int(Double(image.height) * scale))
        )
        let small =
          scale < 1 ? try resizer.resize(image, width: width, height: height) : image
        finding.thumbnail = PNGEncoder.encode(small)
      }
    } catch {
      finding.fault = error.message
    }
    return finding
  }
}
