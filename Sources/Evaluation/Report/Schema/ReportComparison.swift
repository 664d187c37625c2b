public import DSXCore

/// What a paired test says of a change.
public enum ReportOutcome: String, Sendable, CaseIterable {
  /// The change is for the better, beyond chance.
  case better
  /// The examples suffice to see the smallest change that matters, and there is none.
  case same
  /// The change is for the worse, beyond chance.
  case worse
  /// Too few examples, or none in common.
  case cannotTell = "cannot tell"
}

/// The run against a baseline, metric by metric.
public struct ReportComparison: ReportPart {
  /// What it is compared with.
  public var baseline: ReportBaseline
  /// One row a metric (and cell).
  public var metrics: [MetricChange]
  /// Examples that both have.
  public var shared: Int?
  /// Examples that only this run has.
  public var onlyHere: Int?
  /// Examples that only the baseline has.
  public var onlyBaseline: Int?

  /// A comparison.
  public init(
    baseline: ReportBaseline, metrics: [MetricChange], shared: Int? = nil, onlyHere: Int? = nil,
    onlyBaseline: Int? = nil
  ) {
    self.baseline = baseline
    self.metrics = metrics
    self.shared = shared
    self.onlyHere = onlyHere
    self.onlyBaseline = onlyBaseline
  }

  /// Reads the part; as `ReportPart` says.
  public init(_ reader: ReportReader) throws(DSXError) {
    guard let baseline: ReportBaseline = try reader.part("baseline") else {
      throw reader.fault("baseline", "missing")
    }
    self.baseline = baseline
    metrics = try reader.parts("metrics")
    shared = try reader.count("shared")
    onlyHere = try reader.count("only_here")
    onlyBaseline = try reader.count("only_baseline")
  }

  /// The part as it stands in the file.
  public var json: JSONValue {
    var members = ReportMembers()
    members.add("baseline", baseline)
    members.add("shared", shared)
    members.add("only_here", onlyHere)
    members.add("only_baseline", onlyBaseline)
    members.add("metrics", value: .array(metrics.map(\.json)))
    return members.json
  }
}

/// The run that another is compared with.
public struct ReportBaseline: ReportPart {
  /// Its run id.
  public var run: String
  /// How it was chosen, e.g. `last-green`.
  public var chosen: String?
  /// Its identity.
  public var identity: String?
  /// Its model, where it is another one.
  public var model: String?

  /// A baseline.
  public init(run: String, chosen: String? = nil, identity: String? = nil, model: String? = nil) {
    self.run = run
    self.chosen = chosen
    self.identity = identity
    self.model = model
  }

  /// Reads the part; as `ReportPart` says.
  public init(_ reader: ReportReader) throws(DSXError) {
    run = try reader.text("run")
    chosen = try reader.string("chosen")
    identity = try reader.string("identity")
    model = try reader.string("model")
  }

  /// The part as it stands in the file.
  public var json: JSONValue {
    var members = ReportMembers()
    members.add("run", run)
    members.add("chosen", chosen)
    members.add("identity", identity)
    members.add("model", model)
    return members.json
  }
}

/// The change of one metric.
public struct MetricChange: ReportPart {
  /// The cell, in a night's report; nil in a run's own.
  public var cell: String?
  /// The metric's name as in `results`.
  public var metric: String
  /// The baseline's value.
  public var baselineValue: Double?
  /// The standard error of the baseline's value.
  public var baselineError: Double?
  /// This run's value less the baseline's, on the shared examples.
  public var delta: Double?
  /// The standard error of `delta` (paired).
  public var deltaError: Double?
  /// The interval of `delta`.
  public var interval: ReportInterval?
  /// The test's p-value.
  public var p: Double?
  /// The p-value corrected after Holm.
  public var adjustedP: Double?
  /// The test, e.g. `mcnemar exact`.
  public var test: String?
  /// Examples in common.
  public var count: Int?
  /// Clusters of examples, where they depend on each other.
  public var clusters: Int?
  /// What the test says.
  public var outcome: ReportOutcome
  /// The smallest true change that this comparison finds in 4 of 5 cases.
  public var detectable: Double?

  /// A change.
  public init(
    cell: String? = nil, metric: String, baselineValue: Double?, baselineError: Double? = nil,
    delta: Double?, deltaError: Double? = nil, interval: ReportInterval? = nil, p: Double? = nil,
    adjustedP: Double? = nil, test: String? = nil, count: Int? = nil, clusters: Int? = nil,
    outcome: ReportOutcome, detectable: Double? = nil
  ) {
    self.cell = cell
    self.metric = metric
    self.baselineValue = baselineValue
    self.baselineError = baselineError
    self.delta = delta
    self.deltaError = deltaError
    self.interval = interval
    self.p = p
    self.adjustedP = adjustedP
    self.test = test
    self.count = count
    self.clusters = clusters
    self.outcome = outcome
    self.detectable = detectable
  }

  /// Reads the part; as `ReportPart` says.
  public init(_ reader: ReportReader) throws(DSXError) {
    cell = try reader.string("cell")
    metric = try reader.text("metric")
    baselineValue = try reader.number("baseline_value")
    baselineError = try reader.number("baseline_standard_error")
    delta = try reader.number("delta")
    deltaError = try reader.number("delta_standard_error")
    interval = try reader.part("delta_interval")
    p = try reader.number("p")
    adjustedP = try reader.number("p_adjusted")
    test = try reader.string("test")
    count = try reader.count("n")
    clusters = try reader.count("clusters")
    outcome = try reader.word("verdict") ?? .cannotTell
    detectable = try reader.number("smallest_detectable_change")
  }

  /// The part as it stands in the file.
  public var json: JSONValue {
    var members = ReportMembers()
    members.add("cell", cell)
    members.add("metric", metric)
    members.add("baseline_value", baselineValue)
    members.add("baseline_standard_error", baselineError)
    members.add("delta", delta)
    members.add("delta_standard_error", deltaError)
    members.add("delta_interval", interval)
    members.add("p", p)
    members.add("p_adjusted", adjustedP)
    members.add("test", test)
    members.add("n", count)
    members.add("clusters", clusters)
    members.add("verdict", outcome.rawValue)
    members.add("smallest_detectable_change", detectable)
    return members.json
  }
}
