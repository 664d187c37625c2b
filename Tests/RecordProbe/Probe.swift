internal import DSXCore
internal import Glibc
internal import Records

/// Writes a record set, or goes on with what a killed run of it left: `record-probe PATH ROWS SHARDS KIND`.
///
/// KIND is `plain`, `total` (the number of rows is announced) or `exact` (MindSpore's placement). Row r is
/// a function of r alone, so that runs can be compared byte by byte. Rows come in calls of 64; a set that
/// is in place already is left alone.
@main struct Probe {
  static let schema = Schema([
    Field("ids", .int32, shape: [-1]), Field("name", .string), Field("n", .int64),
  ])

  static func batch(_ rows: Range<Int>) -> Batch {
    var ids: [Int32] = []
    var ends = [0]
    for row in rows {
      for place in 0..<20 + row % 200 { ids.append(Int32((row &* 7919 &+ place &* 31) % 50_000)) }
      ends.append(ids.count)
    }
    return Batch(
      schema: schema,
      columns: [
        Column(.int32(ids), offsets: ends), Column(strings: rows.map { "row \($0 % 97)" }),
        Column(.int64(rows.map { Int64($0) << 20 })),
      ])
  }

  static func main() {
    let arguments = CommandLine.arguments
    guard arguments.count == 5, let rows = Int(arguments[2]), let shards = Int(arguments[3]) else {
      exit(2)
    }
    do throws(DSXError) { try write(arguments[1], rows, shards, arguments[4]) } catch {
      print(error)
      exit(1)
    }
  }

  static func write(_ path: String, _ rows: Int, _ shards: Int, _ kind: String) throws(DSXError) {
    var options = RecordWriterOptions()
    options.shards = shards
    options.headerSize = 256 << 10
    options.pageSize = 64 << 10
    options.mindSporeExact = kind == "exact"
    options.totalRows = kind == "total" ? rows : nil
    options.checkpointBytes = 200_000
    let schema = RecordSchema(schema, description: "probe", indexFields: ["n", "name"])
    var writer: RecordWriter
    do throws(DSXError) {
      writer = try RecordWriter.resume(path: path, schema: schema, options: options)
    } catch {
      // In place and tidied up: nothing is left to do.
      if error.code == .outputExists { return }
      throw error
    }
    var next = writer.rows
    while next < rows {
      // Calls end at multiples of 64 whatever row a run starts with.
      let end = min(rows, (next / 64 + 1) * 64)
      try writer.append(batch(next..<end))
      next = end
    }
    _ = try writer.finish()
  }
}
