internal import DSXCore

/// The header of one data file.
///
/// | offset | bytes | content |
/// |---|---|---|
/// | 0 | 8 | length L of the JSON text, little-endian |
/// | 8 | L | JSON, UTF-8, no terminator |
/// | 8 + L | to header_size | zeros (a hole) |
/// | header_size + p * page_size | page_size | page p; the last page ends at its last used byte |
///
/// Checksums: HeaderChecks.swift. The member `dsx_schema`, before the checksums, holds the schema of the
/// data set that the rows were converted from (layout: docs/records.md); MindSpore ignores it.
struct ShardHeader: Sendable {
  static let originalMember = "dsx_schema"
  static let headerSizes = 16 << 10...128 << 20
  static let pageSizes = 32 << 10...256 << 20

  var headerSize: Int
  var pageSize: Int
  var pages: [PageEntry]
  /// Bytes saved by packing integers, over all shards; informative.
  var compressionSize: Int
  var plan: RecordPlan
  /// The base names of all files of the set.
  var addresses: [String]
  var shard: Int
  var version = "3.0"
  /// Checksums; nil in files of MindSpore and in those that are written exactly as MindSpore writes them.
  var checks: HeaderChecks?

  /// Rows of this shard.
  var rows: Int { pages.reduce(0) { $0 + ($1.kind == .blob ? $1.endRow - $1.startRow : 0) } }

  /// The 8-byte length and the JSON text, in MindSpore's exact byte form.
  func write(into out: inout ByteStore) {
    let start = out.count
    out.append(raw: UInt64(0))
    out.append(text: "{\"header_size\":\(headerSize),\"index_fields\":")
    if plan.index.isEmpty {
      out.append(text: "null")
    } else {
      Self.list(plan.index, into: &out) { number, out in
        out.append(text: "{\"index_field\":\"\(plan.fields[number].name)\",\"schema_id\":0}")
      }
    }
    out.append(text: ",\"page\":")
    if pages.isEmpty {
      out.append(text: "null")
    } else {
      Self.list(pages, into: &out) { page, out in page.write(shard: shard, into: &out) }
    }
    out.append(text: ",\"page_size\":\(pageSize),\"compression_size\":\(compressionSize)")
    out.append(text: ",\"schema\":[{\"blob_fields\":")
    Self.list(plan.blob, into: &out) { number, out in
      out.append(text: "\"\(plan.fields[number].name)\"")
    }
    out.append(text: ",\"desc\":")
    Self.string(plan.description, into: &out)
    out.append(text: ",\"schema\":{")
    for (number, field) in plan.fields.enumerated() {
      out.append(text: "\(number > 0 ? "," : "")\"\(field.name)\":{")
      if let shape = field.shape {
        out.append(text: "\"shape\":[\(shape.map(String.init).joined(separator: ","))],")
      }
      out.append(text: "\"type\":\"\(field.type.rawValue)\"}")
    }
    out.append(text: "}}],\"shard_addresses\":")
    Self.list(addresses, into: &out) { name, out in Self.string(name, into: &out) }
    out.append(text: ",\"shard_id\":\(shard),\"statistics\":null,\"version\":\"\(version)\"")
    if let original = plan.original, checks != nil {
      out.append(text: ",\"\(Self.originalMember)\":" + original.text())
    }
    if let checks { checks.write(rows: rows, into: &out) } else { out.append(UInt8(ascii: "}")) }
    out.patch(UInt64(out.count - start - 8).littleEndian, at: start)
    if checks != nil { HeaderChecks.seal(&out, from: start) }
  }

  private static func list<Element>(
    _ elements: [Element], into out: inout ByteStore, _ write: (Element, inout ByteStore) -> Void
  ) {
    out.append(UInt8(ascii: "["))
    for (position, element) in elements.enumerated() {
      if position > 0 { out.append(UInt8(ascii: ",")) }
      write(element, &out)
    }
    out.append(UInt8(ascii: "]"))
  }

  /// A JSON string with exactly the escapes that MindSpore's JSON library writes.
  private static func string(_ text: String, into out: inout ByteStore) {
    out.append(UInt8(ascii: "\""))
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "\""): out.append(text: "\\\"")
      case UInt8(ascii: "\\"): out.append(text: "\\\\")
      case 0x08: out.append(text: "\\b")
      case 0x0c: out.append(text: "\\f")
      case 0x0a: out.append(text: "\\n")
      case 0x0d: out.append(text: "\\r")
      case 0x09: out.append(text: "\\t")
      case 0..<0x20:
        let digits = Array("0123456789abcdef".utf8)
        out.append(text: "\\u00")
        out.append(digits[Int(byte >> 4)])
        out.append(digits[Int(byte & 15)])
      default: out.append(byte)
      }
    }
    out.append(UInt8(ascii: "\""))
  }
}
