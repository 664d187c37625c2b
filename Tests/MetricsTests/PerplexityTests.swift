import DSXCore
import Foundation
import Metrics
import Testing

@Suite struct PerplexityTests {
  static func documents(_ count: Int, seed: UInt64) -> [ScoredDocument] {
    var generator = PCG64(seed: seed)
    return (0..<count).map { _ in
      let tokens = 1 + Int(generator.bounded(400))
      return ScoredDocument(
        negativeLogLikelihood: Double(tokens) * (2 + 2 * generator.unit()), tokens: tokens,
        words: 1 + tokens / 3, bytes: tokens * 2 + Int(generator.bounded(50)))
    }
  }

  @Test func threeDocumentsByHand() throws {
    // r = 12 / 6 = 2; residuals 0, 1, -1; se(r) = sqrt(3/2 * 2) / 6.
    let documents = [(2.0, 1), (5.0, 2), (5.0, 3)].map {
      ScoredDocument(negativeLogLikelihood: $0.0, tokens: $0.1, words: 2, bytes: 4)
    }
    let result = try Perplexity(.token).evaluate(documents)
    #expect(abs(try #require(result.value) - exp(2)) < 1e-14)
    #expect(abs(try #require(result.standardError) - exp(2) * 3.0.squareRoot() / 6) < 1e-14)
    #expect(result.count == 3)
    #expect(!result.higherIsBetter)
    let bits = try BitsPerByte().evaluate(documents)
    #expect(abs(try #require(bits.value) - 1 / M_LN2) < 1e-14)
  }

  @Test func intervalsAreThoseOfTheRate() throws {
    // Two documents of very different difficulty: score - 1.96 errors would be far below 1.
    let documents = [(0.5, 10), (9.5, 10)].map {
      ScoredDocument(negativeLogLikelihood: $0.0, tokens: $0.1, words: 5, bytes: 20)
    }
    let metric = Perplexity(.token)
    var sum = metric.zero
    for document in documents { try metric.add(document, to: &sum) }
    let score = try #require(metric.score(from: sum))
    let error = try #require(metric.standardError(from: sum))
    #expect(score - 1.96 * error.value < 1)
    let rate = try #require(error.logarithmic)
    let interval = Interval.normal(score: score, error: error, range: 1 ... .infinity)
    #expect(interval.low == 1 && interval.standardError == error.value)
    #expect(abs(interval.high - exp(0.5 + 1.9599639845400545 * rate)) < 1e-12)
    #expect(interval.method.hasPrefix("log-normal, ratio estimator"))
    // With less spread the lower end is the rate's too.
    let near = StandardError(0.2, method: "m", logarithmic: 0.1)
    let low = Interval.normal(score: 2, error: near, range: 1 ... .infinity).low
    #expect(abs(low - 2 * exp(-0.19599639845400545)) < 1e-12)
  }

  @Test func equalDocumentsHaveNoError() throws {
    let documents = (1...50).map {
      ScoredDocument(
        negativeLogLikelihood: 3.3 * Double($0), tokens: $0, words: $0, bytes: 3 * $0)
    }
    let result = try Perplexity(.token).evaluate(documents)
    #expect(try #require(result.standardError) < 1e-6)
    #expect(try Perplexity(.token).evaluate(documents.prefix(1)).standardError == nil)
  }

  /// The two-pass formula over the documents themselves.
  @Test(arguments: TextUnit.allCases) func errorEqualsTheTwoPassFormula(_ unit: TextUnit) throws {
    let documents = Self.documents(300, seed: 4)
    let units = documents.map { document in
      switch unit {
      case .token: Double(document.tokens)
      case .word: Double(document.words)
      case .byte: Double(document.bytes)
      }
    }
    let total = units.reduce(0, +)
    let rate = documents.reduce(0) { $0 + $1.negativeLogLikelihood } / total
    let squares = zip(documents, units).reduce(0.0) { sum, pair in
      let residual = pair.0.negativeLogLikelihood - rate * pair.1
      return sum + residual * residual
    }
    let expected = exp(rate) * (300.0 / 299 * squares).squareRoot() / total
    let result = try Perplexity(unit).evaluate(documents)
    let ours = try #require(result.standardError)
    #expect(abs(ours - expected) < 1e-10 * expected)
  }

  @Test(arguments: 0..<20) func anyPartitionGivesTheSameBytes(_ round: Int) throws {
    var documents = Self.documents(60, seed: UInt64(round))
    let metric = Perplexity(.byte)
    let whole = try metric.statistics(of: documents)
    var generator = PCG64(seed: 1000 + UInt64(round))
    documents.shuffle(using: &generator)
    var merged = metric.zero
    var rest = documents[...]
    while !rest.isEmpty {
      let shard = rest.prefix(1 + Int(generator.bounded(20)))
      rest = rest.dropFirst(shard.count)
      let stored = try JSONEncoder().encode(metric.statistics(of: shard))
      try merged.add(JSONDecoder().decode(LikelihoodStatistics.self, from: stored))
    }
    #expect(merged == whole)
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    #expect(try encoder.encode(merged) == encoder.encode(whole))
    #expect(metric.result(from: merged) == metric.result(from: whole))
  }

  @Test(arguments: [
    ScoredDocument(negativeLogLikelihood: .nan, tokens: 1, words: 1, bytes: 1),
    ScoredDocument(negativeLogLikelihood: .infinity, tokens: 1, words: 1, bytes: 1),
    ScoredDocument(negativeLogLikelihood: -3, tokens: 1, words: 1, bytes: 1),
    ScoredDocument(negativeLogLikelihood: 3, tokens: 0, words: 1, bytes: 1),
    ScoredDocument(negativeLogLikelihood: 3, tokens: -1, words: 1, bytes: 1),
    ScoredDocument(negativeLogLikelihood: 3, tokens: 1, words: Int.max, bytes: 1),
  ])
  func impossibleDocumentsAreErrors(_ document: ScoredDocument) {
    #expect(throws: DSXError.self) { try Perplexity(.token).evaluate([document]) }
  }

  @Test func noUnitsNoScore() throws {
    let empty = ScoredDocument(negativeLogLikelihood: 0, tokens: 0, text: "")
    let result = try Perplexity(.byte).evaluate([empty, empty])
    #expect(result.value == nil)
    #expect(result.standardError == nil)
    #expect(throws: DSXError.self) { try Perplexity(.byte).evaluate([]) }
  }
}
