public import DSXCore

/// What `schema` and `schema_version` say in every report of this form.
public enum ReportSchema {
  /// The schema's name.
  public static let name = "dsx-evaluation-report"
  /// Its version; readers refuse others.
  public static let version = 2

  static func head(_ kind: String) -> ReportMembers {
    var members = ReportMembers()
    members.add("schema", name)
    members.add("schema_version", version)
    members.add("kind", kind)
    return members
  }
}

/// `report.json` of one run: one model, one data set, one task (a cell of a recipe).
public struct RunReport: ReportPart {
  /// SHA-256 of everything that decides the numbers.
  public var identity: String
  /// `dsx` and its version.
  public var tool: String
  /// Objects of free members in order; `dataset.name`, `.subset`, `.split`, `.version`, `model.name`,
  /// `task.name`, `task.version`, `task.request` are shown in the head.
  public var dataset: JSONValue
  /// The model, as an object of free members.
  public var model: JSONValue
  /// The tokenizer, likewise.
  public var tokenizer: JSONValue?
  /// The task, likewise.
  public var task: JSONValue
  /// Everything chosen that changes a number, likewise.
  public var settings: JSONValue
  /// What became of the examples.
  public var counts: ReportCounts
  /// The metrics, most important first.
  public var results: [ReportResult]
  /// Scores of every label.
  public var perClass: [ClassScore] = []
  /// Counts of right labels and answers.
  public var confusion: ConfusionTable?
  /// Confidence against accuracy.
  public var reliability: Reliability?
  /// Spreads over examples: margins, nats a token, sentence scores, length ratios.
  public var distributions: [Distribution] = []
  /// Scores by length or by a column.
  public var slices: [SliceScores] = []
  /// Sums that results are made of: `nll`, `tokens`, `words`, `bytes`, `windows`.
  public var totals: JSONValue?
  /// Examples to look at: surest mistakes, hardest documents, worst translations.
  public var examples: [ExampleTable] = []
  /// What the data are like.
  public var dataCard: ReportDataCard?
  /// The first examples without scores.
  public var failures: [ReportFailure] = []
  /// Against a baseline.
  public var comparison: ReportComparison?
  /// Answers that are other ones than the baseline's.
  public var flips: ReportFlips?
  /// Metrics over earlier runs.
  public var history: [MetricSeries] = []
  /// What every gate said.
  public var gates: [ReportGate] = []
  /// The one answer.
  public var verdict: ReportVerdict?
  /// Always last.
  public var runtime: ReportRuntime?

  /// A report of what every run has; the rest is set afterwards.
  public init(
    identity: String, tool: String, dataset: JSONValue, model: JSONValue,
    tokenizer: JSONValue? = nil, task: JSONValue, settings: JSONValue, counts: ReportCounts,
    results: [ReportResult]
  ) {
    self.identity = identity
    self.tool = tool
    self.dataset = dataset
    self.model = model
    self.tokenizer = tokenizer
    self.task = task
    self.settings = settings
    self.counts = counts
    self.results = results
  }

  /// Reads the part; as `ReportPart` says.
  public init(_ reader: ReportReader) throws(DSXError) {
    identity = try reader.string("identity") ?? ""
    tool = try reader.string("tool") ?? "dsx"
    dataset = try reader.object("dataset") ?? .object([])
    model = try reader.object("model") ?? .object([])
    tokenizer = try reader.object("tokenizer")
    task = try reader.object("task") ?? .object([])
    settings = try reader.object("settings") ?? .object([])
    guard let counts: ReportCounts = try reader.part("counts") else {
      throw reader.fault("counts", "missing")
    }
    self.counts = counts
    results = try reader.parts("results")
    perClass = try reader.parts("per_class")
    confusion = try reader.part("confusion")
    reliability = try reader.part("reliability")
    distributions = try reader.parts("distributions")
    slices = try reader.parts("slices")
    totals = try reader.object("totals")
    examples = try reader.parts("examples")
    dataCard = try reader.part("data_card")
    failures = try reader.parts("failures")
    comparison = try reader.part("comparison")
    flips = try reader.part("flips")
    history = try reader.parts("history")
    gates = try reader.parts("gates")
    verdict = try reader.part("verdict")
    runtime = try reader.part("runtime")
  }

  /// The part as it stands in the file.
  public var json: JSONValue {
    var members = ReportSchema.head("run")
    write(into: &members)
    members.add("runtime", runtime)
    return members.json
  }

  /// Everything but the head and `runtime`.
  func write(into members: inout ReportMembers) {
    members.add("identity", identity)
    members.add("tool", tool)
    members.add("dataset", value: dataset)
    members.add("model", value: model)
    members.add("tokenizer", value: tokenizer)
    members.add("task", value: task)
    members.add("settings", value: settings)
    members.add("counts", counts)
    members.add("results", value: .array(results.map(\.json)))
    members.add("per_class", perClass)
    members.add("confusion", confusion)
    members.add("reliability", reliability)
    members.add("distributions", distributions)
    members.add("slices", slices)
    members.add("totals", value: totals)
    members.add("examples", examples)
    members.add("data_card", dataCard)
    members.add("failures", failures)
    members.add("comparison", comparison)
    members.add("flips", flips)
    members.add("history", history)
    members.add("gates", gates)
    members.add("verdict", verdict)
  }
}
