extension DSXError {
  /// An error for a file or folder that is not there: `missingFile`, with the name in the same folder that was
  /// probably meant.
  public static func missing(
    _ path: String, _ message: String = "there is no such file", hint: String? = nil
  ) -> DSXError {
    let (folder, name) = FilePath.split(path)
    let known = (try? FilePath.list(folder)) ?? []
    let near = NearestName.find(name, in: known).map {
      "did you mean '\(FilePath.join(folder, $0))'?"
    }
    return DSXError(.missingFile, message, file: path, hint: near ?? hint)
  }
}
