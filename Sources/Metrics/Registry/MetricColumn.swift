/// What a metric reads of each example, by the role that the value plays.
public struct MetricColumn: Sendable, Equatable {
  /// The values' form.
  public enum Kind: String, Sendable, CaseIterable {
    /// One text.
    case text
    /// One text or several.
    case texts
    /// The name of a class: a word or a whole number.
    case label
    /// A sequence of labels: an array, or words split at blanks.
    case labels
    /// A finite number.
    case number
    /// An array of finite numbers.
    case numbers
    /// A truth value.
    case flag
    /// Any JSON value; the metric's own page says what it must hold.
    case json
  }

  /// The role: `hypothesis`, `references`, `label`, `prediction`, `scores`, ...
  public let role: String
  /// The values' form.
  public let kind: Kind
  /// Whether the metric does without it.
  public let isOptional: Bool
  /// Column names that are taken for it when nothing else is said, in order; the role itself is first.
  public let names: [String]
  /// One sentence without a full stop.
  public let summary: String

  /// A role.
  public init(
    _ role: String, _ kind: Kind, isOptional: Bool = false, also names: [String] = [],
    _ summary: String
  ) {
    self.role = role
    self.kind = kind
    self.isOptional = isOptional
    self.names = [role] + names
    self.summary = summary
  }
}

extension MetricColumn {
  /// `hypothesis`: the system's text.
  public static let hypothesis = MetricColumn(
    "hypothesis", .text, also: ["hyp", "prediction", "pred", "output"], "the system's text")
  /// `references`: the reference texts.
  public static let references = MetricColumn(
    "references", .texts, also: ["reference", "refs", "ref", "target"],
    "the reference text, or several of them")
  /// `label`: the true class.
  public static let label = MetricColumn(
    "label", .label, also: ["gold", "target", "answer"], "the true class")
  /// `prediction`: the predicted class.
  public static let prediction = MetricColumn(
    "prediction", .label, also: ["pred", "predicted", "hypothesis"], "the predicted class")
}
