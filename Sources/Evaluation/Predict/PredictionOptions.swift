/// What a user can choose for predictions, besides the pipeline's own options.
public struct PredictionOptions: Sendable {
  /// Columns that the user names: a field's role with the data's column.
  public var columns: [(role: String, column: String)]
  /// The column of the ids; nil: as the data set's task says, else `id` where the data has it, else image
  /// names or row numbers.
  public var id: String?
  /// Only the first so many rows.
  public var limit: Int?
  /// What decides the model's answers beyond its files, e.g. the compute type, for the identity.
  public var settings: [(name: String, value: String)]

  /// The options.
  public init(
    columns: [(role: String, column: String)] = [], id: String? = nil, limit: Int? = nil,
    settings: [(name: String, value: String)] = []
  ) {
    self.columns = columns
    self.id = id
    self.limit = limit
    self.settings = settings
  }
}
