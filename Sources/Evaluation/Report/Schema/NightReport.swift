public import DSXCore

/// `report.json` of a recipe's run: several cells, one comparison, one verdict.
public struct NightReport: ReportPart {
  /// One cell: one model on one data set.
  public struct Cell: ReportPart {
    /// What became of it.
    public enum Status: String, Sendable, CaseIterable {
      /// It was run tonight.
      case done
      /// Nothing that decides its numbers changed: an earlier run's are taken.
      case reused
      /// It ended with an error.
      case failed
      /// It was not reached.
      case missing
    }

    /// Its name, unique in the night: `<model>--<dataset>[--...]`.
    public var cell: String
    /// Its folder beside the night's report.json; nil: none was written.
    public var folder: String?
    /// What became of it.
    public var status: Status
    /// The error, for a failed cell.
    public var error: String?
    /// Its report, without head, comparison, flips, history, gates, verdict and runtime; nil for a
    /// cell without numbers.
    public var report: RunReport?

    /// A cell.
    public init(
      cell: String, folder: String? = nil, status: Status = .done, error: String? = nil,
      report: RunReport?
    ) {
      self.cell = cell
      self.folder = folder
      self.status = status
      self.error = error
      self.report = report
    }

    /// Reads the part; as `ReportPart` says.
    public init(_ reader: ReportReader) throws(DSXError) {
      cell = try reader.text("cell")
      folder = try reader.string("folder")
      status = try reader.word("status") ?? .done
      error = try reader.string("error")
      report = try reader.part("report")
    }

    /// The part as it stands in the file.
    public var json: JSONValue {
      var members = ReportMembers()
      members.add("cell", cell)
      members.add("folder", folder)
      members.add("status", status.rawValue)
      members.add("error", error)
      if var report {
        // These belong to the night: one place for each.
        (report.comparison, report.flips, report.verdict) = (nil, nil, nil)
        (report.history, report.gates) = ([], [])
        var inner = ReportMembers()
        report.write(into: &inner)
        members.add("report", value: inner.json)
      }
      return members.json
    }
  }

  /// SHA-256 of everything that decides the numbers.
  public var identity: String
  /// `dsx` and its version.
  public var tool: String
  /// Free members in order; `recipe.name` and `.description` are shown in the head.
  public var recipe: JSONValue
  /// The cells, in the recipe's order.
  public var cells: [Cell]
  /// Against a baseline; rows name their cell.
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

  /// A report of what every night has; the rest is set afterwards.
  public init(identity: String, tool: String, recipe: JSONValue, cells: [Cell]) {
    self.identity = identity
    self.tool = tool
    self.recipe = recipe
    self.cells = cells
  }

  /// Reads the part; as `ReportPart` says.
  public init(_ reader: ReportReader) throws(DSXError) {
    identity = try reader.string("identity") ?? ""
    tool = try reader.string("tool") ?? "dsx"
    recipe = try reader.object("recipe") ?? .object([])
    cells = try reader.parts("cells")
    comparison = try reader.part("comparison")
    flips = try reader.part("flips")
    history = try reader.parts("history")
    gates = try reader.parts("gates")
    verdict = try reader.part("verdict")
    runtime = try reader.part("runtime")
  }

  /// The part as it stands in the file.
  public var json: JSONValue {
    var members = ReportSchema.head("night")
    members.add("identity", identity)
    members.add("tool", tool)
    members.add("recipe", value: recipe)
    members.add("cells", value: .array(cells.map(\.json)))
    members.add("comparison", comparison)
    members.add("flips", flips)
    members.add("history", history)
    members.add("gates", gates)
    members.add("verdict", verdict)
    members.add("runtime", runtime)
    return members.json
  }
}
