public import DSXCore
internal import Reports

/// The card as files.
extension DatasetCard {
  private static let jsonName = "stats.json"
  private static let htmlName = "stats.html"
  /// What `stats.html` says at its end.
  static let pageMark = "the same numbers are in the stats.json beside this page"

  /// Throws `outputExists` when `stats.json` or `stats.html` of a folder is there and is no card of dsx.
  public static func checkOutput(_ folder: String) throws(DSXError) {
    for (name, isCard) in [(jsonName, isJSON), (htmlName, isPage)] {
      let path = FilePath.join(folder, name)
      guard FilePath.exists(path), !isCard(path) else { continue }
      throw DSXError(
        .outputExists, "dsx did not write it, so it is not replaced", file: path,
        hint: "choose another --output, or move the file away")
    }
  }

  private static func isJSON(_ path: String) -> Bool {
    guard FilePath.isPlainFile(path) else { return false }
    return (try? JSONParser.parse(file: path))?["format"]?.string == "dsx-dataset-card"
  }

  private static func isPage(_ path: String) -> Bool {
    guard FilePath.isPlainFile(path), let file = try? MappedFile(path: path) else {
      return false
    }
    defer { withExtendedLifetime(file) {} }
    // The mark stands near the end.
    let end = UnsafeRawBufferPointer(rebasing: file.bytes.suffix(4096))
    return String(decoding: end, as: UTF8.self).contains(pageMark)
  }

  /// Writes `stats.json` and `stats.html`, which replace those of an earlier card and nothing else.
  public func write(to folder: String) throws(DSXError) {
    try Self.checkOutput(folder)
    try FilePath.makeFolder(folder)
    try AtomicFolder.write(
      Array((json.text(.indented) + "\n").utf8), to: FilePath.join(folder, Self.jsonName))
    try AtomicFolder.write(Array(html.utf8), to: FilePath.join(folder, Self.htmlName))
  }
}
