public import DSXCore

/// What one stage of a pipeline does and needs.
public struct StageExplanation: Sendable {
  /// Its name.
  public let stage: String
  /// How many stages lie behind it: 0 for the last one.
  public let depth: Int
  /// What decides its results.
  public let parameters: [JSONValue.Member]
  /// What changes nothing but speed and memory.
  public let tuning: [JSONValue.Member]
  /// The fields of what it hands on.
  public let schema: Schema
  /// Whether rows still are in random access behind it.
  public let isRandomAccess: Bool
  /// Rows behind it, where known without reading.
  public let rows: Int?
  /// What its order depends on.
  public let order: String
  /// What it holds in memory.
  public let memory: String
}

extension Pipeline {
  /// All stages, sources first, each behind its inputs.
  public var explanation: [StageExplanation] {
    var found: [StageExplanation] = []
    node.walk { node, path in
      let rows = node.indexed(pass: 0)?.view.count
      found.append(
        StageExplanation(
          stage: node.name, depth: path.count, parameters: node.parameters, tuning: node.tuning,
          schema: node.schema, isRandomAccess: rows != nil, rows: rows, order: node.order,
          memory: node.memory))
    }
    return found.reversed()
  }
}
