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
    let homes = Homes.current()
    let isName = !name.utf8.contains(UInt8(ascii: "/")) && !name.hasSuffix(".yaml")
    if isName, let found = homes.find("recipes", name + ".yaml") { return found }
    guard !FilePath.isFolder(word) else {
      throw DSXError(.usage, "a recipe is a YAML file, and this is a folder", file: word)
    }
    guard isName else {
      let stem = FilePath.split(word).name.split(separator: ".").first.map { String($0) } ?? ""
      let isKnown = !stem.isEmpty && homes.find("recipes", stem + ".yaml") != nil
      throw DSXError.missing(
        word, "there is no such recipe", hint: isKnown ? "dsx's own is called '\(stem)'" : nil)
    }
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
