internal import DSXCore

/// Where the model of a `--model` argument lies.
enum ModelPlace {
  /// A folder or file by its path, or a name in the models folder of a home.
  ///
  /// Throws `unknownName` with the known names.
  static func find(_ model: String, _ homes: Homes) throws(DSXError) -> String {
    if FilePath.exists(model) { return model }
    // `models/NAME` and `NAME/PART` mean shipped models also where no such folder is at hand.
    let prefix = "models/"
    let name = model.hasPrefix(prefix) ? String(model.dropFirst(prefix.count)) : model
    let leaves = name.utf8.split(separator: UInt8(ascii: "/")).contains {
      $0.elementsEqual("..".utf8)
    }
    if !leaves, !name.hasPrefix("/"), !name.isEmpty, let found = homes.find("models", name) {
      return found
    }
    if model.utf8.contains(UInt8(ascii: "/")) { return model }
    throw DSXError.unknown("model", model, known: homes.names("models"))
  }
}
