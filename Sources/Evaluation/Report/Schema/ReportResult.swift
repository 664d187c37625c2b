public import DSXCore

/// One metric's value over one run.
public struct ReportResult: ReportPart {
  /// The metric's name, unique in the run, e.g. `accuracy`.
  public var metric: String
  /// The value; nil: not defined on these examples.
  public var value: Double?
  /// What it is counted in, e.g. `share`, `points`, `bits a byte`.
  public var unit: String?
  /// Its standard error, in the same unit.
  public var standardError: Double?
  /// How the error was made, e.g. `bootstrap 1000 seed 12345`.
  public var standardErrorMethod: String?
  /// An interval of the value.
  public var interval: ReportInterval?
  /// Examples that it is over.
  public var count: Int
  /// Every setting that changes the number.
  public var signature: String
  /// Whether larger is better.
  public var higherIsBetter: Bool

  /// A result.
  public init(
    metric: String, value: Double?, unit: String? = nil, standardError: Double? = nil,
    standardErrorMethod: String? = nil, interval: ReportInterval? = nil, count: Int,
    signature: String, higherIsBetter: Bool
  ) {
    self.metric = metric
    self.value = value
    self.unit = unit
    self.standardError = standardError
    self.standardErrorMethod = standardErrorMethod
    self.interval = interval
    self.count = count
    self.signature = signature
    self.higherIsBetter = higherIsBetter
  }

  /// Reads the part; as `ReportPart` says.
  public init(_ reader: ReportReader) throws(DSXError) {
    metric = try reader.text("metric")
    value = try reader.number("value")
    unit = try reader.string("unit")
    standardError = try reader.number("standard_error")
    standardErrorMethod = try reader.string("standard_error_method")
    interval = try reader.part("interval")
    count = try reader.count("n") ?? 0
    signature = try reader.string("signature") ?? ""
    higherIsBetter = try reader.flag("higher_is_better") ?? true
  }

  /// The part as it stands in the file.
  public var json: JSONValue {
    var members = ReportMembers()
    members.add("metric", metric)
    members.addOrNull("value", value)
    members.add("unit", unit)
    members.add("standard_error", standardError)
    members.add("standard_error_method", standardErrorMethod)
    members.add("interval", interval)
    members.add("n", count)
    members.add("signature", signature)
    members.add("higher_is_better", higherIsBetter)
    return members.json
  }
}

/// An interval of a value or of a difference.
public struct ReportInterval: ReportPart {
  /// The lower end.
  public var low: Double
  /// The upper end.
  public var high: Double
  /// The coverage that it is made for, e.g. 0.95.
  public var level: Double
  /// Both ends, where they are numbers in order.
  var ends: ClosedRange<Double>? {
    low.isFinite && high.isFinite && low <= high ? low...high : nil
  }
  /// How it was made, e.g. `percentile bootstrap 1000 seed 12345`.
  public var method: String?

  /// An interval.
  public init(low: Double, high: Double, level: Double = 0.95, method: String? = nil) {
    self.low = low
    self.high = high
    self.level = level
    self.method = method
  }

  /// Reads the part; as `ReportPart` says.
  public init(_ reader: ReportReader) throws(DSXError) {
    low = try reader.needed("low")
    high = try reader.needed("high")
    level = try reader.number("level") ?? 0.95
    method = try reader.string("method")
  }

  /// The part as it stands in the file.
  public var json: JSONValue {
    var members = ReportMembers()
    members.add("low", low)
    members.add("high", high)
    members.add("level", level)
    members.add("method", method)
    return members.json
  }
}

/// How many examples there were, and what became of them.
public struct ReportCounts: ReportPart {
  /// Examples that the selection holds.
  public var requested: Int
  /// Examples with an answer and scores.
  public var succeeded: Int
  /// Examples that could not be scored; each has a reason.
  public var failed: Int
  /// Examples that a rule of the task leaves out.
  public var skipped: Int
  /// Examples without any line: the run did not reach them.
  public var missing: Int
  /// Tokens that were scored.
  public var scoredTokens: Int?
  /// Tokens that were generated.
  public var generatedTokens: Int?

  /// Counts.
  public init(
    requested: Int, succeeded: Int, failed: Int = 0, skipped: Int = 0, missing: Int = 0,
    scoredTokens: Int? = nil, generatedTokens: Int? = nil
  ) {
    self.requested = requested
    self.succeeded = succeeded
    self.failed = failed
    self.skipped = skipped
    self.missing = missing
    self.scoredTokens = scoredTokens
    self.generatedTokens = generatedTokens
  }

  /// Reads the part; as `ReportPart` says.
  public init(_ reader: ReportReader) throws(DSXError) {
    requested = try reader.count("requested") ?? 0
    succeeded = try reader.count("succeeded") ?? 0
    failed = try reader.count("failed") ?? 0
    skipped = try reader.count("skipped") ?? 0
    missing = try reader.count("missing") ?? 0
    scoredTokens = try reader.count("scored_tokens")
    generatedTokens = try reader.count("generated_tokens")
  }

  /// The part as it stands in the file.
  public var json: JSONValue {
    var members = ReportMembers()
    members.add("requested", requested)
    members.add("succeeded", succeeded)
    members.add("failed", failed)
    members.add("skipped", skipped)
    members.add("missing", missing)
    members.add("scored_tokens", scoredTokens)
    members.add("generated_tokens", generatedTokens)
    return members.json
  }
}
