public import DSXCore

/// Additive statistics of scored documents: enough for every perplexity and its standard error.
///
/// All sums are exact, so shards in any order give the same bytes.
public struct LikelihoodStatistics: MetricStatistics {
  /// Sums over one unit's counts u: sum u, sum u², sum of nll * u.
  struct UnitSums: Sendable, Codable, Equatable {
    var total = 0
    var squares = ExactSum()
    var products = ExactSum()

    mutating func add(_ units: Int, _ likelihood: Double) throws(DSXError) {
      total = try Self.checked(total, units)
      squares.add(product: Double(units), Double(units))
      products.add(product: likelihood, Double(units))
    }

    mutating func add(_ other: UnitSums) throws(DSXError) {
      total = try Self.checked(total, other.total)
      squares.add(other.squares)
      products.add(other.products)
    }

    static func checked(_ left: Int, _ right: Int) throws(DSXError) -> Int {
      let (sum, overflow) = left.addingReportingOverflow(right)
      guard !overflow else { throw DSXError(.malformed, "a sum of counts is over 2^63") }
      return sum
    }
  }

  /// Number of documents.
  public private(set) var count = 0
  var likelihood = ExactSum()
  var squares = ExactSum()
  var tokens = UnitSums()
  var words = UnitSums()
  var bytes = UnitSums()

  /// No document.
  public init() {}

  /// The sum of all negative log-likelihoods.
  public var negativeLogLikelihood: Double { likelihood.value }
  /// The sum of a unit's counts.
  public func total(_ unit: TextUnit) -> Int { sums(unit).total }

  /// Adds one document. Counts below 0, a likelihood that is not finite or above 1 are errors.
  public mutating func add(_ document: ScoredDocument) throws(DSXError) {
    let value = document.negativeLogLikelihood
    guard value.isFinite else {
      throw DSXError(
        .malformed, "a document's log-likelihood is not finite (\(-value))",
        hint: "the model gave a token the probability 0 or a result that is not a number")
    }
    let limit = 1 << 53
    guard
      [document.tokens, document.words, document.bytes].allSatisfy({ (0...limit).contains($0) })
    else {
      throw DSXError(
        .malformed,
        "a document counts \(document.tokens) tokens, \(document.words) words, \(document.bytes) bytes"
      )
    }
    // Rounding may lift a sure token's log-likelihood a little above 0; more is no probability.
    guard value >= -1e-4 * Double(max(1, document.tokens)) else {
      throw DSXError(
        .malformed, "a document's log-likelihood is above 0 (\(-value))",
        hint: "log-likelihoods are natural logarithms of probabilities")
    }
    guard document.tokens > 0 || value == 0 else {
      throw DSXError(.malformed, "a document without tokens has the log-likelihood \(-value)")
    }
    var next = self
    next.count = try UnitSums.checked(count, 1)
    next.likelihood.add(value)
    next.squares.add(product: value, value)
    try next.tokens.add(document.tokens, value)
    try next.words.add(document.words, value)
    try next.bytes.add(document.bytes, value)
    self = next
  }

  /// Adds the statistics of other documents.
  public mutating func add(_ other: LikelihoodStatistics) throws(DSXError) {
    count = try UnitSums.checked(count, other.count)
    likelihood.add(other.likelihood)
    squares.add(other.squares)
    try tokens.add(other.tokens)
    try words.add(other.words)
    try bytes.add(other.bytes)
  }

  /// sum nll / sum units: the mean negative log-likelihood of a unit; nil without units.
  public func rate(_ unit: TextUnit) -> Double? {
    let units = total(unit)
    return units > 0 ? negativeLogLikelihood / Double(units) : nil
  }

  /// The ratio estimator's standard error of `rate` over n documents:
  /// sqrt(n / (n - 1) * sum (nll_i - r u_i)²) / sum u. nil below two documents.
  public func rateError(_ unit: TextUnit) -> Double? {
    guard count > 1, let rate = rate(unit) else { return nil }
    let sums = sums(unit)
    // sum (nll - r u)² = sum nll² - 2 r sum nll u + r² sum u²
    let whole = squares.value
    let crossed = rate * sums.products.value
    let residual = whole - crossed - (crossed - rate * rate * sums.squares.value)
    // What is below the rounding of the three terms is no spread at all.
    let noise = 8 * whole.ulp
    let spread = residual > noise ? residual : 0
    let n = Double(count)
    return (n / (n - 1) * spread).squareRoot() / Double(sums.total)
  }

  private func sums(_ unit: TextUnit) -> UnitSums {
    switch unit {
    case .token: tokens
    case .word: words
    case .byte: bytes
    }
  }
}

extension LikelihoodStatistics: VectorStatistics {
  /// sum nll, sum nll², and for tokens, words and bytes u each sum u, sum u², sum nll u; each sum rounded
  /// once. Resampling adds these, not the exact sums: thousands of times faster, equal to rounding.
  public var components: [Double] {
    [
      likelihood.value, squares.value,
      Double(tokens.total), tokens.squares.value, tokens.products.value,
      Double(words.total), words.squares.value, words.products.value,
      Double(bytes.total), bytes.squares.value, bytes.products.value,
    ]
  }

  /// From such numbers; counts that cannot be are taken as 0.
  public init(components: [Double], count: Int) {
    guard components.count == 11 else { return }
    self.count = max(0, count)
    likelihood.add(components[0])
    squares.add(components[1])
    func unit(_ place: Int) -> UnitSums {
      var sums = UnitSums()
      sums.total = max(0, Int(exactly: components[place].rounded()) ?? 0)
      sums.squares.add(components[place + 1])
      sums.products.add(components[place + 2])
      return sums
    }
    (tokens, words, bytes) = (unit(2), unit(5), unit(8))
  }
}
