public import DSXCore
public import Jobs

extension RecipeShards {
  /// The name of the file that says why a cell cannot be evaluated.
  static let errorName = "error.json"

  /// Evaluates cells in the work folder at `path`.
  ///
  /// Throws what `ShardRun` throws, `io` for what may go away by itself, and `outputExists` when a model or
  /// data set changed since the work was planned.
  public func run(_ path: String, _ selection: ShardSelection, verify: Bool) throws(DSXError) {
    let work = try planned(path)
    let lock = try WorkLock(path, exclusive: false, output: night.folder)
    defer { lock.release() }
    let cells = night.recipe.cells
    let identities = (work.work.plan.options["cells"]?.array ?? []).map { $0["identity"]?.string }
    try ShardRun(work, verify: verify).make(selection) { (claim) throws(DSXError) -> JSONValue in
      let cell = cells[claim.shard]
      let planned = identities[claim.shard]
      do throws(DSXError) {
        return try evaluate(cell, planned, claim, work.work.setup["reuse"]?[cell.key]?.string, path)
      } catch {
        let passes: Set<ExitCode> = [.io, .internal, .usage]
        guard !passes.contains(error.code.exitCode) else { throw error }
        return try Self.keep(error, claim)
      }
    }
  }

  private func evaluate(
    _ cell: RecipeCell, _ planned: String?, _ claim: ShardClaim, _ earlier: String?, _ path: String
  ) throws(DSXError) -> JSONValue {
    let facts = try night.executor.facts(cell, night.recipe)
    guard facts.identity == planned else {
      throw DSXError(
        .outputExists, "the model or the data of \(cell.key) changed since the work was planned",
        file: path, hint: "plan again with --overwrite")
    }
    var isReused = false
    if let earlier, let known = try? CellFolder(earlier), known.report.identity == facts.identity {
      try Self.copy(earlier, to: claim.folder)
      isReused = true
    } else {
      let inside = claim.path(cell.key)
      do throws(DSXError) {
        try night.executor.run(
          cell, facts, night.recipe, into: inside,
          workers: night.recipe.threads ?? night.options.workers, progress: night.progress)
      } catch {
        // In one process, too, a cell that cannot be evaluated does not stop the night.
        guard error.code.exitCode != .io, error.code.exitCode != .internal else { throw error }
        try FilePath.removeTree(inside)
        return try Self.keep(error, claim)
      }
      try Self.copy(inside, to: claim.folder)
      try FilePath.removeTree(inside)
    }
    guard let done = try CellFolder(claim.folder) else {
      throw DSXError(.internal, "the cell left no report", file: claim.folder)
    }
    let counts = done.report.counts
    return [
      "rows": .int(Int64(counts.requested)), "tokens": .int(Int64(counts.scoredTokens ?? 0)),
      "incomplete": .int(Int64(counts.failed + counts.missing)), "from_cache": .bool(isReused),
      "compute": isReused ? .null : ComputeNote.json(done.report.runtime?.facts),
    ]
  }

  private static func copy(_ source: String, to folder: String) throws(DSXError) {
    for name in try FilePath.list(source) where !name.hasPrefix(".") {
      let from = FilePath.join(source, name)
      guard FilePath.isPlainFile(from) else { continue }
      let file = try MappedFile(path: from)
      try FilePath.write(file.withBytes { Array($0) }, to: FilePath.join(folder, name))
    }
  }

  private static func keep(_ error: DSXError, _ claim: ShardClaim) throws(DSXError) -> JSONValue {
    try FilePath.write(Array((error.json.text(.indented) + "\n").utf8), to: claim.path(errorName))
    return ["rows": 0, "tokens": 0, "failed": .string(error.message)]
  }

  /// The error that a part holds; nil when the cell was evaluated.
  static func error(_ part: String) throws(DSXError) -> DSXError? {
    let path = FilePath.join(part, errorName)
    guard FilePath.exists(path) else { return nil }
    guard let error = DSXError(json: try JSONParser.parse(file: path)) else {
      throw DSXError(.malformed, "the part's error is not complete", file: path)
    }
    return error
  }
}
