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
    guard !word.utf8.contains(UInt8(ascii: "/")), !word.hasSuffix(".yaml") else {
      throw DSXError(.usage, "there is no such recipe", file: word)
    }
    let homes = Homes.current()
    if let found = homes.find("recipes", word + ".yaml") { return found }
    var known: Set<String> = []
    for home in homes.folders {
      let folder = FilePath.join(home, "recipes")
      guard FilePath.isFolder(folder), let names = try? FilePath.list(folder) else { continue }
      for name in names where name.hasSuffix(".yaml") {
        known.insert(String(decoding: name.utf8.dropLast(5), as: UTF8.self))
      }
    }
    throw DSXError.unknown("recipe", word, known: known.sorted())
  }
}
