internal import DSXCore

/// The metrics that a task can name.
enum MetricNames {
  static let classification = ["accuracy", "macro-f1"]
  static let perplexity = [
    "token-perplexity", "word-perplexity", "byte-perplexity", "bits-per-byte",
  ]

  /// The names that fit a kind of request.
  static func known(_ request: RequestKind) -> [String] {
    switch request {
    case .logLikelihood: classification
    case .rollingLogLikelihood: perplexity
    }
  }

  /// Throws `unknownName` with the names that fit.
  static func check(_ name: String, _ request: RequestKind) throws(DSXError) {
    let known = known(request)
    guard known.contains(name) else { throw DSXError.unknown("metric", name, known: known) }
  }

  /// The name as a JSON key: `macro_f1`.
  static func key(_ name: String) -> String {
    String(
      decoding: name.utf8.map { $0 == UInt8(ascii: "-") ? UInt8(ascii: "_") : $0 }, as: UTF8.self)
  }
}
