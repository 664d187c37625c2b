public import DSXCore

/// What the headers of a record set say, for people.
public struct RecordInfo: Sendable {
  /// One data file.
  public struct File: Sendable {
    /// Its path.
    public var path: String
    /// The number of its first row in the whole set.
    public var firstRow: Int
    /// Its rows.
    public var rows: Int
    /// Its size in bytes, holes included.
    public var bytes: Int
    /// Pages of blob records.
    public var blobPages: Int
    /// Pages of raw records.
    public var rawPages: Int
    /// The size of its index file; nil when there is none.
    public var indexBytes: Int?
  }

  /// The format's version.
  public var version: String
  /// Fields, description, index fields.
  public var schema: RecordSchema
  /// The files in shard order.
  public var files: [File]
  /// Bytes kept for each header.
  public var headerSize: Int
  /// Bytes of a page.
  public var pageSize: Int
  /// Bytes that packing integers saved, as the header says.
  public var savedBytes: Int
  /// Whether headers, pages and index carry checksums: those of MindSpore do not.
  public var hasChecksums: Bool
  /// Rows over all files.
  public var rows: Int { files.reduce(0) { $0 + $1.rows } }

  /// The information as JSON.
  public var json: JSONValue {
    let fields = schema.schema.fields.map { field -> JSONValue in
      var members = [
        JSONValue.Member("name", .string(field.name)),
        JSONValue.Member("type", .string(field.type.rawValue)),
      ]
      if let shape = field.shape {
        members.append(.init("shape", .array(shape.map { .int(Int64($0)) })))
      }
      return .object(members)
    }
    let files = files.map { file -> JSONValue in
      [
        "path": .string(file.path), "first_row": .int(Int64(file.firstRow)),
        "rows": .int(Int64(file.rows)), "bytes": .int(Int64(file.bytes)),
        "blob_pages": .int(Int64(file.blobPages)),
        "raw_pages": .int(Int64(file.rawPages)),
        "index_bytes": file.indexBytes.map { .int(Int64($0)) } ?? .null,
      ]
    }
    return [
      "version": .string(version), "rows": .int(Int64(rows)),
      "shards": .int(Int64(files.count)), "description": .string(schema.description),
      "fields": .array(fields),
      "index_fields": .array((schema.indexFields ?? []).map { .string($0) }),
      "header_size": .int(Int64(headerSize)), "page_size": .int(Int64(pageSize)),
      "saved_bytes": .int(Int64(savedBytes)), "checksums": hasChecksums ? "crc32c" : .null,
      "files": .array(files),
    ]
  }

  /// The information as lines of text.
  public var text: String {
    var lines = [
      "MindRecord \(version)", "rows         \(rows)", "shards       \(files.count)",
      "header size  \(headerSize)", "page size    \(pageSize)",
      "checksums    \(hasChecksums ? "CRC-32C" : "none")",
    ]
    if !schema.description.isEmpty { lines.append("description  \(schema.description)") }
    lines.append("fields")
    let indexed = schema.indexFields ?? []
    for field in schema.schema.fields {
      let mark = indexed.firstIndex(of: field.name).map { "  (index field \($0 + 1))" } ?? ""
      lines.append("  \(field.name): \(field.typeText)\(mark)")
    }
    lines.append("files")
    for file in files {
      let index = file.indexBytes.map { "index \($0) bytes" } ?? "no index file"
      lines.append(
        "  \(file.path): \(file.rows) rows, \(file.bytes) bytes, \(file.blobPages) blob pages, "
          + "\(file.rawPages) raw pages, \(index)")
    }
    return lines.joined(separator: "\n")
  }
}

extension RecordReader {
  /// Whether checksums say that the files belong together: not in MindSpore's sets, nor in one whose
  /// files were written one by one, as parts (`RecordWriterOptions.part`).
  public var isBoundTogether: Bool {
    files.count == 1 || files.allSatisfy { ($0.header.checks?.set ?? 0) != 0 }
  }

  /// The paths of the data files, in order.
  public var paths: [String] { files.map(\.path) }

  /// What the headers say.
  public var info: RecordInfo {
    RecordInfo(
      version: files[0].header.version, schema: schema,
      files: zip(files, firstRows).map { file, firstRow in
        RecordInfo.File(
          path: file.path, firstRow: firstRow, rows: file.rows, bytes: file.bytes.count,
          blobPages: file.header.pages.count { $0.kind == .blob },
          rawPages: file.header.pages.count { $0.kind == .raw },
          indexBytes: FilePath.size(file.path + ".db"))
      },
      headerSize: files[0].header.headerSize, pageSize: files[0].header.pageSize,
      savedBytes: files[0].header.compressionSize,
      hasChecksums: files.allSatisfy { $0.header.checks != nil })
  }
}
