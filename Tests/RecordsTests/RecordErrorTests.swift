import DSXCore
import Testing

@testable import Records

/// What a writer refuses, and what it leaves behind.
@Suite struct RecordErrorTests {
  private func fault(_ body: () throws(DSXError) -> Void) -> DSXError? {
    do throws(DSXError) {
      try body()
      return nil
    } catch { return error }
  }

  private func write(
    _ place: TemporaryFolder, _ fields: [Field], _ columns: [Column],
    index: [String]? = nil, _ change: (inout RecordWriterOptions) -> Void = { _ in }
  ) throws(DSXError) -> RecordSummary {
    var options = RecordWriterOptions()
    change(&options)
    let schema = RecordSchema(Schema(fields), indexFields: index)
    var writer = try RecordWriter(path: place.path("x"), schema: schema, options: options)
    try writer.append(Batch(schema: Schema(fields), columns: columns))
    return try writer.finish()
  }

  @Test func rowsAreRefusedByNumberAndField() throws {
    let place = try TemporaryFolder()
    let cases: [(Field, Column, String)] = [
      (Field("n", .int32), Column(.int64([1, 1 << 40])), "1099511627776"),
      (Field("n", .int32), Column(.float64([1, 2])), "float64"),
      (
        Field("a", .int32, shape: [3]), Column(.int32([1, 2, 3, 4, 5]), offsets: [0, 3, 5]),
        "2 elements"
      ),
      (
        Field("a", .int32, shape: [-1, 2]), Column(.int32([1, 2, 3]), offsets: [0, 2, 3]),
        "1 elements"
      ),
      (Field("a", .int32, shape: [-1]), Column(.int32([1]), offsets: [0, 1, 1]), "empty"),
      (Field("b", .bytes), Column(.bytes([1]), offsets: [0, 1, 1]), "empty"),
      (Field("s", .string), Column(.bytes([0x61, 0xff]), offsets: [0, 1, 2]), "UTF-8"),
      (Field("b", .bytes), Column(.bytes([1, 2]), offsets: [0, 1, 3]), "ascend"),
    ]
    for (field, column, words) in cases {
      let error = fault { () throws(DSXError) in _ = try write(place, [field], [column]) }
      #expect(error?.code == .malformed, "\(field)")
      #expect(error?.message.contains("'\(field.name)'") ?? false, "\(String(describing: error))")
      #expect(error?.message.contains(words) ?? false, "\(String(describing: error))")
      #expect(try FilePath.list(place.folder) == [])
    }
    let nan = fault { () throws(DSXError) in
      _ = try write(place, [Field("d", .float64)], [Column(.float64([1, .nan]))], index: ["d"])
    }
    #expect(nan?.location.row == 1 && nan?.message.contains("indexed") ?? false)
    _ = try write(place, [Field("d", .float64)], [Column(.float64([1, .nan]))])
  }

  /// The old header's list of files is input: what it names but is not of that set stays.
  @Test func overwritingRemovesOnlyFilesOfTheSet() throws {
    let place = try TemporaryFolder()
    func once(_ name: String, shards: Int) throws {
      var options = RecordWriterOptions()
      options.shards = shards
      options.overwrite = true
      let schema = RecordSchema(Schema([Field("n", .int32)]))
      var writer = try RecordWriter(path: place.path(name), schema: schema, options: options)
      try writer.append(Batch(schema: schema.schema, columns: [Column(.int32([1, 2, 3]))]))
      _ = try writer.finish()
    }
    try once("x", shards: 3)
    try FilePath.write(Array("mine".utf8), to: place.path("x1"))
    try once("x0", shards: 1)
    #expect(try FilePath.list(place.folder).sorted() == ["x0", "x0.db", "x1", "x1.db"])
  }

  @Test func rowsAsLargeAsAPageFit() throws {
    let place = try TemporaryFolder()
    let page = 32 << 10
    func column(_ count: Int) -> Column {
      Column(.bytes(Array(repeating: 7, count: count)), offsets: [0, count])
    }
    let fits = try write(place, [Field("b", .bytes)], [column(page - 8)]) { $0.pageSize = page }
    #expect(
      try RecordReader(path: fits.files[0]).batch(0..<1).columns[0].elements.count == page - 8)
    let error = fault { () throws(DSXError) in
      _ = try write(place, [Field("b", .bytes)], [column(page - 7)]) {
        $0.pageSize = page
        $0.overwrite = true
      }
    }
    #expect(error?.code == .malformed && error?.location.row == 0)
    #expect(try RecordVerifier.verify(path: fits.files[0]) == [])
  }

  @Test func outputIsRefusedOrReplacedWhole() throws {
    let place = try TemporaryFolder()
    let field = Field("n", .int32)
    let column = Column(.int32([1, 2, 3, 4, 5]))
    _ = try write(place, [field], [column]) { $0.shards = 4 }
    let error = fault { () throws(DSXError) in
      _ = try write(place, [field], [column]) { $0.shards = 2 }
    }
    #expect(error?.code == .outputExists)
    let summary = try write(place, [field], [column]) {
      $0.shards = 2
      $0.overwrite = true
    }
    #expect(summary.rowsPerShard == [3, 2])
    #expect(try FilePath.list(place.folder) == ["x0", "x0.db", "x1", "x1.db"])
  }

  @Test func aDroppedWriterLeavesNothing() throws {
    let place = try TemporaryFolder()
    do {
      let schema = RecordSchema(Schema([Field("n", .int32)]))
      var writer = try RecordWriter(path: place.path("x"), schema: schema)
      try writer.append(Batch(schema: schema.schema, columns: [Column(.int32([1]))]))
    }
    #expect(try FilePath.list(place.folder) == [])
  }

  @Test func optionsAndSchemasAreChecked() throws {
    let place = try TemporaryFolder()
    let one = [Field("n", .int32)]
    let schemas: [([Field], [String]?)] = [
      ([], nil), ([Field("ä", .int32)], nil), ([Field("n", .int32), Field("n", .int64)], nil),
      ([Field("s", .string, shape: [2])], nil), ([Field("a", .int32, shape: [-1, -1])], nil),
      ([Field("a", .int32, shape: [0])], nil), ([Field("a", .int32, shape: [])], nil),
      (one, ["m"]), (one, ["n", "n"]), ([Field("1n", .int32)], nil), ([Field("INC", .int32)], nil),
      ([Field("A", .int32), Field("a", .int32)], nil), ([Field("b", .bytes)], ["b"]),
    ]
    for (fields, index) in schemas {
      let error = fault { () throws(DSXError) in
        let schema = RecordSchema(Schema(fields), indexFields: index)
        _ = try RecordWriter(path: place.path("x"), schema: schema)
      }
      #expect(error?.code == .usage, "\(fields)")
    }
    for change in [
      { $0.shards = 0 }, { $0.shards = 1001 }, { $0.pageSize = 1 << 10 },
      { $0.pageSize = (32 << 10) + 2 }, { $0.headerSize = 1 << 30 },
    ] as [(inout RecordWriterOptions) -> Void] {
      let error = fault { () throws(DSXError) in
        _ = try write(place, one, [Column(.int32([1]))], change)
      }
      #expect(error?.code == .usage)
    }
    let name = fault { () throws(DSXError) in
      _ = try RecordWriter(path: place.path("a:b"), schema: RecordSchema(Schema(one)))
    }
    #expect(name?.code == .usage)
  }

  @Test func aHeaderThatIsTooSmallIsNamed() throws {
    let place = try TemporaryFolder()
    let rows = 400
    let column = Column(
      .bytes(Array(repeating: 1, count: rows * 20_000)),
      offsets: (0...rows).map { $0 * 20_000 })
    let error = fault { () throws(DSXError) in
      _ = try write(place, [Field("b", .bytes)], [column]) {
        $0.headerSize = 16 << 10
        $0.pageSize = 32 << 10
      }
    }
    #expect(error?.message.contains("header") ?? false)
    #expect(error?.hint?.contains("header size") ?? false)
    #expect(try FilePath.list(place.folder) == [])
  }

  @Test func oneRowTakesLittleSpace() throws {
    let place = try TemporaryFolder()
    let summary = try write(place, [Field("n", .int32)], [Column(.int32([1]))])
    #expect(summary.bytes < 64 << 10)
  }

  @Test func cursorsGoBackToASavedPosition() throws {
    let place = try TemporaryFolder()
    let summary = try write(place, [Field("n", .int32)], [Column(.int32(Array(0..<100)))]) {
      $0.shards = 3
    }
    var cursor = try RecordReader(path: summary.files[1]).cursor(batchRows: 7)
    _ = try cursor.next()
    let state = cursor.state
    let wanted = try cursor.next()?.lines()
    try cursor.restore(state)
    #expect(try cursor.next()?.lines() == wanted)
    let error = fault { () throws(DSXError) in try cursor.restore(CursorState(row: 101)) }
    #expect(error?.code == .usage)
  }
}
