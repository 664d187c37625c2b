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
