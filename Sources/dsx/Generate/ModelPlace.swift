internal import DSXCore

/// Where the model of a `--model` argument lies.
enum ModelPlace {
  /// A folder or file by its path, or a name in the models folder of a home.
  ///
  /// Throws `unknownName` with the known names.
  static func find(_ model: String, _ homes: Homes) throws(DSXError) -> String {
    if FilePath.isFolder(model) { return model }
    let (parent, name) = FilePath.split(model)
    // `models/NAME` means the shipped model also where no such folder is at hand.
    if parent == "models", let found = homes.find("models", name) { return found }
    if model.utf8.contains(UInt8(ascii: "/")) || FilePath.exists(model) { return model }
    if let found = homes.find("models", model) { return found }
    throw DSXError.unknown("model", model, known: homes.names("models"))
  }
}
