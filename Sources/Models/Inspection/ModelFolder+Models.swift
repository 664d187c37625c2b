internal import DSXCore

extension ModelFolder {
  /// The models at a path: the path itself where it is one, else the folders in it that are.
  public static func models(in path: String) -> [String] {
    if isModel(path) { return [path] }
    guard FilePath.isFolder(path), let names = try? FilePath.list(path) else { return [] }
    return names.map { FilePath.join(path, $0) }.filter(isModel)
  }

  /// Whether there is a description of a model.
  private static func isModel(_ path: String) -> Bool {
    guard FilePath.isFolder(path) else { return path.hasSuffix(".gguf") && FilePath.exists(path) }
    if ["configuration.json", "config.json"].contains(where: {
      FilePath.exists(FilePath.join(path, $0))
    }) {
      return true
    }
    return ((try? TensorStore.weights(in: path)) ?? nil)?.hasSuffix(".gguf") == true
  }
}
