internal import DSXCore
internal import Datasets
internal import Models

/// What responders are made from.
struct ResponderSetup {
  let target: EvaluationTarget
  let options: EvaluationOptions
  let labels: LabelTable?
  let rule: ScoringRule?
  /// Demonstrations and how many; nil for none.
  let fewShot: (spec: FewShot, count: Int)?
  let seed: UInt64
  let compute: ComputeOptions
  let homes: Homes

  var task: TaskDefinition { target.task }

  /// Columns that no model sees: slices and clusters.
  var sideColumns: [String] {
    target.task.slices + options.by + [target.task.cluster].compactMap { $0 }
  }
}

extension TaskDefinition {
  /// The fields of a line that come from columns that no model sees: `cluster` (a hash of its value, as
  /// it may be a whole passage) and the slices' values.
  func sideDetails(_ example: Example) -> [JSONValue.Member] {
    var members: [JSONValue.Member] = []
    if let cluster {
      let hash = SHA256.hex(example.text(cluster) ?? "")
      members.append(
        .init("cluster", .string(String(decoding: hash.utf8.prefix(16), as: UTF8.self))))
    }
    if !slices.isEmpty {
      members.append(
        .init(
          "slices",
          .object(slices.map { .init($0, .string(example.text($0) ?? "")) })))
    }
    return members
  }
}
