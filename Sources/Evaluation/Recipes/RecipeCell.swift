/// One model on one data set.
public struct RecipeCell: Sendable {
  /// Its key, unique in the recipe: `MODEL--DATASET`.
  public var key: String
  /// The model.
  public var model: RecipeModel
  /// The data set.
  public var dataset: RecipeDataset
}
