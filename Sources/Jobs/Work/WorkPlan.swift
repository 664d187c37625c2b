public import DSXCore

/// The file `plan.json` of a work folder: what is to be made, in which steps, and where things lie here.
///
/// ```
/// { "format": "dsx-plan", "version": 1, "id": SHA-256 of plan,
///   "plan": { "kind", "tool", "options", "inputs", "shards" },
///   "steps": [{"name": "encode", "shards": 120}],
///   "setup": {...} }
/// ```
/// The id depends on data and options only; `setup` holds what belongs to this machine (paths, the
/// command line) and is not part of it.
public struct WorkPlan: Hashable, Sendable {
  /// The version that is written and read.
  public static let version = 1
  /// The name of the file.
  public static let fileName = "plan.json"

  /// What the output depends on.
  public var plan: JobPlan
  /// The steps in the order in which they are made; each needs all parts of those before it.
  public var steps: [WorkStep]
  /// What a process on this machine needs to go on.
  public var setup: JSONValue

  /// A plan.
  public init(plan: JobPlan, steps: [WorkStep], setup: JSONValue) {
    self.plan = plan
    self.steps = steps
    self.setup = setup
  }

  /// The run's id: that of the plan.
  public var id: String { plan.id }

  /// The JSON text, with a line feed at its end.
  public var text: String {
    let steps = steps.map { step -> JSONValue in
      ["name": .string(step.name), "shards": .int(Int64(step.shards))]
    }
    let json: JSONValue = [
      "format": "dsx-plan", "version": .int(Int64(Self.version)), "id": .string(id),
      "plan": plan.json, "steps": .array(steps), "setup": setup,
    ]
    return json.text(.indented) + "\n"
  }

  /// Reads a plan. Throws `missingFile` when it is not there, `malformed` or `corrupt` when it is none.
  public init(path: String) throws(DSXError) {
    do throws(DSXError) {
      try self.init(json: try JSONParser.parse(file: path))
    } catch {
      throw error.inFile(path)
    }
  }

  init(json: JSONValue) throws(DSXError) {
    guard json["format"]?.string == "dsx-plan" else {
      throw DSXError(.malformed, "this is no plan of dsx")
    }
    guard json["version"]?.int == Self.version else {
      throw DSXError(
        .unsupported, "the plan's version is not \(Self.version)",
        hint: "it was written by another version of dsx")
    }
    guard let plan = json["plan"], let list = json["steps"]?.array, let setup = json["setup"] else {
      throw DSXError(.malformed, "the plan is not complete")
    }
    let read = try JobPlan(json: plan)
    guard json["id"]?.string == read.id else {
      throw DSXError(.corrupt, "the plan's id does not belong to it")
    }
    var steps: [WorkStep] = []
    for entry in list {
      guard let name = entry["name"]?.string, FilePath.isPlainName(name),
        let shards = entry["shards"]?.int, (1...(1 << 24)).contains(shards)
      else { throw DSXError(.malformed, "a step of the plan needs a name and a number of shards") }
      steps.append(WorkStep(name, shards: shards))
    }
    guard !steps.isEmpty else { throw DSXError(.malformed, "the plan has no steps") }
    self.init(plan: read, steps: steps, setup: setup)
  }
}
