internal import Archives
internal import DSXCore

/// The images and labels of MNIST's original files (IDX), unpacked or with `.gz`.
///
/// ```
/// 0 0 TYPE N   TYPE 8: unsigned bytes; N dimensions
/// N big-endian 32-bit sizes, the first is the number of rows
/// the values, row after row
/// ```
/// Columns: `image`, int32 with the dimensions of one row, values 0 to 255, and `label`. Chosen by the
/// descriptor's argument `"format": "idx"`; `labels` names the second file. Both are held in memory.
struct IDXCursor: TableCursor {
  let schema: Schema
  private let values: [UInt8]
  private let labels: [UInt8]
  private let step: Int
  private let count: Int
  private let columns: [Int]
  private let batchRows: Int
  private var position = 0
  var badRows: BadRows { BadRows() }
  var consumed: Int { 0 }

  /// Bytes of a file, unpacked, before it is refused.
  private static let limit = 4 << 30

  init(_ images: String, labels path: String?, classes: Int?, options: TableOptions)
    throws(DSXError)
  {
    let table = try Self.read(images)
    var fields = [
      Field(
        "image", .int32, shape: table.shape, feature: .integer(bits: 8, signed: false))
    ]
    var labels: [UInt8] = []
    if let path {
      let found = try Self.read(path)
      guard found.shape.isEmpty, found.count == table.count else {
        throw DSXError(
          .malformed, "there are \(table.count) images, but \(found.count) labels", file: path)
      }
      labels = found.values
      let classes = classes ?? 0
      if classes > 0, let bad = labels.firstIndex(where: { Int($0) >= classes }) {
        throw DSXError(
          .malformed, "the label \(labels[bad]) is not below \(classes)", file: path, row: bad)
      }
      fields.append(
        Field(
          "label", .int64,
          feature: classes > 0 ? .classLabel((0..<classes).map(String.init)) : .plain))
    }
    let names = options.columns ?? fields.map(\.name)
    var columns: [Int] = []
    for name in names {
      guard let place = fields.firstIndex(where: { $0.name == name }) else {
        throw DSXError.missingColumn(name, known: fields.map(\.name), file: images, line: nil)
      }
      columns.append(place)
    }
    self.columns = columns
    schema = Schema(columns.map { fields[$0] })
    values = table.values
    self.labels = labels
    step = table.shape.reduce(1, *)
    count = table.count
    batchRows = max(1, options.batchRows)
  }

  private static func read(_ path: String) throws(DSXError) -> (
    values: [UInt8], shape: [Int], count: Int
  ) {
    let source = try openInput(path)
    var bytes: [UInt8] = []
    while try source.read(upTo: 1 << 20, into: &bytes) > 0 {
      guard bytes.count <= limit else {
        throw DSXError(.unsupported, "the file is larger than 4 GiB unpacked", file: path)
      }
    }
    do throws(DSXError) { return try parse(bytes) } catch { throw error.inFile(path) }
  }

  private static func parse(_ bytes: [UInt8]) throws(DSXError) -> (
    values: [UInt8], shape: [Int], count: Int
  ) {
    guard bytes.count >= 8, bytes[0] == 0, bytes[1] == 0, bytes[2] == 8, (1...4).contains(bytes[3])
    else {
      throw DSXError(
        .malformed, "this is no IDX file of unsigned bytes", byte: 0,
        hint: "MNIST's files begin with 00 00 08 and the number of dimensions")
    }
    let dimensions = Int(bytes[3])
    guard bytes.count >= 4 + 4 * dimensions else {
      throw DSXError(.corrupt, "the file ends within its sizes", byte: bytes.count)
    }
    var sizes: [Int] = []
    var total = 1
    for place in 0..<dimensions {
      let size = bytes[(4 + 4 * place)..<(8 + 4 * place)].reduce(0) { $0 << 8 | Int($1) }
      sizes.append(size)
      let (product, overflows) = total.multipliedReportingOverflow(by: size)
      guard !overflows, product <= limit, place == 0 || size > 0 else {
        throw DSXError(.corrupt, "the sizes are out of bounds", byte: 4 + 4 * place)
      }
      total = product
    }
    let start = 4 + 4 * dimensions
    guard bytes.count - start == total else {
      throw DSXError(
        .corrupt, "the sizes want \(total) values, but \(bytes.count - start) are there",
        byte: start)
    }
    return (Array(bytes[start...]), Array(sizes.dropFirst()), sizes[0])
  }

  /// A file, unpacked where it is compressed.
  private static func openInput(_ path: String) throws(DSXError) -> any ByteSource {
    let file = try FileSource(path: path)
    guard path.hasSuffix(".gz") else { return file }
    return try Compression.gzip.open(file)
  }

  mutating func next() throws(DSXError) -> Batch? {
    let end = min(count, position + batchRows)
    guard position < end else { return nil }
    let rows = position..<end
    defer { position = end }
    let made = columns.map { place -> Column in
      if place == 1 { return Column(.int64(labels[rows].map { Int64($0) })) }
      return Column(
        .int32(values[(rows.lowerBound * step)..<(rows.upperBound * step)].map { Int32($0) }),
        offsets: (0...rows.count).map { $0 * step })
    }
    return Batch(schema: schema, columns: made, firstRow: rows.lowerBound)
  }

  var state: CursorState { CursorState(row: position) }

  mutating func restore(_ state: CursorState) throws(DSXError) {
    guard (0...count).contains(state.row) else {
      throw DSXError(.usage, "the saved row \(state.row) is not in this file")
    }
    position = state.row
  }
}
