public import Models

/// Whether the model's begin-of-text id goes before every text.
public enum BOSChoice: String, CaseIterable, Sendable {
  /// As the model's configuration says.
  case auto
  /// Always; an error when the model has none.
  case on
  /// Never.
  case off
}

/// What a user can choose for one evaluation.
public struct EvaluationOptions: Sendable {
  /// The scoring rule; nil: the task's default.
  public var rule: LabelScoringRule?
  /// The begin-of-text id.
  public var bos: BOSChoice
  /// Only the first so many examples.
  public var limit: Int?
  /// Ids that each window after the first predicts; nil: the model's context.
  public var stride: Int?
  /// Threads; never changes a result.
  public var workers: Int
  /// Name and version of the tool, for the report.
  public var tool: String

  /// Options; the defaults are those of the command line.
  public init(
    rule: LabelScoringRule? = nil, bos: BOSChoice = .auto, limit: Int? = nil, stride: Int? = nil,
    workers: Int = 1, tool: String = "dsx"
  ) {
    self.rule = rule
    self.bos = bos
    self.limit = limit
    self.stride = stride
    self.workers = workers
    self.tool = tool
  }
}
