import DSXCore
import Foundation
import Testing

@testable import Records

/// The whole format: types, shapes, sizes, numbers of files, and what it does not have.
@Suite struct RecordCodecTests {
  private func options(_ shards: Int = 1) -> RecordWriterOptions {
    var options = RecordWriterOptions()
    options.shards = shards
    options.isDurable = false
    return options
  }

  @Test(arguments: [false, true]) func everyTypeAndShape(_ isExact: Bool) throws {
    let place = try TemporaryFolder()
    let long = String(repeating: "字", count: 30_000)
    var fields: [Field] = []
    var columns: [Column] = []
    func add(_ name: String, _ type: FieldType, _ shape: [Int]? = nil, _ column: Column) {
      fields.append(Field(name, type, shape: shape))
      columns.append(column)
    }
    add("i", .int32, nil, Column(.int32([.min, .max, 0])))
    add("l", .int64, nil, Column(.int64([.min, .max, -33])))
    add("f", .float32, nil, Column(.float64([0.5, -0.0, 3.4e38])))
    add(
      "d", .float64, nil, Column(.float64([0.1, .greatestFiniteMagnitude, .leastNonzeroMagnitude])))
    add("s", .string, nil, Column(strings: ["", "x\u{0}y", long]))
    add("b", .bytes, nil, Column(.bytes([0, 255, 1]), offsets: [0, 0, 2, 3]))
    for (number, shape) in [[3], [-1], [2, -1], [-1, 2, 3], [1, 1, 1, 1]].enumerated() {
      let step = shape.filter { $0 > 0 }.reduce(1, *)
      let counts = shape.contains(-1) ? [step, 2 * step, 0] : [step, step, step]
      let ends = counts.reduce(into: [0]) { $0.append($0[$0.count - 1] + $1) }
      let total = ends[3]
      add(
        "i\(number)", .int32, shape,
        Column(.int32((0..<total).map { Int32($0) << Int32($0 % 32) }), offsets: ends))
      add(
        "l\(number)", .int64, shape,
        Column(.int64((0..<total).map { Int64(-$0) << Int64($0 * 5 % 64) }), offsets: ends))
      add(
        "f\(number)", .float32, shape,
        Column(.float32((0..<total).map { $0 == 1 ? .infinity : Float($0) / 3 }), offsets: ends))
      add(
        "d\(number)", .float64, shape,
        Column(.float64((0..<total).map { $0 == 2 ? -.infinity : Double($0) / 3 }), offsets: ends))
    }
    var choice = options()
    choice.mindSporeExact = isExact
    let batch = Batch(schema: Schema(fields), columns: columns)
    let record = RecordSchema(
      batch.schema, description: "all \"\\\n\u{1}", indexFields: ["s", "i", "l"])
    var writer = try RecordWriter(path: place.path("x"), schema: record, options: choice)
    try writer.append(batch)
    let file = try writer.finish().files[0]
    #expect(try RecordVerifier.verify(path: file) == [])
    let reader = try RecordReader(path: file)
    #expect(reader.schema.description == record.description)
    #expect(reader.schema.indexFields == record.indexFields)
    #expect(try reader.batch(0..<3).lines() == batch.lines())
  }

  @Test func anySizesInTheLimits() throws {
    let place = try TemporaryFolder()
    let schema = RecordSchema(RecordResumeTests.schema)
    let rows = RecordResumeTests.batch(0..<100)
    var random = PCG64(seed: 21)
    var sizes = [(16 << 10, 32 << 10), (128 << 20, 256 << 20), ((16 << 10) + 4, (32 << 10) + 4)]
    for _ in 0..<6 {
      sizes.append(
        (16 << 10 + 4 * Int(random.bounded(1 << 20)), 32 << 10 + 4 * Int(random.bounded(1 << 22))))
    }
    for (header, page) in sizes {
      var choice = options(2)
      choice.headerSize = min(header, 128 << 20)
      choice.pageSize = min(page, 256 << 20)
      choice.overwrite = true
      var writer = try RecordWriter(path: place.path("x"), schema: schema, options: choice)
      try writer.append(rows)
      let files = try writer.finish().files
      #expect(try RecordVerifier.verify(path: files[0]) == [], "\(header) \(page)")
      #expect(try RecordReader(path: files[0]).batch(0..<100).lines() == rows.lines())
    }
  }

  @Test func emptySetsAndShards() throws {
    let place = try TemporaryFolder()
    let schema = RecordSchema(RecordResumeTests.schema)
    for (shards, rows) in [(1, 0), (3, 0), (11, 1), (5, 3)] {
      var choice = options(shards)
      choice.overwrite = true
      var writer = try RecordWriter(path: place.path("x"), schema: schema, options: choice)
      let batch = RecordResumeTests.batch(0..<rows)
      try writer.append(batch)
      let summary = try writer.finish()
      #expect(summary.rowsPerShard == (0..<shards).map { $0 < rows ? 1 : 0 })
      #expect(try RecordVerifier.verify(path: summary.files[0]) == [])
      let reader = try RecordReader(path: summary.files[shards - 1])
      #expect(reader.count == rows)
      #expect(try reader.batch(0..<rows).lines() == batch.lines())
      for path in try FilePath.list(place.folder) { try FilePath.removeTree(place.path(path)) }
    }
  }

  @Test func rawRowsAsLargeAsAPage() throws {
    let place = try TemporaryFolder()
    let page = 32 << 10
    // {"s": text}: 8 length, 1 map, 2 key, 3 string head.
    for (count, fits) in [(page - 14, true), (page - 13, false)] {
      var choice = options()
      choice.pageSize = page
      choice.overwrite = true
      let field = Field("s", .string)
      let text = String(repeating: "x", count: count)
      var writer = try RecordWriter(
        path: place.path("x"), schema: RecordSchema(Schema([field]), indexFields: []),
        options: choice)
      let batch = Batch(schema: Schema([field]), columns: [Column(strings: [text, "y", text])])
      var failed: DSXError?
      do throws(DSXError) { try writer.append(batch) } catch { failed = error }
      #expect((failed == nil) == fits && (fits || failed?.location.row == 0))
      guard fits else { continue }
      let file = try writer.finish().files[0]
      #expect(try RecordVerifier.verify(path: file) == [])
      #expect(try RecordReader(path: file).batch(0..<3).lines() == batch.lines())
    }
  }

  /// Pages far behind 4 GiB; the pages before them are empty, so that the file takes little space.
  @Test func filesOverFourGibibytes() throws {
    let place = try TemporaryFolder()
    let batch = RecordResumeTests.batch(0..<300)
    let plan = try RecordPlan(
      RecordSchema(RecordResumeTests.schema, indexFields: ["n"]), floatsIndexed: false)
    let shard = try ShardWriter(
      path: place.path("x"),
      header: ShardHeader(
        headerSize: 16 << 10, pageSize: 256 << 20, pages: [], compressionSize: 0, plan: plan,
        addresses: ["x"], shard: 0, checks: HeaderChecks()))
    for _ in 0..<20 { _ = try shard.openBlobPage() }
    var encoder = RowEncoder(plan: plan)
    var rows = EncodedRows()
    let fields = plan.fields
    do throws(DSXError) {
      try ColumnSource.with(batch, fields) { (sources) throws(DSXError) in
        for row in 0..<300 { try encoder.encode(sources, row: row, number: row, into: &rows) }
      }
    } catch { throw error }
    try shard.stream(blob: rows.blob.bytes, raw: rows.raw.bytes, rows: 300)
    try shard.closeGroup()
    let set = HeaderChecks.set([shard.digest])
    let size = try shard.finish(saved: rows.saved, set: set)
    #expect(size > 5 << 30)
    let path = place.path("x")
    try IndexFile.write(RecordFile(path: path), name: "x", to: path + ".db")
    #expect(try RecordVerifier.verify(path: path) == [])
    #expect(try RecordReader(path: path).batch(0..<300).lines() == batch.lines())
    // Appending goes on there, and a rename keeps the holes.
    var writer = try RecordWriter.appending(to: path)
    #expect(writer.rows == 300)
    writer.discard()
    let renamed = try RecordRename.run(from: path, to: place.path("y"))
    #expect(try RecordReader(path: renamed[0]).batch(299..<300).rows == 1)
  }

  @Test func thousandShards() throws {
    let place = try TemporaryFolder()
    let schema = RecordSchema(Schema([Field("n", .int32)]))
    var writer = try RecordWriter(path: place.path("k"), schema: schema, options: options(1000))
    try writer.append(
      Batch(schema: schema.schema, columns: [Column(.int32(Array(0..<1500)))]))
    let summary = try writer.finish()
    #expect(summary.files.first?.hasSuffix("/k000") ?? false)
    #expect(
      summary.rowsPerShard == Array(repeating: 2, count: 500) + Array(repeating: 1, count: 500))
    // By list: opening by name reads a thousand headers with a thousand names each.
    let reader = try RecordReader(files: summary.files)
    guard case .int32(let values) = try reader.batch(0..<1500).columns[0].elements else {
      Issue.record("no int32 column")
      return
    }
    #expect(values == Array(0..<1500))
  }

  @Test func setsOf4096FilesAreRead() throws {
    let place = try TemporaryFolder()
    let schema = RecordSchema(Schema([Field("n", .int32)]))
    var writer = try RecordWriter(path: place.path("one"), schema: schema, options: options())
    try writer.append(Batch(schema: schema.schema, columns: [Column(.int32([5, 6]))]))
    let file = try writer.finish().files[0]
    let reader = try RecordReader(files: Array(repeating: file, count: 4096))
    #expect(reader.count == 8192)
    #expect(try reader.batch(8190..<8192).rows == 2)
  }

  @Test func typesThatAreMissingNameTheNearest() {
    for (name, near) in [
      ("bool", "int32"), ("uint8", "int32"), ("int16", "int32"), ("uint32", "int64"),
      ("uint64", "int64"), ("float16", "float32"), ("double", "float64"), ("str", "string"),
      ("binary", "bytes"),
    ] {
      do throws(DSXError) {
        _ = try RecordSchema.type(named: name)
        Issue.record("\(name) is accepted")
      } catch {
        #expect(error.code == .usage && error.message.hasSuffix("is \(near)"), "\(error)")
      }
    }
    for type in FieldType.allCases {
      #expect((try? RecordSchema.type(named: type.rawValue)) == type)
    }
    do throws(DSXError) { _ = try RecordSchema.type(named: "nonsense") } catch {
      #expect(error.hint?.contains("int32, int64") ?? false)
    }
  }
}
