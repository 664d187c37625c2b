internal import DSXCore

/// How a user names a data set: `tnews`, `clue/tnews`, or a path.
///
/// After MsDataset: a name with exactly one slash, relative, and with nothing of that name on disk
/// is `namespace/name`.
public struct DatasetReference: Hashable, Sendable {
  /// The namespace that plain names belong to.
  public static let defaultNamespace = "modelscope"
  /// The namespace, nil when none was written.
  public var namespace: String?
  /// The name without its namespace, or the whole path.
  public var name: String
  /// Whether it names something on disk rather than a catalog entry.
  public var isPath: Bool

  /// Reads what the user wrote. A plain word is always a name; write `./word` for a folder.
  public init(_ text: String) {
    let parts = text.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
    let isDotted = text == "." || text == ".." || text.hasPrefix("./") || text.hasPrefix("../")
    if isDotted || text.hasPrefix("/") || (parts.count > 1 && FilePath.exists(text))
      || parts.count > 2
    {
      self.init(namespace: nil, name: text, isPath: true)
    } else if parts.count == 2, !parts[0].isEmpty, !parts[1].isEmpty {
      self.init(
        namespace: String(decoding: parts[0], as: UTF8.self),
        name: String(decoding: parts[1], as: UTF8.self), isPath: false)
    } else {
      self.init(namespace: nil, name: text, isPath: parts.count > 1)
    }
  }

  private init(namespace: String?, name: String, isPath: Bool) {
    self.namespace = namespace
    self.name = name
    self.isPath = isPath
  }
}
