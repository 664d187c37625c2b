/// How the p-values of a run's gates are corrected for being many.
public enum GateCorrection: String, Sendable, CaseIterable {
  /// Holm's step-down correction: at most a share alpha of runs without change has any false alarm.
  case holm
  /// None: each gate alone has a false alarm in at most a share alpha of runs.
  case none
}

/// The settings that all gates of a run share.
public struct GateSettings: Sendable, Equatable {
  /// The share of runs without change in which a false alarm may happen.
  public var alpha: Double
  /// The correction for many gates.
  public var correction: GateCorrection
  /// Resamples of the bootstrap and trials of randomisation.
  public var resamples: Int
  /// Seed of both.
  public var seed: UInt64

  /// The defaults: 5 per cent, Holm, 10,000, seed 12345.
  public init(
    alpha: Double = 0.05, correction: GateCorrection = .holm, resamples: Int = 10_000,
    seed: UInt64 = 12345
  ) {
    self.alpha = alpha
    self.correction = correction
    self.resamples = resamples
    self.seed = seed
  }

  /// The level that one of `count` gates is sure to be tested at: Holm's first step.
  public func level(gates count: Int) -> Double {
    correction == .holm ? alpha / Double(max(1, count)) : alpha
  }
}
