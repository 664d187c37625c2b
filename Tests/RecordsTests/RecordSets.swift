import DSXCore

@testable import Records

/// Small sets for tests of order, query and input.
enum RecordSets {
  /// Rows `n` = 0, 1, ... with an array `ids` = [n, n + 1, -n] and a label.
  static func numbered(_ rows: Range<Int>) -> Batch {
    let labels = rows.map { ["news", "sport", "天气"][$0 % 3] }
    return Batch(
      schema: Schema([
        Field("ids", .int32, shape: [3]), Field("label", .string), Field("n", .int64),
      ]),
      columns: [
        Column(
          .int32(rows.flatMap { [Int32($0), Int32($0) + 1, -Int32($0)] }),
          offsets: Array(stride(from: 0, through: rows.count * 3, by: 3))),
        Column(strings: labels), Column(.int64(rows.map(Int64.init))),
      ])
  }

  /// Writes batches as one set and opens it.
  static func write(
    _ place: TemporaryFolder, _ name: String, _ batches: [Batch], shards: Int = 1,
    index: [String]? = nil, _ change: (inout RecordWriterOptions) -> Void = { _ in }
  ) throws -> RecordReader {
    var options = RecordWriterOptions()
    options.shards = shards
    options.overwrite = true
    change(&options)
    var writer = try RecordWriter(
      path: place.path(name), schema: RecordSchema(batches[0].schema, indexFields: index),
      options: options)
    for batch in batches { try writer.append(batch) }
    return try RecordReader(path: writer.finish().files[0])
  }

  /// The column `n` of a batch.
  static func numbers(_ batch: Batch) -> [Int] {
    guard case .int64(let values) = batch["n"]?.elements else { return [] }
    return values.map(Int.init)
  }
}
