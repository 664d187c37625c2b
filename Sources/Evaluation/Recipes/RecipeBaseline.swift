/// What a run is compared with.
public enum RecipeBaseline: Sendable, Equatable {
  /// Nothing.
  case none
  /// The newest run of the recipe that passed.
  case lastGreen
  /// A run by its id.
  case run(String)
  /// A run's folder.
  case folder(String)

  /// As it stands in the recipe.
  public var text: String {
    switch self {
    case .none: "none"
    case .lastGreen: "last-green"
    case .run(let id): id
    case .folder(let path): path
    }
  }
}
