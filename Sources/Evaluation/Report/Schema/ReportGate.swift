public import DSXCore
internal import Reports

/// One gate and what it said.
public struct ReportGate: ReportPart {
  /// What became of it.
  public enum Status: String, Sendable, CaseIterable {
    /// It lets the run pass.
    case passed
    /// It does not.
    case failed
    /// It could not be judged: examples or the baseline are missing.
    case incomplete
  }

  /// Its name, unique in the recipe, e.g. `tnews accuracy`.
  public var name: String
  /// The cell, in a night's report.
  public var cell: String?
  /// The metric's name as in `results`.
  public var metric: String
  /// Whether the exit code depends on it.
  public var isRequired: Bool
  /// What became of it.
  public var status: Status
  /// What the test said; nil where only a floor is checked, or nothing could be tested.
  public var outcome: ReportOutcome?
  /// The verdict in one sentence, for readers.
  public var sentence: String
  /// The test.
  public var test: String?
  /// The level of the test.
  public var alpha: Double?
  /// The smallest change that counts.
  public var minimumEffect: Double?
  /// The value that must be held whatever the baseline says.
  public var floor: Double?
  /// The value.
  public var value: Double?
  /// The change against the baseline.
  public var delta: Double?
  /// The p-value of the test.
  public var p: Double?
  /// The p-value corrected after Holm.
  public var adjustedP: Double?
  /// The smallest true change that this gate finds in 4 of 5 nights.
  public var detectable: Double?

  /// A gate.
  public init(
    name: String, cell: String? = nil, metric: String, isRequired: Bool = true, status: Status,
    outcome: ReportOutcome?, sentence: String, test: String? = nil, alpha: Double? = nil,
    minimumEffect: Double? = nil, floor: Double? = nil, value: Double? = nil,
    delta: Double? = nil, p: Double? = nil, adjustedP: Double? = nil, detectable: Double? = nil
  ) {
    self.name = name
    self.cell = cell
    self.metric = metric
    self.isRequired = isRequired
    self.status = status
    self.outcome = outcome
    self.sentence = sentence
    self.test = test
    self.alpha = alpha
    self.minimumEffect = minimumEffect
    self.floor = floor
    self.value = value
    self.delta = delta
    self.p = p
    self.adjustedP = adjustedP
    self.detectable = detectable
  }

  /// Reads the part; as `ReportPart` says.
  public init(_ reader: ReportReader) throws(DSXError) {
    name = try reader.text("name")
    cell = try reader.string("cell")
    metric = try reader.text("metric")
    isRequired = try reader.flag("required") ?? true
    status = try reader.word("status") ?? .incomplete
    outcome = try reader.word("outcome")
    sentence = try reader.string("sentence") ?? ""
    test = try reader.string("test")
    alpha = try reader.number("alpha")
    minimumEffect = try reader.number("min_effect")
    floor = try reader.number("hard_floor")
    value = try reader.number("value")
    delta = try reader.number("delta")
    p = try reader.number("p")
    adjustedP = try reader.number("p_adjusted")
    detectable = try reader.number("smallest_detectable_change")
  }

  /// The part as it stands in the file.
  public var json: JSONValue {
    var members = ReportMembers()
    members.add("name", name)
    members.add("cell", cell)
    members.add("metric", metric)
    members.add("required", isRequired)
    members.add("status", status.rawValue)
    members.add("outcome", outcome?.rawValue)
    members.add("sentence", sentence)
    members.add("test", test)
    members.add("alpha", alpha)
    members.add("min_effect", minimumEffect)
    members.add("hard_floor", floor)
    members.add("value", value)
    members.add("delta", delta)
    members.add("p", p)
    members.add("p_adjusted", adjustedP)
    members.add("smallest_detectable_change", detectable)
    return members.json
  }
}

/// The report's one answer: every output shows these words and nothing of its own.
public struct ReportVerdict: ReportPart {
  /// How it went.
  public enum Status: String, Sendable, CaseIterable {
    /// Every required gate passed.
    case passed
    /// A required gate failed.
    case failed
    /// Examples, cells or gates are missing.
    case incomplete
    /// Nothing was to be judged.
    case ungated = "no gates"
  }

  /// How it went.
  public var status: Status
  /// A few words, e.g. `1 of 8 gates failed`.
  public var headline: String
  /// One or two sentences.
  public var sentence: String
  /// The exit code of the command that made the report.
  public var exitCode: Int

  /// A verdict.
  public init(status: Status, headline: String, sentence: String = "", exitCode: Int) {
    self.status = status
    self.headline = headline
    self.sentence = sentence
    self.exitCode = exitCode
  }

  /// Reads the part; as `ReportPart` says.
  public init(_ reader: ReportReader) throws(DSXError) {
    status = try reader.word("status") ?? .incomplete
    headline = try reader.text("headline")
    sentence = try reader.string("sentence") ?? ""
    exitCode = try reader.count("exit_code") ?? 0
  }

  /// The part as it stands in the file.
  public var json: JSONValue {
    var members = ReportMembers()
    members.add("status", status.rawValue)
    members.add("headline", headline)
    members.add("sentence", sentence)
    members.add("exit_code", exitCode)
    return members.json
  }

  /// The verdict of a run without gates: whether every example was scored, and whether all of them
  /// were asked for.
  public static func ungated(_ counts: ReportCounts, limit: Int? = nil) -> ReportVerdict {
    if counts.requested == 0 {
      return ReportVerdict(
        status: .incomplete, headline: "No examples",
        sentence: "The selection holds no examples; there is nothing to score.", exitCode: 4)
    }
    let lost = counts.failed + counts.missing
    let number = NumberFormat.grouped
    if lost > 0 {
      let what =
        counts.missing == 0
        ? "failed" : counts.failed == 0 ? "are missing" : "failed or are missing"
      return ReportVerdict(
        status: .incomplete,
        headline: "\(number(lost)) of \(number(counts.requested)) examples \(what)",
        sentence:
          "The numbers are over the other examples only; they do not compare with a full run.",
        exitCode: 5)
    }
    if let limit {
      return ReportVerdict(
        status: .ungated, headline: "Only the first \(number(limit)) examples",
        sentence: "The numbers do not compare with a full run.", exitCode: 0)
    }
    return ReportVerdict(
      status: .ungated, headline: "All \(number(counts.succeeded)) examples scored",
      sentence: "No gates: nothing was compared or judged.", exitCode: 0)
  }
}
