internal import DSXCore

/// Where the model of a `--model` argument lies.
enum ModelPlace {
  /// A folder or file by its path, or a name in the models folder of a home.
  ///
  /// Throws `unknownName` with the known names.
  static func find(_ model: String, _ homes: Homes) throws(DSXError) -> String {
    if FilePath.exists(model) { return model }
    if let found = shipped(model, homes) { return found }
    if model.utf8.contains(UInt8(ascii: "/")) { return model }
    throw DSXError.unknown("model", model, known: homes.names("models"))
  }

  /// Where the vocabulary of a path lies: the path, or for `models/NAME` a shipped model's where nothing is there.
  static func vocabulary(_ path: String) -> String {
    guard path.hasPrefix("models/"), !FilePath.exists(path) else { return path }
    return shipped(path, .current()) ?? path
  }

  /// `models/NAME` and `NAME/PART` mean shipped models also where no such folder is at hand.
  private static func shipped(_ model: String, _ homes: Homes) -> String? {
    let prefix = "models/"
    let name = model.hasPrefix(prefix) ? String(model.dropFirst(prefix.count)) : model
    let leaves = name.utf8.split(separator: UInt8(ascii: "/")).contains {
      $0.elementsEqual("..".utf8) || $0.elementsEqual(".".utf8)
    }
    guard !leaves, !name.hasPrefix("/"), !name.isEmpty else { return nil }
    return homes.find("models", name)
  }
}
