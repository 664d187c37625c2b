public import DSXCore

/// One metric over earlier runs, oldest first.
///
/// The run that the report is about is not in it: its value stands in `results`. So the same run
/// over the same history gives the same bytes.
public struct MetricSeries: ReportPart {
  /// One earlier run.
  public struct Point: ReportPart {
    /// Its run id.
    public var run: String
    /// Its date (UTC), `2026-11-20`.
    public var date: String?
    /// The value; nil: the run has none (it failed).
    public var value: Double?
    /// Its standard error.
    public var standardError: Double?
    /// The ends of its interval; nil: those of 1.96 standard errors.
    public var interval: ClosedRange<Double>?
    /// What its gate said.
    public var outcome: ReportOutcome?
    /// What was another than in the run before: `model`, `data`, `tool`, `task`, `settings`.
    public var changed: [String]

    /// A point.
    public init(
      run: String, date: String? = nil, value: Double?, standardError: Double? = nil,
      interval: ClosedRange<Double>? = nil, outcome: ReportOutcome? = nil, changed: [String] = []
    ) {
      self.interval = interval
      self.run = run
      self.date = date
      self.value = value
      self.standardError = standardError
      self.outcome = outcome
      self.changed = changed
    }

    /// Reads the part; as `ReportPart` says.
    public init(_ reader: ReportReader) throws(DSXError) {
      run = try reader.text("run")
      date = try reader.string("date")
      value = try reader.number("value")
      standardError = try reader.number("standard_error")
      let (low, high) = (try reader.number("low"), try reader.number("high"))
      if let low, let high, low <= high { interval = low...high }
      outcome = try reader.word("outcome")
      changed = try reader.strings("changed")
    }

    /// The part as it stands in the file.
    public var json: JSONValue {
      var members = ReportMembers()
      members.add("run", run)
      members.add("date", date)
      members.addOrNull("value", value)
      members.add("standard_error", standardError)
      members.add("low", interval?.lowerBound)
      members.add("high", interval?.upperBound)
      members.add("outcome", outcome?.rawValue)
      members.add("changed", changed)
      return members.json
    }
  }

  /// The cell, in a night's report.
  public var cell: String?
  /// The metric's name as in `results`.
  public var metric: String
  /// Earlier runs, oldest first.
  public var points: [Point]
  /// What is another in this run than in the last point.
  public var changedNow: [String]

  /// A series.
  public init(cell: String? = nil, metric: String, points: [Point], changedNow: [String] = []) {
    self.cell = cell
    self.metric = metric
    self.points = points
    self.changedNow = changedNow
  }

  /// Reads the part; as `ReportPart` says.
  public init(_ reader: ReportReader) throws(DSXError) {
    cell = try reader.string("cell")
    metric = try reader.text("metric")
    points = try reader.parts("points")
    changedNow = try reader.strings("changed_now")
  }

  /// The part as it stands in the file.
  public var json: JSONValue {
    var members = ReportMembers()
    members.add("cell", cell)
    members.add("metric", metric)
    members.add("points", value: .array(points.map(\.json)))
    members.add("changed_now", changedNow)
    return members.json
  }
}
