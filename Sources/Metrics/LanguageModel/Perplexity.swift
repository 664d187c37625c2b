internal import DSXCore
internal import Glibc

/// exp(sum of negative log-likelihoods / sum of units) over all documents.
///
/// Standard error: ratio estimator over documents and delta method, score * se(rate). Intervals are those
/// of the rate, exp(rate ± z * se(rate)): never below 1, and longer upwards.
public struct Perplexity: LikelihoodMetric {
  /// `token-perplexity`, `word-perplexity` or `byte-perplexity`.
  static func entry(_ unit: TextUnit) -> MetricEntry {
    let summaries: [TextUnit: String] = [
      .token: "exp of the mean negative log-likelihood of a token",
      .word: "exp of the mean negative log-likelihood of a word, split at white space",
      .byte: "exp of the mean negative log-likelihood of a UTF-8 byte",
    ]
    return MetricEntry(
      name: unit.rawValue + "-perplexity", group: .languageModel, summary: summaries[unit] ?? "",
      formula: "exp(sum of nll / sum of \(unit.rawValue)s)", unit: "per \(unit.rawValue)",
      range: 1...Double.infinity, higherIsBetter: false, inputs: ScoredDocument.columns,
      reference: "lm-eval 0.4.13 \(unit == .token ? "perplexity" : unit.rawValue + "_perplexity")",
      edgeCases: [
        "sums go over all documents, never over means of documents",
        "a log-likelihood that is not finite or above 0 is an error",
        "no \(unit.rawValue) at all: not defined",
      ]
    ) { (_: MetricOptions) throws(DSXError) -> AnyMetric in
      AnyMetric(Perplexity(unit)) { (row: MetricRow) throws(DSXError) -> ScoredDocument in
        try ScoredDocument(row)
      }
    }
  }

  /// What it counts by.
  public let unit: TextUnit

  /// The metric.
  public init(_ unit: TextUnit) { self.unit = unit }

  /// `token-perplexity`, `word-perplexity`, `byte-perplexity`.
  public var name: String { unit.rawValue + "-perplexity" }
  /// The unit and how it is counted.
  public var signature: String {
    let counting: String
    switch unit {
    case .token: counting = ""
    case .word: counting = "|words:re.split(\\s+)"
    case .byte: counting = "|bytes:utf-8"
    }
    return "unit:\(unit.rawValue)\(counting)|average:corpus|version:1"
  }
  /// exp(rate)
  public func score(from statistics: LikelihoodStatistics) -> Double? {
    statistics.rate(unit).map { exp($0) }
  }
  /// exp(rate) * se(rate)
  public func standardError(from statistics: LikelihoodStatistics) -> StandardError? {
    guard let score = score(from: statistics), let error = statistics.rateError(unit) else {
      return nil
    }
    return StandardError(
      score * error, method: "ratio estimator over documents, delta method", logarithmic: error)
  }
}

/// Bits that the model needs for a byte: sum of negative log-likelihoods / (ln 2 * bytes).
public struct BitsPerByte: LikelihoodMetric {
  static let entry = MetricEntry(
    name: "bits-per-byte", group: .languageModel,
    summary: "bits that the model needs for a UTF-8 byte",
    formula: "sum of nll / (ln 2 * sum of bytes)", unit: "bits per byte",
    range: 0...Double.infinity, higherIsBetter: false, inputs: ScoredDocument.columns,
    reference: "lm-eval 0.4.13 bits_per_byte",
    edgeCases: [
      "sums go over all documents, never over means of documents",
      "a log-likelihood that is not finite or above 0 is an error",
      "no byte at all: not defined",
    ]
  ) { (_: MetricOptions) throws(DSXError) -> AnyMetric in
    AnyMetric(BitsPerByte()) { (row: MetricRow) throws(DSXError) -> ScoredDocument in
      try ScoredDocument(row)
    }
  }

  /// The metric.
  public init() {}
  /// `bits-per-byte`.
  public var name: String { "bits-per-byte" }
  /// How bytes are counted.
  public var signature: String { "unit:byte|bytes:utf-8|log:2|average:corpus|version:1" }
  /// rate / ln 2
  public func score(from statistics: LikelihoodStatistics) -> Double? {
    statistics.rate(.byte).map { $0 / M_LN2 }
  }
  /// se(rate) / ln 2
  public func standardError(from statistics: LikelihoodStatistics) -> StandardError? {
    statistics.rateError(.byte).map {
      StandardError($0 / M_LN2, method: "ratio estimator over documents")
    }
  }
}
