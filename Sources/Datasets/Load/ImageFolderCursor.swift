internal import DSXCore
internal import Images

/// The images of a folder: encoded bytes, and the class where folders tell one.
struct ImageFolderCursor: TableCursor {
  let schema: Schema
  private let folder: ImageFolder
  private let policy: BadRowPolicy
  private let namesOptions: Bool
  private let batchRows: Int
  private let columns: [Int]
  private let archives = ArchiveReader()
  private var position = 0
  private(set) var badRows = BadRows()
  private(set) var consumed = 0

  /// Bytes of encoded images that a batch holds at most, but for one image.
  private static let batchBytes = 16 << 20

  /// A cursor. `options`: the columns wanted, the policy for files that are no images, rows of a batch.
  init(_ folder: ImageFolder, options: TableOptions) throws(DSXError) {
    var fields = [Field("image", .bytes, feature: .image)]
    if !folder.classes.isEmpty {
      fields.append(Field("label", .int64, feature: .classLabel(folder.classes)))
    }
    let names = options.columns ?? fields.map(\.name)
    var columns: [Int] = []
    for name in names {
      guard let place = fields.firstIndex(where: { $0.name == name }) else {
        throw DSXError.missingColumn(
          name, known: fields.map(\.name), file: "", line: nil, wasAsked: true)
      }
      columns.append(place)
    }
    self.columns = columns
    schema = Schema(columns.map { fields[$0] })
    self.folder = folder
    policy = options.onBadRow
    namesOptions = options.namesOptions
    batchRows = max(1, options.batchRows)
  }

  /// The position of the next image.
  var state: CursorState { CursorState(row: position) }

  mutating func restore(_ state: CursorState) throws(DSXError) {
    guard (0...folder.items.count).contains(state.row) else {
      throw DSXError(.usage, "the saved row \(state.row) is not in this folder of images")
    }
    position = state.row
  }

  mutating func next() throws(DSXError) -> Batch? {
    let first = position
    var bytes: [UInt8] = []
    var offsets = [0]
    var labels: [Int64] = []
    let wantsImages = columns.contains(0)
    while position < folder.items.count, labels.count < batchRows, bytes.count < Self.batchBytes {
      let item = folder.items[position]
      position += 1
      if wantsImages {
        do throws(DSXError) {
          let image = try archives.bytes(of: item.file)
          try check(image, item.file)
          bytes += image
          consumed += image.count
        } catch {
          guard policy == .skip, error.code != .io else { throw error.inFile(item.file.location) }
          badRows.add(error.inFile(item.file.location))
          continue
        }
      }
      offsets.append(bytes.count)
      labels.append(Int64(item.label))
    }
    guard position > first else { return nil }
    let all = [Column(.bytes(bytes), offsets: offsets), Column(.int64(labels))]
    return Batch(schema: schema, columns: columns.map { all[$0] }, firstRow: first)
  }

  /// Refuses what does not begin as an image does. Decoding finds the rest, where images are decoded.
  private func check(_ bytes: [UInt8], _ file: DataFile) throws(DSXError) {
    let marks: [[UInt8]] = [
      [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a], [0xff, 0xd8, 0xff],
      [0x47, 0x49, 0x46, 0x38],
      [0x42, 0x4d], [0x49, 0x49, 0x2a, 0], [0x4d, 0x4d, 0, 0x2a], [0x50, 0x36], [0x50, 0x33],
      [0x52, 0x49, 0x46, 0x46],
    ]
    guard marks.contains(where: { bytes.starts(with: $0) }) else {
      throw DSXError(
        .malformed, bytes.isEmpty ? "the image is empty" : "this is no image",
        file: file.location,
        hint: namesOptions ? "--on-bad-row skip leaves such images out and counts them" : nil)
    }
  }
}
