/// One step of a job: numbered shards that are made independently of each other.
public struct WorkStep: Hashable, Sendable {
  /// Its name, a plain file name: the folder of its parts.
  public var name: String
  /// Number of shards, at least 1.
  public var shards: Int

  /// A step.
  public init(_ name: String, shards: Int) {
    self.name = name
    self.shards = max(1, shards)
  }

  /// The name of a shard's part: `part-00017-of-00120`.
  public func partName(_ shard: Int) -> String {
    "part-\(Self.padded(shard))-of-\(Self.padded(shards))"
  }

  private static func padded(_ number: Int) -> String {
    let digits = String(number)
    return String(repeating: "0", count: max(0, 5 - digits.utf8.count)) + digits
  }
}
