public import Models

/// How the log-likelihoods of a choice's ids become one loss; the smallest loss wins.
public enum ScoringRule: String, CaseIterable, Sendable {
  /// Sum of the negative log-likelihoods of every id that is asked for.
  case sum
  /// Their mean.
  case mean
  /// PanGu-alpha's mask: ids from position w on, w = number of jieba words of the prompt with empty
  /// data fields; sum / (count + 1e-5).
  case panguMask = "pangu_mask"
  /// Mean over the ids behind the prompt with empty data fields.
  case sentenceMean = "sentence_mean"
  /// Sum over the same ids.
  case sentenceSum = "sentence_sum"
  /// Sum over the number of code points of the choice, as lm-eval's `acc_norm`.
  case characters
  /// Sum over the number of UTF-8 bytes of the choice, as lm-eval's `acc_bytes`.
  case bytes

  /// The rule for whole prompts; nil for those that need the choice's text.
  public var labelRule: LabelScoringRule? { LabelScoringRule(rawValue: rawValue) }

  /// Whether the rule tells the prompt's ids from those of the data.
  var needsFrame: Bool { self == .panguMask || self == .sentenceMean || self == .sentenceSum }
}
