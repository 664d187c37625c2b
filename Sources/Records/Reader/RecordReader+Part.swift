internal import DSXCore

extension RecordReader {
  /// Whether the file at `path` is a data file of a record set, whole or not, or the index of one: what
  /// an overwriting writer may replace.
  public static func isPartOfSet(_ path: String) -> Bool {
    if (try? RecordReader(files: [path], verify: false)) != nil { return true }
    guard path.utf8.suffix(3).elementsEqual(".db".utf8), FilePath.isPlainFile(path) else {
      return false
    }
    let tables =
      "SELECT (SELECT count(ROW_ID) FROM (SELECT ROW_ID FROM INDEXES LIMIT 1)), NAME FROM SHARD_NAME"
    do throws(DSXError) {
      return try Database(path: path, .query).prepare(tables).step()
    } catch { return false }
  }
}
