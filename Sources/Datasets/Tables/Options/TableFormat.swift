/// The kinds of table files.
public enum TableFormat: String, CaseIterable, Sendable {
  /// Comma-separated values (RFC 4180).
  case csv
  /// The same with tabs.
  case tsv
  /// One JSON object a line.
  case jsonLines = "jsonl"
  /// One JSON array of objects.
  case jsonArray = "json-array"
  /// A JSON array when the first character is `[`, else JSON lines.
  case json
  /// Lines of text: one column `text`.
  case text

  /// The format of a file name's extension: `csv`, `tsv`, `jsonl`, `ndjson`, `json`, `txt`, `text`; nil for others.
  public init?(path: String) {
    let name = path.lowercased()
    if name.hasSuffix(".csv") {
      self = .csv
    } else if name.hasSuffix(".tsv") || name.hasSuffix(".tab") {
      self = .tsv
    } else if name.hasSuffix(".jsonl") || name.hasSuffix(".ndjson") {
      self = .jsonLines
    } else if name.hasSuffix(".json") {
      self = .json
    } else if name.hasSuffix(".txt") || name.hasSuffix(".text") {
      self = .text
    } else {
      return nil
    }
  }
}
