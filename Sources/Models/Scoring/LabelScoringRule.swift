/// How the per-token log-likelihoods of a filled prompt become one loss per candidate label.
///
/// The prompt is PanGu's `这是关于{label}的文章：{sentence}`, filled once for every label; the label
/// with the smallest loss is chosen, the first one of equals. With a bos id the bos is id 0 of the
/// sequence and counts as an id everywhere.
public enum LabelScoringRule: String, CaseIterable, Sendable {
  /// Sum of the negative log-likelihoods of every id after the first.
  case sum
  /// Their mean: short labels lose, whole prompts collapse to the longest label.
  case mean
  /// PanGu-alpha's own mask: ids from position w on, w = number of *jieba words* of the prompt with
  /// an empty sentence; loss = sum / (count + 1e-5), so 0 when the mask is empty.
  case panguMask = "pangu_mask"
  /// Mean over the ids of the sentence only: ids from position p on, p = number of *ids* of the
  /// prompt with an empty sentence.
  case sentenceMean = "sentence_mean"
  /// Sum over the same ids as `sentenceMean`.
  case sentenceSum = "sentence_sum"

  /// The loss of one candidate; smaller is better. Linear in the ids.
  ///
  /// - Parameters:
  ///   - logLikelihoods: n - 1 numbers for n ids, as `LanguageModel.logLikelihoods` gives them.
  ///   - promptIDs: number of ids, bos included, of the prompt with an empty sentence.
  ///   - promptWords: number of jieba words of that prompt (no bos); only `panguMask` reads it.
  /// - Returns: the loss; 0 when no id is scored.
  public func loss(logLikelihoods: [Double], promptIDs: Int, promptWords: Int) -> Double {
    switch self {
    case .sum: return -logLikelihoods.reduce(0, +)
    case .mean: return Self.mean(logLikelihoods[...])
    case .panguMask:
      let scored = Self.scored(logLikelihoods, from: promptWords)
      return -scored.reduce(0, +) / (Double(scored.count) + 1e-5)
    case .sentenceMean: return Self.mean(Self.scored(logLikelihoods, from: promptIDs))
    case .sentenceSum: return -Self.scored(logLikelihoods, from: promptIDs).reduce(0, +)
    }
  }

  /// The index of the smallest loss, the first of equals; nil without candidates.
  ///
  /// A loss that is not a number never wins against a number.
  public static func choose(_ losses: [Double]) -> Int? {
    losses.indices.min { left, right in
      if losses[left].isNaN { return false }
      return losses[right].isNaN || losses[left] < losses[right]
    }
  }

  /// The log-likelihoods of ids at position `first` and later; number i belongs to id i + 1.
  private static func scored(_ logLikelihoods: [Double], from first: Int) -> ArraySlice<Double> {
    logLikelihoods.dropFirst(max(0, first - 1))
  }

  private static func mean(_ values: ArraySlice<Double>) -> Double {
    values.isEmpty ? 0 : -values.reduce(0, +) / Double(values.count)
  }
}
