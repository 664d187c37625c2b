public import DSXCore

/// Finding, making and checking work folders: what every kind of job in shards has in common.
extension WorkFolder {
  /// The work folder that `path` names: itself, or that of an output of this name.
  ///
  /// Throws `usage` when there is none with a plan, `alreadyMade` when that is because the job is
  /// finished: merging takes the folder away. An empty one, which a merging left that died before its very
  /// last step, is removed then; not by who `onlyLooks`.
  public static func find(_ path: String, onlyLooks: Bool = false) throws(DSXError) -> String {
    for folder in [path, Self.path(forOutput: path)]
    where FilePath.exists(FilePath.join(folder, WorkPlan.fileName)) { return folder }
    if (try? FinishedOutput.ofJob(path)) != nil {
      if !onlyLooks { removeEmpty(output(ofWork: path) != nil ? path : Self.path(forOutput: path)) }
      throw DSXError(.alreadyMade, "the output is there, and the work folder is gone", file: path)
    }
    throw DSXError(
      .usage, "there is no work folder with a plan", file: path,
      hint: "'plan' makes it: it prints its path, OUTPUT.work")
  }

  /// The folder of this plan: as it is there, also while processes work in it, else opened or made by
  /// `open` under the folder's lock.
  ///
  /// Throws `outputExists` also while other processes work there by another plan.
  public static func planned(
    _ path: String, _ work: WorkPlan, output: String, overwrite: Bool
  ) throws(DSXError) -> WorkFolder {
    if let there = existing(path, work) { return there }
    let lock = try WorkLock(path, exclusive: true, output: output)
    defer { lock.release() }
    return try open(path, work, overwrite: overwrite)
  }

  /// The folder at `path` when it has this very plan. Needs no lock: a plan is written whole, once.
  public static func existing(_ path: String, _ work: WorkPlan) -> WorkFolder? {
    guard let there = try? WorkFolder(path: path), there.work.id == work.id,
      there.work.steps == work.steps
    else { return nil }
    return there
  }

  /// Opens the folder of this plan, or makes it. What another plan left there is removed when it holds no
  /// finished part, or with `overwrite`. The caller has the folder's lock.
  ///
  /// Throws `outputExists` for finished parts of another plan, and for a folder that no plan made.
  public static func open(_ path: String, _ work: WorkPlan, overwrite: Bool) throws(DSXError)
    -> WorkFolder
  {
    try FilePath.makeFolder(path)
    let names = try FilePath.list(path)
    if names.contains(WorkPlan.fileName) {
      let there = try? WorkFolder(path: path)
      if let there = existing(path, work) { return there }
      guard overwrite || there?.hasFinishedParts != true else {
        let reason =
          there.flatMap { work.plan.difference(from: $0.work.plan) } ?? "its plan differs"
        throw DSXError(
          .outputExists, "a run that was stopped left finished parts, and " + reason, file: path,
          hint: "go on with it as it was planned, add --overwrite to drop them, or choose another "
            + "--output")
      }
      for name in names where name != "lock" {
        try FilePath.removeTree(FilePath.join(path, name))
      }
    } else if let other = names.first(where: { isForeign($0, work) }) {
      throw DSXError(
        .outputExists, "the folder for the work holds other things",
        file: FilePath.join(path, other),
        hint: "move them away, or choose another --output")
    }
    return try create(path: path, work)
  }

  /// Whether a file in a folder without a plan cannot be of a `plan` that died.
  private static func isForeign(_ name: String, _ work: WorkPlan) -> Bool {
    name != "lock" && !name.hasPrefix(WorkPlan.fileName + ".tmp.")
      && !work.steps.contains { $0.name == name }
  }

  /// The shards of a step that are not finished (`verify`: or whose files do not have their SHA-256).
  public func missing(_ step: WorkStep, verify: Bool = false) throws(DSXError) -> [Int] {
    var shards: [Int] = []
    for shard in 0..<step.shards where try manifest(step, shard, verify: verify) == nil {
      shards.append(shard)
    }
    return shards
  }

  /// Throws `incomplete` with the list of all shards that are not finished (`verify`: or whose files do
  /// not have their SHA-256); `command` makes them. `last`: the step that the merging itself makes.
  public func requireAll(verify: Bool, command: String, besides last: String? = nil)
    throws(DSXError)
  {
    var (missing, damaged): ([String], [String]) = ([], [])
    for step in work.steps where step.name != last {
      let absent = try self.missing(step)
      if !absent.isEmpty { missing.append("\(step.name) \(ShardNumbers.text(absent))") }
      guard verify else { continue }
      let bad = try self.missing(step, verify: true).filter { !absent.contains($0) }
      if !bad.isEmpty { damaged.append("\(step.name) \(ShardNumbers.text(bad))") }
    }
    var reasons: [String] = []
    if !missing.isEmpty { reasons.append("shards are missing: " + missing.joined(separator: "; ")) }
    if !damaged.isEmpty { reasons.append("shards are damaged: " + damaged.joined(separator: "; ")) }
    guard !reasons.isEmpty else { return }
    throw DSXError(
      .incomplete, reasons.joined(separator: ". "), file: path,
      hint: "'\(command)\(damaged.isEmpty ? "" : " --verify")' makes them")
  }

  /// The command whose `plan`, `run` and `merge` make jobs of a kind.
  public static func command(_ kind: String) -> String {
    switch kind {
    case "convert": "dsx datasets convert"
    case "recipe": "dsx recipe cells"
    default: "dsx " + kind
    }
  }

  /// Throws unless the folder was planned by `kind` of this very `tool`: `usage` for another kind,
  /// `outputExists` for another version, whose numbers may differ.
  public func require(kind: String, tool: String) throws(DSXError) {
    guard work.plan.kind == kind else {
      let command = Self.command(work.plan.kind)
      throw DSXError(
        .usage, "the work folder was planned by '\(command) plan'", file: path,
        hint: "'\(command) run' and '\(command) merge' go on with it")
    }
    guard work.plan.tool == tool else {
      throw DSXError(
        .outputExists, "the work was planned by \(work.plan.tool), this is \(tool)", file: path,
        hint: "all parts and the merge need one version: go on with that one, or plan again")
    }
  }
}
