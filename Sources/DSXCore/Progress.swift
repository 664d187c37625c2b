/// Where a long piece of work reports how far it is. Called once a batch, from any thread.
///
/// Rooms never print: the command line draws a bar, writes a line every 10 s, or drops it.
public protocol ProgressSink: Sendable {
  /// `done` of `total` units are finished; `total` is nil when unknown.
  func report(_ progress: Progress)
}

/// One progress report.
public struct Progress: Sendable {
  /// What is being done, e.g. `tokenising`.
  public var phase: String
  /// Units finished.
  public var done: Int
  /// Units in all, if known.
  public var total: Int?
  /// The name of the unit: `bytes`, `examples`, `rows`.
  public var unit: String
  /// Of `done`, units that were found finished since the last report: they say nothing of the speed.
  public var skipped: Int
  /// Something else that is counted on the way, e.g. tokens.
  public var also: Amount?

  /// So many of something.
  public struct Amount: Sendable {
    /// How many.
    public var done: Int
    /// The name of the unit.
    public var unit: String

    /// An amount.
    public init(done: Int, unit: String) {
      self.done = done
      self.unit = unit
    }
  }

  /// A report.
  public init(phase: String, done: Int, total: Int?, unit: String, skipped: Int = 0) {
    self.phase = phase
    self.done = done
    self.total = total
    self.unit = unit
    self.skipped = skipped
  }
}

/// Drops every report.
public struct SilentProgress: ProgressSink {
  /// A sink that does nothing.
  public init() {}
  /// Does nothing.
  public func report(_: Progress) {}
}
