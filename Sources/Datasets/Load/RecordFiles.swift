internal import DSXCore
internal import Records

/// The files of a record set.
enum RecordFiles {
  /// The data files of the set that `path` belongs to, in order.
  static func paths(_ path: String) throws(DSXError) -> [String] {
    try RecordReader(path: path).paths
  }
}
