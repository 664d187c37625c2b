public import DSXCore

/// The share of predictions that equal their reference, after what is to be ignored was taken away: HF
/// evaluate's `exact_match`, as lm-eval 0.4.13 uses it.
public struct ExactMatch: Metric {
  /// A prediction and its reference.
  public struct Example: Sendable {
    /// The model's text.
    public var prediction: String
    /// The right text.
    public var reference: String

    /// An example.
    public init(prediction: String, reference: String) {
      self.prediction = prediction
      self.reference = reference
    }
  }
  /// What is ignored.
  public struct Options: Sendable, Equatable {
    /// Patterns whose matches are deleted first, one after the other.
    public var patterns: [String] = []
    /// Upper and lower case are the same.
    public var ignoresCase = false
    /// The 32 ASCII punctuation marks are deleted.
    public var ignoresPunctuation = false
    /// The ASCII digits are deleted.
    public var ignoresNumbers = false

    /// Nothing is ignored.
    public init() {}
  }
  /// What is ignored.
  public let options: Options

  /// The metric; a pattern that is no regular expression is an error.
  public init(_ options: Options = Options()) throws(DSXError) {
    self.options = options
    for pattern in options.patterns { _ = try Self.compile(pattern) }
  }

  /// `exact-match`.
  public var name: String { "exact-match" }
  /// What is ignored.
  public var signature: String {
    var parts = ["case:" + (options.ignoresCase ? "lc" : "mixed")]
    if options.ignoresPunctuation { parts.append("ignore:punctuation") }
    if options.ignoresNumbers { parts.append("ignore:numbers") }
    if !options.patterns.isEmpty {
      parts.append("ignore:" + options.patterns.joined(separator: ","))
    }
    return (parts + ["version:1"]).joined(separator: "|")
  }
  /// true
  public var higherIsBetter: Bool { true }
  /// No example.
  public var zero: HitCount { HitCount() }
  /// Whether one example's texts are equal.
  public func statistics(of example: Example) throws(DSXError) -> HitCount {
    var one = HitCount()
    one.add(isHit: try bare(example.prediction) == bare(example.reference))
    return one
  }
  /// hits / count
  public func score(from statistics: HitCount) -> Double? { statistics.share }
  /// sqrt(p (1 - p) / (n - 1)).
  public func standardError(from statistics: HitCount) -> StandardError? {
    statistics.binomialError
  }

  private func bare(_ text: String) throws(DSXError) -> [Unicode.Scalar] {
    var text = text
    for pattern in options.patterns { text = text.replacing(try Self.compile(pattern), with: "") }
    var scalars = Array(text.unicodeScalars)
    if options.ignoresCase { scalars = PythonText.lowered(scalars) }
    if options.ignoresPunctuation { scalars.removeAll(where: PythonText.isASCIIPunctuation) }
    if options.ignoresNumbers { scalars.removeAll(where: PythonText.isASCIIDigit) }
    return scalars
  }

  /// Matching is by code points, as Python's. Compiled anew for each text: expressions are not Sendable.
  private static func compile(_ pattern: String) throws(DSXError) -> Regex<AnyRegexOutput> {
    do { return try Regex(pattern).matchingSemantics(.unicodeScalar) } catch {
      throw DSXError(
        .usage, "'\(pattern)' is no regular expression", underlying: String(describing: error))
    }
  }
}
