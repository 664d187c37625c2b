internal import DSXCore

/// One job in a scheduler's queue: an array of tasks of one step, or the merging.
public struct SubmittedJob: Hashable, Sendable {
  /// Its number in this folder, from 1.
  public var number: Int
  /// Its name in the queue.
  public var name: String
  /// Its number in the queue; nil from before it is handed over until the answer is recorded.
  public var id: String?
  /// The step; nil for the merging.
  public var step: String?
  /// Shards of a task.
  public var shardsPerTask: Int
  /// The task of array index 0.
  public var firstTask: Int
  /// The array indices, as `NumberRanges` writes them; empty for the merging.
  public var indices: String
  /// The name of its script.
  public var script: String

  /// A job.
  public init(
    number: Int, name: String, id: String? = nil, step: String?, shardsPerTask: Int = 1,
    firstTask: Int = 0, indices: String = "", script: String
  ) {
    self.number = number
    self.name = name
    self.id = id
    self.step = step
    self.shardsPerTask = shardsPerTask
    self.firstTask = firstTask
    self.indices = indices
    self.script = script
  }

  var json: JSONValue {
    [
      "number": .int(Int64(number)), "name": .string(name), "id": id.map { .string($0) } ?? .null,
      "step": step.map { .string($0) } ?? .null, "shards_per_task": .int(Int64(shardsPerTask)),
      "first_task": .int(Int64(firstTask)), "indices": .string(indices), "script": .string(script),
    ]
  }

  init(json: JSONValue) throws(DSXError) {
    guard let number = json["number"]?.int, number > 0, let name = json["name"]?.string,
      let shardsPerTask = json["shards_per_task"]?.int, shardsPerTask > 0,
      shardsPerTask < NumberRanges.limit, let firstTask = json["first_task"]?.int, firstTask >= 0,
      firstTask < NumberRanges.limit, let indices = json["indices"]?.string,
      let script = json["script"]?.string
    else { throw DSXError(.malformed, "a recorded job is not complete") }
    self.init(
      number: number, name: name, id: json["id"]?.string, step: json["step"]?.string,
      shardsPerTask: shardsPerTask, firstTask: firstTask, indices: indices, script: script)
  }
}
