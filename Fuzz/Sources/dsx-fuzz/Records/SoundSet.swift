import DSXCore
import Glibc
@testable import Records

/// A sound set of records in memory, parts of which are replaced by inputs.
struct SoundSet: Sendable {
  /// Its data file; the index lies beside it.
  let path: String
  /// The data file's header region.
  let header: [UInt8]
  let pageSize = 32 << 10
  /// Used bytes of its blob page, which comes first; the raw page has the rest.
  let blobBytes: Int

  /// Fields of every kind that pages hold.
  static let schema = Schema([
    Field("ids", .int32, shape: [-1]), Field("wide", .int64, shape: [2]), Field("raw", .bytes),
    Field("n", .int32), Field("score", .float64), Field("text", .string),
  ])

  static let shared: SoundSet = {
    do { return try SoundSet() } catch { fatalError("fuzz: no set was made: \(error)") }
  }()

  private init() throws(DSXError) {
    path = ScratchFile.folder + "/sound"
    var options = RecordWriterOptions()
    // No checksums: else nearly every input would end there.
    options.mindSporeExact = true
    options.headerSize = 16 << 10
    options.pageSize = pageSize
    options.overwrite = true
    var writer = try RecordWriter(
      path: path, schema: RecordSchema(Self.schema, indexFields: ["n", "text"]), options: options)
    try writer.append(
      Batch(
        schema: Self.schema,
        columns: [
          Column(.int32([1, 300, 70_000, -5, 6]), offsets: [0, 2, 5]),
          Column(.int64([1, 1 << 40, -1, 0]), offsets: [0, 2, 4]),
          Column(.bytes([1, 2, 3]), offsets: [0, 1, 3]), Column(.int32([7, -8])),
          Column(.float64([0.1, -2])), Column(strings: ["eins", "二"]),
        ]))
    _ = try writer.finish()
    let file = try MappedFile(path: path)
    header = file.withBytes { Array($0[..<(16 << 10)]) }
    let pages = try ShardHeader(file: file.bytes).pages
    blobBytes = pages.first { $0.kind == .blob }?.used ?? 0
    withExtendedLifetime(file) {}
  }
}
