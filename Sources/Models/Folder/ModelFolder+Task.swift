public import DSXCore

extension ModelFolder {
  /// What the model of a folder is for, by its files alone: the group, and the task as they name it.
  ///
  /// Throws what opening would say of the type and the task.
  public static func purpose(of path: String, task: String? = nil) throws(DSXError) -> (
    group: TaskGroup, task: String?
  ) {
    let description = try ModelDescription(path: path)
    return (try find(description, task: task).group, task ?? description.task)
  }

  /// The architecture of a model for a task, and the group that it was found in.
  ///
  /// Throws `unsupported` for a type or task that is not there, listing what is; `unknownName` for a
  /// chosen task that does not exist; `corrupt` when the two configurations name two known types.
  static func find(_ description: ModelDescription, task: String?) throws(DSXError)
    -> (group: TaskGroup, architecture: Architecture)
  {
    let registry = try Architectures.registry()
    let type = try type(description, registry)
    let known = registry.groups(of: type)
    guard description.gguf == nil || Architectures.embeddedTypes.contains(type) else {
      throw DSXError(
        .unsupported, "the model architecture '\(type)' is not supported in GGUF files",
        file: description.source,
        hint: "known there: " + Architectures.embeddedTypes.joined(separator: ", "))
    }
    guard !known.isEmpty else {
      throw DSXError(
        .unsupported, "the model architecture '\(type)' is not supported",
        file: description.source, hint: "known: " + registry.types.joined(separator: ", "))
    }
    let group = try group(description, type: type, known: known, task: task)
    return (group, try registry.find(type, group: group.rawValue))
  }

  /// The type that counts: the first known one of those that the files name.
  private static func type(_ description: ModelDescription, _ registry: Registry<Architecture>)
    throws(DSXError) -> String
  {
    let known = description.types.filter { registry.groups(of: $0).isEmpty == false }
    if let first = known.first, let other = known.first(where: { $0 != first }) {
      throw DSXError(
        .corrupt,
        "configuration.json says that the model is a '\(other)', config.json a '\(first)'",
        file: description.source, hint: "make the two files agree")
    }
    return known.first ?? description.architecture
  }

  private static func group(
    _ description: ModelDescription, type: String, known: [TaskGroup], task: String?
  ) throws(DSXError) -> TaskGroup {
    // What the files say of the head; it decides between the groups of one task.
    let heads = description.classes.compactMap { TaskGroup.group(ofClass: $0) }
    if let task {
      let groups = TaskGroup.groups(of: task)
      guard !groups.isEmpty else {
        throw DSXError.unknown("task", task, known: TaskGroup.allTasks)
      }
      if let group = pick(groups, known, heads) { return group }
      throw DSXError(
        .unsupported, "a model of type '\(type)' has no task '\(task)'", file: description.source,
        hint: "it has: " + known.map(\.rawValue).joined(separator: ", "))
    }
    if let own = description.task, let group = pick(TaskGroup.groups(ofFolder: own), known, heads) {
      return group
    }
    if let group = heads.first(where: { known.contains($0) }) { return group }
    if known.count == 1 { return known[0] }
    let own = description.task.map { "the task '\($0)' of configuration.json is not known" }
    throw DSXError(
      .unsupported, own ?? "the files do not say what this '\(type)' model is for",
      file: description.source,
      hint: "name the task; this type has: " + known.map(\.rawValue).joined(separator: ", "))
  }

  private static func pick(
    _ groups: [TaskGroup], _ known: [TaskGroup], _ heads: [TaskGroup]
  ) -> TaskGroup? {
    let open = groups.filter { known.contains($0) }
    return open.first { heads.contains($0) } ?? open.first
  }
}
