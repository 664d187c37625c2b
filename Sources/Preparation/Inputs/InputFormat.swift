public import Archives
internal import DSXCore

/// What a file holds, by the end of its name or as `--input-format` says.
public struct InputFormat: Hashable, Sendable {
  /// How the text itself is written.
  public enum Content: String, CaseIterable, Sendable {
    /// Plain text.
    case text
    /// One JSON object a line.
    case jsonLines = "jsonl"
    /// A JSON array of objects, or one object a line.
    case json
    /// Comma-separated values with a header (RFC 4180).
    case csv
    /// Tab-separated values with a header.
    case tsv

    /// The rule that cuts it into documents when none is asked for.
    public var rule: DocumentRule {
      switch self {
      case .text: .doubleLineFeed
      case .jsonLines, .json: .jsonRow
      case .csv, .tsv: .csvRow
      }
    }
  }

  /// What the text is packed in.
  public enum Container: Hashable, Sendable {
    /// Nothing.
    case plain
    /// A compressed stream.
    case compressed(Compression)
    /// A zip archive: each of its members is a text.
    case zip
    /// A tar archive, itself compressed or not: each of its members is a text.
    case tar(Compression?)
  }

  /// How the text is written; nil in an archive whose members' names tell.
  public var content: Content?
  /// What it is packed in.
  public var container: Container

  /// The format of the file at `path`. A name whose end says nothing is plain text.
  public init(path: String, choice: InputFormatChoice? = nil) {
    let found = Self.read(Self.suffixes(path))
    container = choice?.container ?? found.container ?? .plain
    switch container {
    case .plain, .compressed: content = choice?.content ?? found.content ?? .text
    case .zip, .tar: content = choice?.content
    }
  }

  /// The content that the name of an archive's member tells; nil when it is none that is read.
  static func content(ofMember name: String) -> Content? {
    let found = read(suffixes(name))
    return found.container == nil ? found.content : nil
  }

  /// Whether reading can begin in the middle: plain files whose documents are found from any place.
  func isDivisible(_ rule: DocumentRule) -> Bool {
    container == .plain && (content == .text || content == .jsonLines) && rule != .file
  }

  private static func suffixes(_ path: String) -> [String] {
    FilePath.split(path).name.utf8.split(
      separator: UInt8(ascii: "."), omittingEmptySubsequences: false
    )
    .dropFirst().map { String(decoding: $0, as: UTF8.self).lowercased() }
  }

  /// Reads suffixes from the last to the first; `rest` is how many mean nothing here.
  static func read(_ suffixes: [String]) -> (content: Content?, container: Container?, rest: Int) {
    var left = suffixes[...]
    var container: Container?
    if let last = left.last {
      let short: [String: Compression] = ["tgz": .gzip, "tbz2": .bzip2, "txz": .xz, "tzst": .zstd]
      if let compression = Compression(rawValue: last) {
        left.removeLast()
        container = .compressed(compression)
        if left.last == "tar" {
          left.removeLast()
          container = .tar(compression)
        }
      } else if let compression = short[last] {
        left.removeLast()
        container = .tar(compression)
      } else if last == "tar" || last == "zip" {
        left.removeLast()
        container = last == "tar" ? .tar(nil) : .zip
      }
    }
    var content: Content?
    switch left.last {
    case "txt", "text": content = .text
    case "jsonl", "ndjson": content = .jsonLines
    case "json": content = .json
    case "csv": content = .csv
    case "tsv": content = .tsv
    default: break
    }
    if content != nil { left.removeLast() }
    return (content, container, left.count)
  }
}

/// What `--input-format` names: the end that every file's name is taken to have, e.g. `jsonl`,
/// `csv.gz`, `zip` or `jsonl.tar.zst`. What it does not say, the names say.
public struct InputFormatChoice: Hashable, Sendable {
  /// How the text is written.
  public var content: InputFormat.Content?
  /// What it is packed in.
  public var container: InputFormat.Container?
  /// As the user wrote it.
  public let name: String

  /// A choice from its name; nil for a name that means nothing.
  public init?(_ name: String) {
    let parts = name.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
      .map { String(decoding: $0, as: UTF8.self).lowercased() }
    let found = InputFormat.read(parts)
    guard found.rest == 0, found.content != nil || found.container != nil else { return nil }
    content = found.content
    container = found.container
    self.name = name
  }
}
