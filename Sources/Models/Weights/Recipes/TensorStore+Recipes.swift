extension TensorStore {
  /// Every tensor as it is, by name, sorted.
  public var recipes: [(name: String, recipe: TensorRecipe)] {
    names.compactMap { name in
      guard let entry = entry(name), let file = file(of: name) else { return nil }
      return (name, TensorRecipe(entry, of: file))
    }
  }
}
