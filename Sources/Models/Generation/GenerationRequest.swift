/// A prompt to continue.
public struct GenerationRequest: Sendable, Hashable {
  /// Its number: names it in results, and with the seed decides its draws.
  public var index: Int
  /// Its ids: at least 1, at most the model's context.
  public var ids: [Int32]

  /// A request.
  public init(index: Int, ids: [Int32]) {
    self.index = index
    self.ids = ids
  }
}
