internal import DSXCore
internal import Glibc

/// Everything that a new process needs to go on with a set that another one was writing.
///
/// It lies in the temporary folder beside the data files, as `checkpoint:state`. It is written whole
/// under another name, flushed and renamed, after the rows that it speaks of were flushed: a crash at any
/// moment leaves either this checkpoint or the one before, and never one without its rows.
///
/// | offset | bytes | content |
/// |---|---|---|
/// | 0 | 8 | `DSXWRITE` |
/// | 8 | 8 | length J of the JSON text, little-endian |
/// | 16 | J | JSON: version, stage, rows, saved, longest, total_rows, spool sizes, shards, files, removed, note |
/// | | 8 + L | a header (layout: ShardHeader) without pages: the schema, names and sizes asked for |
/// | | for each shard of `shards` | its header with the pages so far; then 8 bytes little-endian n, and n bytes of raw records of the row group that is still open |
/// | end - 4 | 4 | CRC-32C of all before, little-endian |
struct WriterCheckpoint {
  /// How far the writer was.
  enum Stage: String {
    /// Rows go to their pages as they come.
    case streaming
    /// Rows go to the spool.
    case spooling
    /// Rows are placed call by call.
    case exact
    /// Everything is written and flushed; the files are being moved into place.
    case publishing
  }

  /// One shard that has pages.
  struct Shard {
    var number: Int
    var header: ShardHeader
    var openGroup: [UInt8]
    /// Pages whose end was moved back over bytes that must stay, with the end of those bytes.
    var written: [Int: Int]

    /// Whether no number is out of bounds: pages, rows, and where old bytes end.
    func isSound(rows: Int) -> Bool {
      let pages = header.pages
      let fits = pages.allSatisfy { page in
        page.used <= header.pageSize && page.startRow <= page.endRow && page.endRow <= rows
          && page.groups.allSatisfy { $0.offset <= page.used }
      }
      return fits && openGroup.count <= header.pageSize
        && written.allSatisfy { pages.indices.contains($0.key) && $0.value <= header.pageSize }
    }
  }

  var stage: Stage
  var rows: Int
  var saved = 0
  var longest = 0
  var totalRows: Int?
  var spool = (blob: 0, raw: 0)
  /// The header without pages, as bytes: equal bytes mean the same schema, names and options.
  var template: [UInt8]
  var shards: [Shard] = []
  /// Publishing: the files in the order in which they are moved, and the old ones to remove before.
  var files: [String] = []
  var removed: [String] = []
  /// Publishing: what the caller of `appending` knows its own work by; empty for others.
  var note = ""

  static let name = "checkpoint:state"
  private static let partName = "checkpoint:part"
  private static let magic = Array("DSXWRITE".utf8)
  private static let version: Int64 = 1

  /// Whether the folder holds one.
  static func exists(in folder: AtomicFolder) -> Bool { FilePath.exists(folder.path(name)) }

  /// The header of `template`, parsed.
  func header() throws(DSXError) -> ShardHeader {
    let bytes = ByteStore(copying: template)
    return try ShardHeader(file: bytes.bytes)
  }
}

extension WriterCheckpoint {
  /// Writes it, so that it takes the place of the one before at once.
  func write(to folder: AtomicFolder, durable: Bool) throws(DSXError) {
    var out = ByteStore()
    for byte in Self.magic { out.append(byte) }
    let state = json.text()
    out.append(raw: UInt64(state.utf8.count).littleEndian)
    out.append(text: state)
    out.append(copying: template)
    for shard in shards {
      shard.header.write(into: &out)
      out.append(raw: UInt64(shard.openGroup.count).littleEndian)
      out.append(copying: shard.openGroup)
    }
    out.append(raw: out.bytes.crc32c().littleEndian)
    let file = try OutputFile(path: folder.path(Self.partName))
    try file.write(out.bytes, at: 0)
    if durable { try file.sync() }
    try file.close()
    guard rename(folder.path(Self.partName), folder.path(Self.name)) == 0 else {
      throw DSXError.system("cannot move the checkpoint into place", file: folder.path(Self.name))
    }
    if durable {
      try FilePath.flush(folder.temporary)
      try FilePath.flush(folder.folder)
    }
  }

  private var json: JSONValue {
    func list(_ names: [String]) -> JSONValue { .array(names.map { .string($0) }) }
    return [
      "version": .int(Self.version), "stage": .string(stage.rawValue), "rows": .int(Int64(rows)),
      "saved": .int(Int64(saved)), "longest": .int(Int64(longest)),
      "total_rows": totalRows.map { .int(Int64($0)) } ?? .null,
      "spool": [.int(Int64(spool.blob)), .int(Int64(spool.raw))],
      "shards": .array(
        shards.map { shard in
          let written = shard.written.sorted { $0.key < $1.key }
          return [
            "number": .int(Int64(shard.number)),
            "written": .array(written.map { [.int(Int64($0.key)), .int(Int64($0.value))] }),
          ]
        }), "files": list(files), "removed": list(removed),
      "note": .string(note),
    ]
  }

  /// Reads the checkpoint of a folder; nil when there is none, or none that is whole.
  init?(reading folder: AtomicFolder) throws(DSXError) {
    guard Self.exists(in: folder) else { return nil }
    let file = try MappedFile(path: folder.path(Self.name))
    defer { withExtendedLifetime(file) {} }
    do { try self.init(file.bytes) } catch { return nil }
  }

  private init(_ bytes: UnsafeRawBufferPointer) throws(DSXError) {
    func damaged() -> DSXError { DSXError(.corrupt, "the checkpoint is damaged") }
    guard bytes.count >= 20 else { throw damaged() }
    let body = UnsafeRawBufferPointer(rebasing: bytes[..<(bytes.count - 4)])
    let sum = bytes.loadUnaligned(fromByteOffset: body.count, as: UInt32.self)
    guard UInt32(littleEndian: sum) == body.crc32c() else { throw damaged() }
    var reader = ByteReader(body)
    func block(_ count: UInt64) throws(DSXError) -> UnsafeRawBufferPointer {
      guard let count = Int(exactly: count) else { throw damaged() }
      return try reader.take(count)
    }
    guard try reader.take(8).elementsEqual(Self.magic) else { throw damaged() }
    let state = try JSONParser.parse(try block(try reader.little(UInt64.self)))
    guard state["version"]?.int == Int(Self.version),
      let stage = Stage(rawValue: state["stage"]?.string ?? ""), let rows = state["rows"]?.int,
      rows >= 0
    else { throw damaged() }
    self.stage = stage
    self.rows = rows
    saved = state["saved"]?.int ?? 0
    longest = state["longest"]?.int ?? 0
    totalRows = state["total_rows"]?.int
    let sizes = state["spool"]?.array?.compactMap(\.int) ?? []
    if sizes.count == 2 { spool = (sizes[0], sizes[1]) }
    files = state["files"]?.array?.compactMap(\.string) ?? []
    removed = state["removed"]?.array?.compactMap(\.string) ?? []
    func header() throws(DSXError) -> UnsafeRawBufferPointer {
      let start = reader.position
      _ = try block(try reader.little(UInt64.self))
      return UnsafeRawBufferPointer(rebasing: body[start..<reader.position])
    }
    template = Array(try header())
    for entry in state["shards"]?.array ?? [] {
      let parsed = try ShardHeader(file: try header())
      let group = Array(try block(try reader.little(UInt64.self)))
      var written: [Int: Int] = [:]
      for pair in entry["written"]?.array ?? [] {
        let pair = pair.array?.compactMap(\.int) ?? []
        if pair.count == 2 { written[pair[0]] = pair[1] }
      }
      guard let number = entry["number"]?.int else { throw damaged() }
      shards.append(
        Shard(number: number, header: parsed, openGroup: group, written: written))
    }
    note = state["note"]?.string ?? ""
    let names = files + removed
    guard reader.remaining == 0, names.allSatisfy(FilePath.isPlainName),
      shards.allSatisfy({ $0.isSound(rows: rows) })
    else { throw damaged() }
  }
}

extension ByteStore {
  /// A store of these bytes.
  init(copying bytes: [UInt8]) {
    self.init(capacity: bytes.count)
    append(copying: bytes)
  }

  mutating func append(copying bytes: [UInt8]) {
    bytes.withUnsafeBytes { self.append($0) }
  }
}
