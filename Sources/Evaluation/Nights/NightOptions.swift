/// How a recipe is run this time.
public struct NightOptions: Sendable {
  /// Where runs and their history lie.
  public var reports: String
  /// The night's name: part of the run's id, and the same night continues.
  public var night: String
  /// The run's folder; nil: `REPORTS/RECIPE-NIGHT`.
  public var output: String?
  /// Replaces another run in that folder.
  public var overwrite: Bool
  /// Computes every cell anew, also those that an earlier run has.
  public var fresh: Bool
  /// Threads; never changes a result.
  public var workers: Int
  /// Name and version of the program.
  public var tool: String
  /// The command line, for the report.
  public var command: String?
  /// The time now, ISO 8601 in UTC: asked for at the beginning and the end.
  public var now: @Sendable () -> String
  /// Monotonic seconds.
  public var clock: @Sendable () -> Double

  /// Options.
  public init(
    reports: String = "reports", night: String, output: String? = nil, overwrite: Bool = false,
    fresh: Bool = false, workers: Int = 1, tool: String, command: String? = nil,
    now: @escaping @Sendable () -> String, clock: @escaping @Sendable () -> Double
  ) {
    self.reports = reports
    self.night = night
    self.output = output
    self.overwrite = overwrite
    self.fresh = fresh
    self.workers = workers
    self.tool = tool
    self.command = command
    self.now = now
    self.clock = clock
  }
}

/// What came of a recipe's run.
public struct NightOutcome: Sendable {
  /// The run's id.
  public var run: String
  /// Its folder.
  public var folder: String
  /// The report.
  public var report: NightReport
  /// Whether it was finished before.
  public var wasFinished: Bool
  /// What went wrong beside the run: a notify command that failed, runs that could not be pruned.
  public var warnings: [String]
  /// Runs that were pruned.
  public var pruned: [String]
}
