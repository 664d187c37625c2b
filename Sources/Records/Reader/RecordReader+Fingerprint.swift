internal import DSXCore
internal import Kernels

extension RecordReader {
  /// What saved positions keep of a set: the SHA-256 over its schema and, file by file, the layout of
  /// its pages and their checksums; the first and last bytes of the pages (up to 4 KiB each) where a file
  /// has no checksums.
  ///
  /// The files' names and folders are no part of it: a set may be renamed or moved. In a
  /// file without checksums a change that keeps the layout and lies in the middle goes unseen.
  public var fingerprint: String {
    var hash = SHA256(blocks: dsx_sha256_blocks)
    func add(_ text: String) {
      var text = text + "\n"
      text.withUTF8 { hash.update(UnsafeRawBufferPointer($0)) }
    }
    add("dsx-record-set 1")
    for field in plan.fields { add("\(field.name) \(field.typeText)") }
    add("index " + plan.index.map(String.init).joined(separator: " "))
    for file in files {
      add("file \(file.header.version) \(file.header.headerSize) \(file.header.pageSize)")
      var end = file.header.headerSize
      for page in file.header.pages {
        add("\(page.kind.rawValue) \(page.used) \(page.startRow) \(page.endRow)")
        end = file.header.headerSize + page.id * file.header.pageSize + page.used
      }
      if let checks = file.header.checks {
        // All pages, by their checksums.
        add("checks \(checks.digest(rows: file.rows))")
        continue
      }
      // The pages were checked against the file's size when it was opened.
      guard let first = file.header.pages.first else { continue }
      let start = file.header.headerSize
      hash.update(
        UnsafeRawBufferPointer(rebasing: file.bytes[start..<start + min(first.used, 4096)]))
      hash.update(UnsafeRawBufferPointer(rebasing: file.bytes[max(start, end - 4096)..<end]))
    }
    return hash.hexDigest()
  }
}
