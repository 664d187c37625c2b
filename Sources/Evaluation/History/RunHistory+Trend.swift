public import DSXCore

extension RunHistory {
  /// One value of a trend.
  public struct TrendPoint: Sendable, Equatable {
    /// The run.
    public var run: String
    /// When it began.
    public var started: String
    /// The cell.
    public var cell: String
    /// The value.
    public var value: Double?
    /// Its standard error.
    public var standardError: Double?
    /// The ends of its interval; nil where it has none.
    public var interval: ClosedRange<Double>?
    /// Number of examples.
    public var count: Int?
    /// The unit.
    public var unit: String
    /// Whether larger is better.
    public var higherIsBetter: Bool
    /// The run's verdict.
    public var verdict: String
    /// Fingerprint of the model.
    public var modelFingerprint: String
    /// Fingerprint of the data set.
    public var datasetFingerprint: String
    /// The program.
    public var tool: String
    /// The outcome of the run's gate on this metric; nil without one.
    public var gate: String?
    /// The metric.
    public var metric: String
  }

  /// The values of a metric over the runs, the oldest first; at most the newest `limit` runs.
  ///
  /// - Parameters:
  ///   - recipe: only runs of that recipe.
  ///   - cell: only that cell; nil with `dataset` and `model` as filters.
  ///   - except: a run that is left out.
  public func trend(
    recipe: String? = nil, cell: String? = nil, dataset: String? = nil, model: String? = nil,
    metric: String? = nil, limit: Int? = nil, except: String? = nil
  ) throws(DSXError) -> [TrendPoint] {
    var points: [TrendPoint] = []
    try connection.each(
      """
      WITH chosen AS (
        SELECT * FROM runs WHERE (?1 IS NULL OR recipe=?1) AND (?7 IS NULL OR id<>?7)
        ORDER BY started DESC, id DESC LIMIT ?6)
      SELECT chosen.id, chosen.started, cells.key, results.value, results.se, results.n,
        results.unit, results.higher_is_better, chosen.verdict, models.fingerprint,
        datasets.fingerprint, chosen.tool, gates.outcome, results.metric, results.low,
        results.high
      FROM chosen JOIN cells ON cells.run=chosen.run JOIN models USING(model)
        JOIN datasets USING(dataset) JOIN results ON results.cell=cells.cell
        LEFT JOIN gates ON gates.run=chosen.run AND gates.cell=cells.key
          AND gates.metric=results.metric
      WHERE (?2 IS NULL OR cells.key=?2) AND (?3 IS NULL OR datasets.name=?3)
        AND (?4 IS NULL OR models.name=?4) AND (?5 IS NULL OR results.metric=?5)
      ORDER BY chosen.started, chosen.id, cells.cell, results.place
      """,
      [
        .optional(recipe), .optional(cell), .optional(dataset), .optional(model),
        .optional(metric), .integer(limit ?? -1), .optional(except),
      ]
    ) { (row) throws(DSXError) in
      points.append(
        TrendPoint(
          run: row.text(0) ?? "", started: row.text(1) ?? "", cell: row.text(2) ?? "",
          value: row.number(3), standardError: row.number(4), interval: Self.interval(row),
          count: row.integer(5),
          unit: row.text(6) ?? "", higherIsBetter: row.flag(7), verdict: row.text(8) ?? "",
          modelFingerprint: row.text(9) ?? "", datasetFingerprint: row.text(10) ?? "",
          tool: row.text(11) ?? "", gate: row.text(12), metric: row.text(13) ?? ""))
    }
    return points
  }

  private static func interval(_ row: HistoryStatement) -> ClosedRange<Double>? {
    guard let low = row.number(14), let high = row.number(15), low <= high else { return nil }
    return low...high
  }
}
