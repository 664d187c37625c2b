/// One entry of a header's page list. Pages lie at `header_size + id * page_size`.
struct PageEntry: Hashable, Sendable {
  /// What a page holds.
  enum Kind: String, Sendable {
    case blob = "BLOB_DATA"
    case raw = "RAW_DATA"
  }

  /// Where a row group starts in a raw page.
  struct GroupStart: Hashable, Sendable {
    var id: Int
    var offset: Int
  }

  var id: Int
  var kind: Kind
  /// The row group of a blob page; for raw pages MindSpore's quirk, which nobody reads.
  var typeID: Int
  /// Bytes in use.
  var used: Int
  /// Rows of a blob page, numbered per shard; end exclusive. Zero for raw pages.
  var startRow = 0
  var endRow = 0
  /// The row groups of a raw page.
  var groups: [GroupStart] = [GroupStart(id: 0, offset: 0)]

  /// Appends the entry in MindSpore's exact byte form.
  func write(shard: Int, into out: inout ByteStore) {
    out.append(text: "{\"end_row_id\":\(endRow),\"page_id\":\(id),\"page_size\":\(used)")
    out.append(text: ",\"page_type\":\"\(kind.rawValue)\",\"page_type_id\":\(typeID)")
    out.append(text: ",\"row_group_ids\":[")
    for (position, group) in groups.enumerated() {
      out.append(text: "\(position > 0 ? "," : ""){\"id\":\(group.id),\"offset\":\(group.offset)}")
    }
    out.append(text: "],\"shard_id\":\(shard),\"start_row_id\":\(startRow)}")
  }

  /// An upper bound of the bytes that `write` takes.
  var sizeBound: Int { 256 + groups.count * 48 }
}

extension ByteStore {
  /// Appends UTF-8 text.
  mutating func append(text: String) {
    var text = text
    text.withUTF8 { self.append(UnsafeRawBufferPointer($0)) }
  }
}
