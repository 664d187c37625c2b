public import DSXCore

/// What the registry knows of a metric.
public struct MetricDescription: Sendable, Equatable {
  /// What a metric is computed from.
  public enum Input: String, Sendable, Equatable {
    /// Gold and predicted labels.
    case labels
    /// Documents' log-likelihoods.
    case likelihoods
  }
  /// Its name.
  public var name: String
  /// What it is computed from.
  public var input: Input
  /// One sentence.
  public var summary: String

  /// A description.
  public init(name: String, input: Input, summary: String) {
    self.name = name
    self.input = input
    self.summary = summary
  }
}

/// The metrics that dsx knows by name.
public enum Builtins {
  /// All of them, by name. An unknown name's error lists the known ones.
  public static func registry() throws(DSXError) -> Registry<MetricDescription> {
    var registry = Registry<MetricDescription>(kind: "metric")
    for metric in descriptions { try registry.register(metric.name, metric) }
    return registry
  }

  /// The metric over labels of that name.
  public static func labelMetric(_ name: String, labels: LabelSet) throws(DSXError) -> LabelMetric {
    if let kind = labelKinds[name] { return LabelMetric(kind, labels: labels) }
    throw DSXError.unknown("label metric", name, known: labelKinds.keys.sorted())
  }

  static let labelKinds: [String: LabelMetric.Kind] = [
    "macro-f1": .f(.macro, beta: 1), "micro-f1": .f(.micro, beta: 1),
    "weighted-f1": .f(.weighted, beta: 1),
    "macro-precision": .precision(.macro), "macro-recall": .recall(.macro),
    "weighted-precision": .precision(.weighted), "weighted-recall": .recall(.weighted),
    "balanced-accuracy": .balancedAccuracy, "mcc": .matthews, "kappa": .kappa,
  ]

  private static func labels(_ name: String, _ summary: String) -> MetricDescription {
    MetricDescription(name: name, input: .labels, summary: summary)
  }
  private static func likelihoods(_ name: String, _ summary: String) -> MetricDescription {
    MetricDescription(name: name, input: .likelihoods, summary: summary)
  }

  /// Every metric with its sentence.
  public static let descriptions: [MetricDescription] = [
    labels("accuracy", "the share of right answers"),
    labels("macro-f1", "the mean F1 of the declared labels"),
    labels("micro-f1", "F1 of all labels' counts together: accuracy for single labels"),
    labels("weighted-f1", "the mean F1 of the labels, weighted by their gold examples"),
    labels("macro-precision", "the mean precision of the declared labels"),
    labels("macro-recall", "the mean recall of the declared labels"),
    labels("weighted-precision", "the mean precision, weighted by gold examples"),
    labels("weighted-recall", "the mean recall, weighted by gold examples"),
    labels("balanced-accuracy", "the mean recall of the labels that occur"),
    labels("mcc", "Matthews' correlation coefficient"),
    labels("kappa", "Cohen's kappa, unweighted"),
    likelihoods("token-perplexity", "exp of the mean negative log-likelihood of a token"),
    likelihoods("word-perplexity", "the same over words split at white space"),
    likelihoods("byte-perplexity", "the same over UTF-8 bytes"),
    likelihoods("bits-per-byte", "bits that the model needs for a UTF-8 byte"),
  ]
}
