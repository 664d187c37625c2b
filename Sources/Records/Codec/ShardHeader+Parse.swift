internal import DSXCore

extension ShardHeader {
  /// The largest header text that is read; MindSpore's own limit.
  static let textLimit = 128 << 20

  /// Reads and checks the header of a data file: sizes, version, schema, and every page entry against
  /// the file's size. Throws `corrupt`, `malformed` or `unsupported`, with a byte offset.
  ///
  /// `verify` compares the header with its checksum and reads the pages' checksums, where it has any.
  init(file bytes: UnsafeRawBufferPointer, verify: Bool = true) throws(DSXError) {
    guard bytes.count >= 8 else {
      throw DSXError(
        .corrupt, "the file has \(bytes.count) bytes; a MindRecord has at least 8", byte: 0)
    }
    guard !bytes.suffix(7).elementsEqual("ENCRYPT".utf8) else {
      throw DSXError(
        .unsupported, "this MindRecord is encrypted",
        hint: "decrypt it with MindSpore, which has the key")
    }
    let length = UInt64(littleEndian: bytes.loadUnaligned(as: UInt64.self))
    guard length <= UInt64(Self.textLimit), Int(length) <= bytes.count - 8 else {
      throw DSXError(
        .corrupt, "the header claims \(length) bytes, but the file has \(bytes.count)", byte: 0,
        hint: "the file is cut off, or it is no MindRecord")
    }
    let text = UnsafeRawBufferPointer(rebasing: bytes[8..<8 + Int(length)])
    let sealed = HeaderChecks.sealed(UnsafeRawBufferPointer(rebasing: bytes[..<(8 + Int(length))]))
    if verify, let sealed, sealed.stored != sealed.actual {
      throw DSXError(
        .corrupt, "the header does not match its checksum: its bytes were changed", byte: 0,
        hint: "restore the file from a copy; --no-verify reads it as it is")
    }
    let json: JSONValue
    do { json = try JSONParser.parse(text, base: 8) } catch {
      var fault = error
      fault.code = .corrupt
      fault.message = "the header is damaged: " + error.message
      throw fault
    }
    guard json.object != nil else {
      throw DSXError(.malformed, "the header is no JSON object", byte: 8)
    }
    version = json["version"]?.string ?? ""
    guard version == "3.0" || version == "2.0" else {
      throw DSXError(
        .unsupported, "the MindRecord version is '\(version)'; 2.0 and 3.0 are known", byte: 8)
    }
    headerSize = try Self.number(json["header_size"], "header_size", 8...1 << 30)
    pageSize = try Self.number(json["page_size"], "page_size", 8...1 << 31)
    guard 8 + Int(length) <= headerSize else {
      throw DSXError(
        .corrupt,
        "the header text ends at byte \(8 + length), behind header_size \(headerSize)",
        byte: 0)
    }
    shard = try Self.number(json["shard_id"], "shard_id", 0...4095)
    // Informative only, and old files lack it.
    compressionSize = json["compression_size"]?.int ?? 0
    guard let names = json["shard_addresses"]?.array, (1...4096).contains(names.count) else {
      throw DSXError(
        .malformed, "shard_addresses is no list of 1 to 4096 file names", byte: 8)
    }
    addresses = []
    for name in names {
      guard let name = name.string, !name.isEmpty, name != ".", name != "..",
        !name.utf8.contains(UInt8(ascii: "/")), !name.utf8.contains(0)
      else { throw DSXError(.malformed, "shard_addresses holds no plain file name", byte: 8) }
      addresses.append(name)
    }
    plan = try Self.plan(json)
    pages = []
    switch json["page"] {
    case nil, .null: break
    case .array(let entries):
      pages.reserveCapacity(entries.count)
      for entry in entries { pages.append(try Self.page(entry, id: pages.count)) }
    default: throw DSXError(.malformed, "the header's page list is no array", byte: 8)
    }
    guard verify, let member = json[HeaderChecks.member], member["checks"] != nil else { return }
    guard sealed != nil else {
      throw DSXError(.corrupt, "the header's checksum is damaged", byte: 8 + Int(length))
    }
    // Page entries are not checked against each other yet: their sums may overflow.
    let rows = pages.reduce(0) { $0 &+ ($1.kind == .blob ? $1.endRow &- $1.startRow : 0) }
    checks = try HeaderChecks(member, pages: pages.count, rows: rows)
  }

  private static func number(_ value: JSONValue?, _ name: String, _ range: ClosedRange<Int>)
    throws(DSXError) -> Int
  {
    guard case .int(let wide) = value, let number = Int(exactly: wide), range.contains(number)
    else {
      let found = value.map { $0.text() } ?? "missing"
      throw DSXError(
        .malformed, "the header's \(name) is \(found.prefix(40)), not a number in \(range)", byte: 8
      )
    }
    return number
  }

  private static func plan(_ json: JSONValue) throws(DSXError) -> RecordPlan {
    guard let entries = json["schema"]?.array, entries.count == 1, let entry = entries.first,
      let members = entry["schema"]?.object
    else {
      throw DSXError(.malformed, "the header has no schema, or more than one", byte: 8)
    }
    var fields: [Field] = []
    for member in members {
      let type: FieldType
      do throws(DSXError) {
        type = try RecordSchema.type(named: member.value["type"]?.string ?? "")
      } catch {
        throw DSXError(
          .malformed, "the field '\(member.name)' cannot be read: \(error.message)", byte: 8)
      }
      var shape: [Int]?
      if let dimensions = member.value["shape"] {
        shape = []
        for dimension in dimensions.array ?? [] {
          shape?.append(try number(dimension, "shape of '\(member.name)'", -1...1 << 40))
        }
      }
      fields.append(Field(member.name, type, shape: shape))
    }
    var indexed: [String] = []
    for entry in json["index_fields"]?.array ?? [] {
      guard let name = entry["index_field"]?.string else {
        throw DSXError(.malformed, "an entry of index_fields names no field", byte: 8)
      }
      indexed.append(name)
    }
    let blobs = entry["blob_fields"]?.array?.compactMap(\.string)
    let record = RecordSchema(
      Schema(fields), description: entry["desc"]?.string ?? "", indexFields: indexed,
      original: json[originalMember])
    do {
      return try RecordPlan(record, floatsIndexed: true, blobOrder: blobs)
    } catch {
      var fault = error
      fault.code = .malformed
      fault.location.byte = 8
      fault.hint = nil
      throw fault
    }
  }

  private static func page(_ json: JSONValue, id: Int) throws(DSXError) -> PageEntry {
    let whole = 0...Int.max
    let found = try number(json["page_id"], "page_id of page \(id)", whole)
    guard found == id else {
      throw DSXError(.corrupt, "entry \(id) of the page list has page_id \(found)", byte: 8)
    }
    guard let name = json["page_type"]?.string, let kind = PageEntry.Kind(rawValue: name) else {
      throw DSXError(.malformed, "page \(id) has no known page_type", byte: 8)
    }
    var page = PageEntry(
      id: id, kind: kind,
      typeID: try number(json["page_type_id"], "page_type_id of page \(id)", whole),
      used: try number(json["page_size"], "page_size of page \(id)", whole))
    if kind == .blob {
      page.startRow = try number(json["start_row_id"], "start_row_id of page \(id)", whole)
      page.endRow = try number(json["end_row_id"], "end_row_id of page \(id)", whole)
    } else {
      page.groups = []
      for group in json["row_group_ids"]?.array ?? [] {
        page.groups.append(
          PageEntry.GroupStart(
            id: try number(group["id"], "row group of page \(id)", whole),
            offset: try number(group["offset"], "row group offset of page \(id)", whole)))
      }
    }
    return page
  }
}
