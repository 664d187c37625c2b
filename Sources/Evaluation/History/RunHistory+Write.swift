public import DSXCore

extension RunHistory {
  /// Writes a run with all that belongs to it, all or nothing. A run of the same id is replaced.
  public func record(_ run: RunRecord) throws(DSXError) {
    try connection.transaction { () throws(DSXError) in
      try connection.change("DELETE FROM runs WHERE id=?", [.text(run.id)])
      try connection.change(
        """
        INSERT INTO runs(id, recipe, recipe_hash, started, seconds, tool, verdict, headline,
          exit_code, baseline, identity, folder, host)
        VALUES(?,?,?,?,?,?,?,?,?,?,?,?,?)
        """,
        [
          .text(run.id), .text(run.recipe), .optional(run.recipeHash), .text(run.started),
          .optional(run.seconds), .text(run.tool), .text(run.verdict), .text(run.headline),
          .integer(run.exitCode), .optional(run.baseline), .text(run.identity),
          .optional(run.folder), .optional(run.host),
        ])
      let key = connection.lastRow
      for cell in run.cells { try insert(cell, run: key) }
      try insert(run.gates, run: key)
      let artifact = try connection.prepare(
        "INSERT INTO artifacts(run, path, bytes, sha256) VALUES(?,?,?,?)")
      for file in run.artifacts {
        try artifact.insert([
          .integer(key), .text(file.path), .integer(file.bytes), .text(file.sha256),
        ])
      }
    }
  }

  private func insert(_ cell: CellRecord, run: Int) throws(DSXError) {
    let model = try key(
      "models", ["name", "fingerprint"], [.text(cell.model), .text(cell.modelFingerprint)])
    let dataset = try key(
      "datasets", ["name", "version", "subset", "split", "fingerprint"],
      [
        .text(cell.dataset), .text(cell.version), .text(cell.subset), .text(cell.split),
        .text(cell.datasetFingerprint),
      ])
    try connection.change(
      """
      INSERT INTO cells(run, key, model, dataset, task, identity, status, requested, succeeded,
        failed, skipped, seconds, folder) VALUES(?,?,?,?,?,?,?,?,?,?,?,?,?)
      """,
      [
        .integer(run), .text(cell.key), .integer(model), .integer(dataset), .text(cell.task),
        .text(cell.identity), .text(cell.status), .optional(cell.requested),
        .optional(cell.succeeded), .optional(cell.failed), .optional(cell.skipped),
        .optional(cell.seconds), .optional(cell.folder),
      ])
    let key = connection.lastRow
    var keeping: [Int] = []
    for (place, result) in cell.results.enumerated() {
      try connection.change(
        """
        INSERT INTO results(cell, place, metric, value, se, low, high, n, unit,
          higher_is_better, signature, head) VALUES(?,?,?,?,?,?,?,?,?,?,?,?)
        """,
        [
          .integer(key), .integer(place), .text(result.metric), .optional(result.value),
          .optional(result.standardError), .optional(result.low), .optional(result.high),
          .optional(result.count), .text(result.unit), .flag(result.higherIsBetter),
          .text(result.signature), .optional(result.head?.text()),
        ])
      if result.head != nil { keeping.append(connection.lastRow) }
    }
    let example = try connection.prepare(
      """
      INSERT INTO examples(cell, row, id, cluster, slice, input_hash, prediction_hash)
      VALUES(?,?,?,?,?,?,?)
      """)
    let score = try connection.prepare(
      "INSERT INTO scores(result, row, score, statistics) VALUES(?,?,?,?)")
    for (row, one) in cell.examples.enumerated() {
      guard one.scores.isEmpty || one.scores.count == keeping.count else {
        throw DSXError(.internal, "an example has scores of other metrics than its cell")
      }
      try example.insert([
        .integer(key), .integer(row), .text(one.id), .optional(one.cluster),
        .optional(one.slice), .optional(one.inputHash), .optional(one.predictionHash),
      ])
      for (result, value) in zip(keeping, one.scores) {
        try score.insert([
          .integer(result), .integer(row), .optional(value.score), .text(value.statistics),
        ])
      }
    }
  }

  private func insert(_ gates: [GateRecord], run: Int) throws(DSXError) {
    let statement = try connection.prepare(
      """
      INSERT INTO gates(run, place, cell, model, dataset, metric, outcome, passed, required, test,
        examples, units, baseline, value, difference, low, high, se, p, p_adjusted, detectable,
        gains, losses, variance, size, resampled, reason)
      VALUES(?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)
      """)
    for (place, gate) in gates.enumerated() {
      try statement.insert([
        .integer(run), .integer(place), .text(gate.cell), .text(gate.model), .text(gate.dataset),
        .text(gate.metric), .text(gate.outcome), .flag(gate.passed), .flag(gate.isRequired),
        .optional(gate.test), .optional(gate.examples), .optional(gate.units),
        .optional(gate.baseline), .optional(gate.value), .optional(gate.difference),
        .optional(gate.low), .optional(gate.high), .optional(gate.standardError),
        .optional(gate.pValue), .optional(gate.adjusted), .optional(gate.detectable),
        .optional(gate.gains), .optional(gate.losses), .optional(gate.variance),
        .optional(gate.size), .optional(gate.resampled), .text(gate.reason),
      ])
    }
  }

  /// The key of a row with these values, which is made when it is not there.
  private func key(_ table: String, _ columns: [String], _ values: [HistoryValue])
    throws(DSXError) -> Int
  {
    let names = columns.joined(separator: ", ")
    let marks = columns.map { _ in "?" }.joined(separator: ", ")
    try connection.change(
      "INSERT OR IGNORE INTO \(table)(\(names)) VALUES(\(marks))", values)
    let one = String(decoding: table.utf8.dropLast(), as: UTF8.self)
    let condition = columns.map { $0 + "=?" }.joined(separator: " AND ")
    guard let key = try connection.number("SELECT \(one) FROM \(table) WHERE \(condition)", values)
    else { throw DSXError(.internal, "a row that was inserted is not there", file: path) }
    return key
  }

  /// Removes runs with all that belongs to them. Returns how many there were.
  @discardableResult
  public func remove(_ ids: [String]) throws(DSXError) -> Int {
    let count = try connection.transaction { () throws(DSXError) -> Int in
      var count = 0
      for id in ids {
        count += try connection.number("SELECT count(*) FROM runs WHERE id=?", [.text(id)]) ?? 0
        try connection.change("DELETE FROM runs WHERE id=?", [.text(id)])
      }
      try connection.run(
        """
        DELETE FROM models WHERE model NOT IN (SELECT model FROM cells);
        DELETE FROM datasets WHERE dataset NOT IN (SELECT dataset FROM cells)
        """)
      return count
    }
    // Gives the room back to the disk; not being able to is no fault.
    if count > 0 { try? connection.run("VACUUM") }
    return count
  }
}
