internal import DSXCore

/// One model on one data set with one task: what a run folder holds, and what recipes are made of.
public struct EvaluationCell: Sendable, Equatable {
  /// A model folder, a GGUF file, or a name in `models/`; nil with `predictions`.
  public var model: String?
  /// A file of predictions instead of a model.
  public var predictions: String?
  /// A catalog name, `namespace/name`, a folder, or a file.
  public var dataset: String
  /// The task; nil: the data set's own.
  public var task: String?
  /// The data set's subset.
  public var subset: String?
  /// The data set's split.
  public var split: String?
  /// The data set's version.
  public var version: String?
  /// The task's variant.
  public var compat: String?
  /// The task to open the model for, by any of ModelScope's names.
  public var modelTask: String?
  /// The folder of the encoder, for a folder that holds only a head.
  public var backbone: String?
  /// Everything else that can be chosen.
  public var options: EvaluationOptions

  /// A cell.
  public init(
    model: String?, predictions: String? = nil, dataset: String, task: String? = nil,
    subset: String? = nil, split: String? = nil, version: String? = nil, compat: String? = nil,
    modelTask: String? = nil, backbone: String? = nil,
    options: EvaluationOptions = EvaluationOptions()
  ) {
    self.model = model
    self.predictions = predictions
    self.dataset = dataset
    self.task = task
    self.subset = subset
    self.split = split
    self.version = version
    self.compat = compat
    self.modelTask = modelTask
    self.backbone = backbone
    self.options = options
  }
}

/// What came of a cell.
public struct CellOutcome: Sendable {
  /// How it came about.
  public enum Status: String, Sendable {
    /// Computed now, in whole or from where an earlier run was stopped.
    case done
    /// The very same run was there already, in its folder.
    case reused
    /// An earlier run of the same identity had left its results in the cache.
    case cached
  }

  /// How it came about.
  public let status: Status
  /// The run folder.
  public let folder: String
  /// The report, with `runtime`.
  public let report: RunReport
  /// SHA-256 of everything that decides the numbers.
  public let identity: String

  /// Examples without a score that should have one.
  public var incomplete: Int { report.counts.failed + report.counts.missing }
}
