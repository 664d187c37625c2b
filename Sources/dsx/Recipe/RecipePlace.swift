internal import DSXCore
internal import Evaluation

/// Finds recipes by name.
enum RecipePlace {
  /// The recipe that a path or a name means.
  static func recipe(_ word: String) throws(DSXError) -> Recipe {
    try Recipe(path: try path(word))
  }

  static func path(_ word: String) throws(DSXError) -> String {
    if FilePath.exists(word), !FilePath.isFolder(word) { return word }
    // `recipes/NAME.yaml` means a shipped recipe also where no such folder is at hand.
    let isShipped = word.hasPrefix("recipes/") && word.hasSuffix(".yaml")
    let name = isShipped ? String(word.dropFirst("recipes/".count).dropLast(".yaml".count)) : word
    guard !name.utf8.contains(UInt8(ascii: "/")), !name.hasSuffix(".yaml") else {
      throw DSXError.missing(word, "there is no such recipe")
    }
    let homes = Homes.current()
    if let found = homes.find("recipes", name + ".yaml") { return found }
    var known: Set<String> = []
    for home in homes.folders {
      let folder = FilePath.join(home, "recipes")
      guard FilePath.isFolder(folder), let names = try? FilePath.list(folder) else { continue }
      for name in names where name.hasSuffix(".yaml") {
        known.insert(String(decoding: name.utf8.dropLast(5), as: UTF8.self))
      }
    }
    throw DSXError.unknown("recipe", name, known: known.sorted())
  }
}
