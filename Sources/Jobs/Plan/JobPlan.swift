public import DSXCore

/// Everything that a job's output depends on. Two jobs with equal plans write equal bytes.
public struct JobPlan: Hashable, Sendable {
  /// What kind of job it is, e.g. `prepare`.
  public var kind: String
  /// The tool and its version.
  public var tool: String
  /// Options and fingerprints of what the job uses, as an object in a fixed order.
  public var options: JSONValue
  /// The inputs, in the order in which they are read.
  public var inputs: [FileFingerprint]
  /// How the inputs are cut.
  public var shards: ByteShards

  /// A plan; its shards follow from the sizes of the inputs.
  public init(
    kind: String, tool: String, options: JSONValue, inputs: [FileFingerprint], shardBytes: Int
  ) {
    self.kind = kind
    self.tool = tool
    self.options = options
    self.inputs = inputs
    shards = ByteShards(sizes: inputs.map(\.size), size: shardBytes)
  }

  /// The SHA-256 of the plan's JSON text: the name of a run.
  public var id: String { SHA256.hex(json.text(.compact)) }

  /// The plan as manifests hold it.
  public var json: JSONValue {
    [
      "kind": .string(kind), "tool": .string(tool), "options": options,
      "inputs": .array(inputs.map(\.json)),
      "shards": ["bytes": .int(Int64(shards.size)), "count": .int(Int64(shards.count))],
    ]
  }

  /// Reads a plan from a manifest.
  init(json: JSONValue) throws(DSXError) {
    guard let kind = json["kind"]?.string, let tool = json["tool"]?.string,
      let options = json["options"], let files = json["inputs"]?.array,
      let bytes = json["shards"]?["bytes"]?.int
    else { throw DSXError(.malformed, "the manifest's plan is not complete") }
    var inputs: [FileFingerprint] = []
    for file in files { inputs.append(try FileFingerprint(json: file)) }
    guard inputs.allSatisfy({ $0.size >= 0 }), bytes > 0 else {
      throw DSXError(.malformed, "the manifest's plan has a size below zero")
    }
    self.init(kind: kind, tool: tool, options: options, inputs: inputs, shardBytes: bytes)
  }

  /// The first thing in which `other` differs, in words (`seq_length was 129 and is 65`); nil when equal.
  public func difference(from other: JobPlan) -> String? {
    if kind != other.kind { return "it was made by 'dsx \(other.kind)'" }
    if tool != other.tool { return "it was made by \(other.tool), this is \(tool)" }
    let names = (options.object ?? []).map(\.name) + (other.options.object ?? []).map(\.name)
    for name in names where options[name] != other.options[name] {
      let (was, now) = (other.options[name] ?? .null, options[name] ?? .null)
      return "\(name) was \(was.text()) and is \(now.text())"
    }
    if options != other.options { return "the options differ" }
    if inputs.count != other.inputs.count {
      return "it had \(other.inputs.count) input files, now there are \(inputs.count)"
    }
    for (ours, theirs) in zip(inputs, other.inputs) where ours != theirs {
      return ours.name == theirs.name
        ? "the input '\(ours.name)' has changed"
        : "the input '\(theirs.name)' was there, now it is '\(ours.name)'"
    }
    return shards == other.shards ? nil : "the shard size differs"
  }
}
