public import DSXCore

/// Counts in bins of equal width.
public struct BinnedCounts: ReportPart {
  /// The lower end of the axis.
  public var lower: Double
  /// The upper end.
  public var upper: Double
  /// Examples a bin.
  public var counts: [Int]
  /// The baseline's, in the same bins.
  public var baselineCounts: [Int]
  /// Examples that lie in no bin.
  public var outside: Int

  /// A histogram.
  public init(
    lower: Double, upper: Double, counts: [Int], baselineCounts: [Int] = [], outside: Int = 0
  ) {
    self.lower = lower
    self.upper = upper
    self.counts = counts
    self.baselineCounts = baselineCounts
    self.outside = outside
  }

  /// Reads the part; as `ReportPart` says.
  public init(_ reader: ReportReader) throws(DSXError) {
    lower = try reader.needed("lower")
    upper = try reader.needed("upper")
    counts = try reader.counts("counts")
    baselineCounts = try reader.counts("baseline_counts")
    outside = try reader.count("outside") ?? 0
    guard lower.isFinite, upper.isFinite, upper > lower, !counts.isEmpty else {
      throw reader.fault("counts", "no histogram: it needs lower < upper and a bin")
    }
    guard baselineCounts.isEmpty || baselineCounts.count == counts.count else {
      throw reader.fault("baseline_counts", "not as long as counts")
    }
  }

  /// The part as it stands in the file.
  public var json: JSONValue {
    var members = ReportMembers()
    members.add("lower", lower)
    members.add("upper", upper)
    members.add("counts", value: .array(counts.map { .int(Int64($0)) }))
    members.add("baseline_counts", baselineCounts)
    if outside > 0 { members.add("outside", outside) }
    return members.json
  }
}

/// The spread of one number over the examples: a score, a length ratio, a negative log-likelihood.
public struct Distribution: ReportPart {
  /// What the numbers are, e.g. `sentence BLEU`; the panel's title.
  public var name: String
  /// The axis, with unit, e.g. `nats a token`.
  public var axis: String
  /// What is counted, e.g. `documents`.
  public var unit: String
  /// The counts.
  public var histogram: BinnedCounts
  /// Their mean.
  public var mean: Double?
  /// Their median.
  public var median: Double?

  /// A distribution.
  public init(
    name: String, axis: String, unit: String = "examples", histogram: BinnedCounts,
    mean: Double? = nil, median: Double? = nil
  ) {
    self.name = name
    self.axis = axis
    self.unit = unit
    self.histogram = histogram
    self.mean = mean
    self.median = median
  }

  /// Reads the part; as `ReportPart` says.
  public init(_ reader: ReportReader) throws(DSXError) {
    name = try reader.text("name")
    axis = try reader.string("axis") ?? name
    unit = try reader.string("unit") ?? "examples"
    guard let histogram: BinnedCounts = try reader.part("histogram") else {
      throw reader.fault("histogram", "missing")
    }
    self.histogram = histogram
    mean = try reader.number("mean")
    median = try reader.number("median")
  }

  /// The part as it stands in the file.
  public var json: JSONValue {
    var members = ReportMembers()
    members.add("name", name)
    members.add("axis", axis)
    members.add("unit", unit)
    members.add("histogram", histogram)
    members.add("mean", mean)
    members.add("median", median)
    return members.json
  }
}

/// A score in groups of examples: by length (in order) or by a column (question type).
public struct SliceScores: ReportPart {
  /// One group.
  public struct Group: ReportPart {
    /// The group, e.g. `128 to 255` or `when`.
    public var name: String
    /// Examples in it.
    public var count: Int
    /// The score; nil: not defined.
    public var value: Double?
    /// Its standard error.
    public var standardError: Double?
    /// The baseline's score of the same group.
    public var baseline: Double?

    /// A group.
    public init(
      name: String, count: Int, value: Double?, standardError: Double? = nil,
      baseline: Double? = nil
    ) {
      self.name = name
      self.count = count
      self.value = value
      self.standardError = standardError
      self.baseline = baseline
    }

    /// Reads the part; as `ReportPart` says.
    public init(_ reader: ReportReader) throws(DSXError) {
      name = try reader.identifier("name")
      count = try reader.count("n") ?? 0
      value = try reader.number("value")
      standardError = try reader.number("standard_error")
      baseline = try reader.number("baseline_value")
    }

    /// The part as it stands in the file.
    public var json: JSONValue {
      var members = ReportMembers()
      members.add("name", name)
      members.add("n", count)
      members.add("value", value)
      members.add("standard_error", standardError)
      members.add("baseline_value", baseline)
      return members.json
    }
  }

  /// What makes the groups, e.g. `tokens` or `question type`.
  public var by: String
  /// The metric.
  public var metric: String
  /// Whether larger is better.
  public var higherIsBetter: Bool
  /// The groups, in the order to show.
  public var groups: [Group]

  /// Scores of groups.
  public init(by: String, metric: String, higherIsBetter: Bool = true, groups: [Group]) {
    self.by = by
    self.metric = metric
    self.higherIsBetter = higherIsBetter
    self.groups = groups
  }

  /// Reads the part; as `ReportPart` says.
  public init(_ reader: ReportReader) throws(DSXError) {
    by = try reader.text("by")
    metric = try reader.text("metric")
    higherIsBetter = try reader.flag("higher_is_better") ?? true
    groups = try reader.parts("groups")
  }

  /// The part as it stands in the file.
  public var json: JSONValue {
    var members = ReportMembers()
    members.add("by", by)
    members.add("metric", metric)
    members.add("higher_is_better", higherIsBetter)
    members.add("groups", value: .array(groups.map(\.json)))
    return members.json
  }
}
