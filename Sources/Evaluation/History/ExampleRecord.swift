/// One example of a cell.
public struct ExampleRecord: Sendable {
  /// Its id as JSON text.
  public var id: String
  /// Its cluster.
  public var cluster: String?
  /// Its slice.
  public var slice: String?
  /// The hash of what the model saw.
  public var inputHash: String?
  /// SHA-256 of the prediction.
  public var predictionHash: String?
  /// For each metric of the cell that keeps examples: score and statistics as JSON text.
  public var scores: [(score: Double?, statistics: String)]

  /// An example.
  public init(
    id: String, cluster: String? = nil, slice: String? = nil, inputHash: String? = nil,
    predictionHash: String? = nil, scores: [(score: Double?, statistics: String)] = []
  ) {
    self.id = id
    self.cluster = cluster
    self.slice = slice
    self.inputHash = inputHash
    self.predictionHash = predictionHash
    self.scores = scores
  }
}
