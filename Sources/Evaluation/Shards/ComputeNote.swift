internal import DSXCore
internal import Jobs

/// What a part says of the machine that computed it: the only thing beside the plan on which its numbers
/// depend, in their last digits.
struct ComputeNote {
  /// Facts whose values may change how sums are rounded.
  private static let names = ["blas", "blas core", "kernels"]

  /// Numbers of shards that were made on different kinds of processors agree to this, relative.
  static let tolerance = "1e-5"

  /// The facts of a model's process; null where nothing is computed.
  static func json(_ model: EvaluatedModel) -> JSONValue {
    let facts = model.runtime.filter { names.contains($0.name) }
    guard !facts.isEmpty else { return .null }
    return .object(facts.map { .init($0.name, .string($0.value)) })
  }

  /// The same of a report's `runtime.facts`.
  static func json(_ facts: JSONValue?) -> JSONValue {
    let found = (facts?.object ?? []).filter { names.contains($0.name) }
    return found.isEmpty ? .null : .object(found)
  }

  /// Each fact with its different values, and the shards of each kind of processor.
  private(set) var facts: [JSONValue.Member] = []
  private var kinds: [(kind: String, shards: [Int])] = []
  private var cached = 0

  init(_ parts: [(shard: Int, manifest: ShardManifest)]) {
    var values: [String: [String]] = [:]
    for (shard, manifest) in parts {
      if manifest.counts["from_cache"]?.bool == true { cached += 1 }
      guard let compute = manifest.counts["compute"], !compute.isNull else { continue }
      for name in Self.names {
        guard let value = compute[name]?.string, values[name]?.contains(value) != true else {
          continue
        }
        values[name, default: []].append(value)
      }
      let kind = [
        compute["blas core"]?.string, compute["kernels"]?.string, compute["blas"]?.string,
      ]
      .compactMap { $0 }.joined(separator: ", ")
      if let place = kinds.firstIndex(where: { $0.kind == kind }) {
        kinds[place].shards.append(shard)
      } else {
        kinds.append((kind, [shard]))
      }
    }
    for name in Self.names {
      guard let found = values[name] else { continue }
      // In an order that does not depend on which shard was made where.
      let sorted = found.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
      facts.append(.init(name, .string(sorted.joined(separator: " | "))))
    }
  }

  /// What is said when the shards were made on different kinds of processors; nil when they were not.
  var warning: String? {
    guard kinds.count > 1 else { return nil }
    let list = kinds.map { "\($0.kind): shards \(ShardNumbers.text($0.shards))" }
    return "the shards were computed with different kernels (" + list.joined(separator: "; ")
      + "): numbers agree with those of one process to about \(Self.tolerance) relative, not to the "
      + "last digit"
  }

  /// The facts for the report's `runtime`.
  func members(shards: Int) -> [JSONValue.Member] {
    var members: [JSONValue.Member] = [.init("made_in_shards", .int(Int64(shards)))]
    if cached > 0 { members.append(.init("shards_from_cache", .int(Int64(cached)))) }
    members += facts
    if let warning { members.append(.init("note", .string(warning))) }
    return members
  }
}
