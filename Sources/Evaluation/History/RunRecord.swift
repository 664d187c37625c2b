/// One run as the history keeps it: a night of a recipe, or one `dsx eval`.
public struct RunRecord: Sendable {
  /// Its name, unique in the history: `nightly-2026-11-21`.
  public var id: String
  /// The recipe's name; `eval` for a single evaluation.
  public var recipe: String
  /// SHA-256 of what the recipe says.
  public var recipeHash: String?
  /// When it began, ISO 8601 in UTC.
  public var started: String
  /// How long it took.
  public var seconds: Double?
  /// Name and version of the program.
  public var tool: String
  /// `passed`, `failed` or `incomplete`.
  public var verdict: String
  /// The verdict in a few words.
  public var headline: String
  /// The exit code.
  public var exitCode: Int
  /// The run that it was compared with.
  public var baseline: String?
  /// SHA-256 over all that decides its numbers.
  public var identity: String
  /// Its folder, relative to the history's folder where it lies below it.
  public var folder: String?
  /// The machine.
  public var host: String?
  /// Its cells; empty in lists of runs.
  public var cells: [CellRecord] = []
  /// Its gates; empty in lists of runs.
  public var gates: [GateRecord] = []
  /// The files of its folder.
  public var artifacts: [Artifact] = []

  /// A run.
  public init(
    id: String, recipe: String, recipeHash: String? = nil, started: String,
    seconds: Double? = nil, tool: String, verdict: String, headline: String = "",
    exitCode: Int = 0, baseline: String? = nil, identity: String, folder: String? = nil,
    host: String? = nil
  ) {
    self.id = id
    self.recipe = recipe
    self.recipeHash = recipeHash
    self.started = started
    self.seconds = seconds
    self.tool = tool
    self.verdict = verdict
    self.headline = headline
    self.exitCode = exitCode
    self.baseline = baseline
    self.identity = identity
    self.folder = folder
    self.host = host
  }

  /// Whether later runs may be compared with it: everything was there and no required gate failed.
  public var isGreen: Bool { verdict == RunVerdict.Status.passed.rawValue }

  /// A file of a run's folder.
  public struct Artifact: Sendable, Equatable {
    /// Its path inside the folder.
    public var path: String
    /// Its size.
    public var bytes: Int
    /// Its SHA-256.
    public var sha256: String

    /// A file.
    public init(path: String, bytes: Int, sha256: String) {
      self.path = path
      self.bytes = bytes
      self.sha256 = sha256
    }
  }
}
