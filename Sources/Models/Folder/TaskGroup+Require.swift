internal import DSXCore

extension TaskGroup {
  /// Throws `unsupported` for a task of another group; one that no group knows is no contradiction.
  func require(_ task: String?) throws(DSXError) {
    guard let task, !TaskGroup.groups(of: task).isEmpty, !tasks.contains(task) else { return }
    throw DSXError(
      .unsupported, "the model does \(rawValue), not \(task)",
      hint: "tasks of this model: " + tasks.joined(separator: ", "))
  }
}
