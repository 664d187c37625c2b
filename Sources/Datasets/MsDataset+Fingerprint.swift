public import DSXCore

extension MsDataset {
  /// SHA-256 over what decides the rows: the table's bytes, the bytes of each attachment, and the
  /// descriptor's other arguments. Paths, times and where the files lie do not matter.
  ///
  /// Hashed text: `dsx-dataset-1 LF`, then for the table and the attachments (sorted by name)
  /// `NAME LF BYTES LF` before the content, then `args LF` and the JSON of the arguments that are no
  /// attachments and not `obtain`.
  public func fingerprint() throws(DSXError) -> String {
    var hash = SHA256()
    hash.update("dsx-dataset-1\n")
    func add(_ name: String, _ path: String) throws(DSXError) {
      let file = try MappedFile(path: path)
      hash.update("\(name)\n\(file.bytes.count)\n")
      file.withBytes { hash.update($0) }
    }
    try add("table", table)
    for name in attachments.keys.sorted() {
      if let path = attachments[name] { try add(name, path) }
    }
    let rest = args.filter { attachments[$0.name] == nil && $0.name != "obtain" }
    hash.update("args\n" + JSONValue.object(rest).text())
    return hash.hexDigest()
  }
}
