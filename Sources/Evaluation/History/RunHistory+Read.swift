public import DSXCore

extension RunHistory {
  private static let runColumns =
    "id, recipe, recipe_hash, started, seconds, tool, verdict, headline, exit_code, baseline, "
    + "identity, folder, host"

  /// The runs, the newest first; without their cells and gates.
  public func runs(recipe: String? = nil, limit: Int? = nil) throws(DSXError) -> [RunRecord] {
    var runs: [RunRecord] = []
    try connection.each(
      "SELECT \(Self.runColumns) FROM runs WHERE ?1 IS NULL OR recipe=?1 "
        + "ORDER BY started DESC, id DESC LIMIT ?2",
      [.optional(recipe), .integer(limit ?? -1)]
    ) { (row) throws(DSXError) in runs.append(Self.run(row)) }
    return runs
  }

  private static func run(_ row: HistoryStatement) -> RunRecord {
    RunRecord(
      id: row.text(0) ?? "", recipe: row.text(1) ?? "", recipeHash: row.text(2),
      started: row.text(3) ?? "", seconds: row.number(4), tool: row.text(5) ?? "",
      verdict: row.text(6) ?? "", headline: row.text(7) ?? "", exitCode: row.integer(8) ?? 0,
      baseline: row.text(9), identity: row.text(10) ?? "", folder: row.text(11),
      host: row.text(12))
  }

  /// A run with its cells, gates and files, without examples; nil when there is none of that id.
  public func run(_ id: String) throws(DSXError) -> RunRecord? {
    var found: RunRecord?
    try connection.each("SELECT \(Self.runColumns) FROM runs WHERE id=?", [.text(id)]) {
      (row) throws(DSXError) in found = Self.run(row)
    }
    guard var run = found else { return nil }
    try connection.each(
      """
      SELECT cells.key, models.name, models.fingerprint, datasets.name, version, subset, split,
        datasets.fingerprint, task, identity, status, requested, succeeded, failed, skipped,
        seconds, folder, cells.cell
      FROM cells JOIN models USING(model) JOIN datasets USING(dataset)
      WHERE run=(SELECT run FROM runs WHERE id=?) ORDER BY cells.cell
      """, [.text(id)]
    ) { (row) throws(DSXError) in
      var cell = CellRecord(
        key: row.text(0) ?? "", model: row.text(1) ?? "", modelFingerprint: row.text(2) ?? "",
        dataset: row.text(3) ?? "", version: row.text(4) ?? "", subset: row.text(5) ?? "",
        split: row.text(6) ?? "", datasetFingerprint: row.text(7) ?? "", task: row.text(8) ?? "",
        identity: row.text(9) ?? "", status: row.text(10) ?? "")
      (cell.requested, cell.succeeded) = (row.integer(11), row.integer(12))
      (cell.failed, cell.skipped) = (row.integer(13), row.integer(14))
      (cell.seconds, cell.folder) = (row.number(15), row.text(16))
      cell.results = try results(cell: row.integer(17) ?? 0)
      run.cells.append(cell)
    }
    run.gates = try gates(id)
    try connection.each(
      """
      SELECT path, bytes, sha256 FROM artifacts
      WHERE run=(SELECT run FROM runs WHERE id=?) ORDER BY path
      """, [.text(id)]
    ) { (row) throws(DSXError) in
      run.artifacts.append(
        .init(path: row.text(0) ?? "", bytes: row.integer(1) ?? 0, sha256: row.text(2) ?? ""))
    }
    return run
  }

  private func results(cell: Int) throws(DSXError) -> [ResultRecord] {
    var results: [ResultRecord] = []
    try connection.each(
      """
      SELECT metric, value, se, low, high, n, unit, higher_is_better, signature, head
      FROM results WHERE cell=? ORDER BY place
      """, [.integer(cell)]
    ) { (row) throws(DSXError) in
      results.append(
        ResultRecord(
          metric: row.text(0) ?? "", value: row.number(1), standardError: row.number(2),
          low: row.number(3), high: row.number(4), count: row.integer(5), unit: row.text(6) ?? "",
          higherIsBetter: row.flag(7), signature: row.text(8) ?? "",
          head: try row.text(9).map { (text) throws(DSXError) in try JSONParser.parse(text) }))
    }
    return results
  }

  private func gates(_ id: String) throws(DSXError) -> [GateRecord] {
    var gates: [GateRecord] = []
    try connection.each(
      """
      SELECT cell, model, dataset, metric, outcome, passed, required, test, examples, units,
        baseline, value, difference, low, high, se, p, p_adjusted, detectable, gains, losses,
        variance, size, resampled, reason
      FROM gates WHERE run=(SELECT run FROM runs WHERE id=?) ORDER BY place
      """, [.text(id)]
    ) { (row) throws(DSXError) in
      gates.append(
        GateRecord(
          cell: row.text(0) ?? "", model: row.text(1) ?? "", dataset: row.text(2) ?? "",
          metric: row.text(3) ?? "", outcome: row.text(4) ?? "", passed: row.flag(5),
          isRequired: row.flag(6), test: row.text(7), examples: row.integer(8),
          units: row.integer(9), baseline: row.number(10), value: row.number(11),
          difference: row.number(12), low: row.number(13), high: row.number(14),
          standardError: row.number(15), pValue: row.number(16), adjusted: row.number(17),
          detectable: row.number(18), gains: row.integer(19), losses: row.integer(20),
          variance: row.number(21), size: row.number(22), resampled: row.integer(23),
          reason: row.text(24) ?? ""))
    }
    return gates
  }

  /// What must stay beside the runs `kept`: those that they were compared with, and the newest green run
  /// of each recipe. The baselines of these in turn may go, else none ever would.
  public func baselines(of kept: [RunRecord]) throws(DSXError) -> Set<String> {
    var ids = Set(kept.compactMap(\.baseline))
    var seen: Set<String> = []
    for run in try runs() where run.isGreen {
      if seen.insert(run.recipe).inserted { ids.insert(run.id) }
    }
    return ids
  }

  /// A complete cell of that identity in an earlier run, with its folder: what it computed need not be
  /// computed again. The newest one.
  public func cell(identity: String, except: String? = nil) throws(DSXError) -> (
    run: String, folder: String
  )? {
    var found: (run: String, folder: String)?
    try connection.each(
      """
      SELECT runs.id, cells.folder FROM cells JOIN runs USING(run)
      WHERE cells.identity=?1 AND cells.status='complete' AND cells.folder IS NOT NULL
        AND (?2 IS NULL OR runs.id<>?2)
      ORDER BY runs.started DESC, runs.id DESC LIMIT 1
      """, [.text(identity), .optional(except)]
    ) { (row) throws(DSXError) in
      if let run = row.text(0), let folder = row.text(1) { found = (run, folder) }
    }
    return found
  }

  /// The newest gate on a cell's metric that made a test: how much its numbers spread.
  public func lastGate(recipe: String, cell: String, metric: String) throws(DSXError) -> GateRecord?
  {
    for run in try runs(recipe: recipe, limit: 30) {
      let gates = try gates(run.id)
      if let gate = gates.first(where: {
        $0.cell == cell && $0.metric == metric && $0.pValue != nil && $0.examples != nil
      }) {
        return gate
      }
    }
    return nil
  }
}
