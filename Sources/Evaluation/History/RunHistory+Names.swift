public import DSXCore

extension RunHistory {
  /// The id that a word names: an id, `last`, `last-green`, or the beginning of one id only.
  ///
  /// - Parameters:
  ///   - recipe: only runs of that recipe.
  ///   - other: the run that the answer is compared with: `last` and `last-green` then name a run of
  ///     the same recipe that began before it.
  ///   - except: a run that `last` and `last-green` do not name: the one that is being made.
  /// Throws `unknownName` with the nearest id.
  public func resolve(
    _ word: String, recipe: String? = nil, before other: RunRecord? = nil, except: String? = nil
  ) throws(DSXError) -> String {
    guard word == "last" || word == "last-green" else {
      let runs = try runs(recipe: recipe)
      if runs.contains(where: { $0.id == word }) { return word }
      let begun = runs.filter { $0.id.hasPrefix(word) }
      if !word.isEmpty, begun.count == 1 { return begun[0].id }
      var error = DSXError.unknown("run", word, known: runs.prefix(20).map(\.id))
      error.location.file = path
      throw error
    }
    let recipe = other?.recipe ?? recipe
    let found = try runs(recipe: recipe).first { run in
      guard run.id != except, word == "last" || run.isGreen else { return false }
      return other.map { (run.started, run.id) < ($0.started, $0.id) } ?? true
    }
    if let found { return found.id }
    var text = word == "last" ? "the history holds no run" : "the history holds no run that passed"
    if let recipe { text += " of the recipe '\(recipe)'" }
    if let other { text += " before '\(other.id)'" }
    throw DSXError(.unknownName, text, file: path, hint: "dsx runs list shows what there is")
  }

  /// The newest run of a recipe that passed, without the run `except`.
  public func lastGreen(recipe: String, except: String? = nil) throws(DSXError) -> String? {
    try runs(recipe: recipe).first { $0.isGreen && $0.id != except }?.id
  }
}
