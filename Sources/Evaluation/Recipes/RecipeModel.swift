/// One model of a recipe.
public struct RecipeModel: Sendable, Equatable {
  /// The name in results.
  public var name: String
  /// A folder or file, or a name in `models/`.
  public var model: String
  /// `f32` or `bf16`; nil: the program's own.
  public var dtype: String?
  /// The pipeline's task where a folder offers several.
  public var task: String?
  /// The data sets that it is evaluated on; nil: all that do not name models.
  public var datasets: [String]?

  /// A model.
  public init(
    name: String, model: String, dtype: String? = nil, task: String? = nil,
    datasets: [String]? = nil
  ) {
    self.name = name
    self.model = model
    self.dtype = dtype
    self.task = task
    self.datasets = datasets
  }
}
