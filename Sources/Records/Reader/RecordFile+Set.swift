internal import DSXCore

extension RecordFile {
  /// Throws `corrupt` when the files are not those of one write: a file that was put among shards of
  /// another write would lose or double rows without a word.
  ///
  /// Files without checksums cannot be told apart and pass, nor can those of a set written in parts.
  static func checkSameSet(_ files: [RecordFile]) throws(DSXError) {
    guard let first = files.first else { return }
    let digests = files.compactMap { $0.header.checks?.digest(rows: $0.rows) }
    guard digests.count == files.count else { return }
    // Files that were written one by one, as parts of a set, do not know each other.
    guard files.contains(where: { $0.header.checks?.set != 0 }) else { return }
    let actual = HeaderChecks.set(digests)
    for file in files where file.header.checks?.set != first.header.checks?.set {
      throw DSXError(
        .corrupt, "the file and '\(first.path)' are of different writes of the set",
        file: file.path, hint: "put all files of one write together again")
    }
    guard first.header.checks?.set == actual else {
      throw DSXError(
        .corrupt, "the checksum of the set does not match its \(files.count) files",
        file: first.path, hint: "put all files of one write together again")
    }
  }
}
