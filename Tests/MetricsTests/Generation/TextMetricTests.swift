import DSXCore
import Testing

@testable import Metrics

@Suite struct TextMetricTests {
  static func examples(_ seed: UInt64, _ count: Int, references: Int = 1) -> [TextExample] {
    var texts = RandomTexts(seed: seed)
    return texts.examples(count, references: references).map {
      TextExample(hypothesis: $0.hypothesis, references: $0.references)
    }
  }

  /// Statistics of any split, merged in any order, and written and read again, are those of one
  /// pass.
  static func checkSplits<M: Metric>(_ metric: M, _ examples: [M.Example], seed: UInt64) throws {
    let whole = try metric.statistics(of: examples)
    var texts = RandomTexts(seed: seed)
    for _ in 0..<4 {
      var parts = [M.Statistics](repeating: metric.zero, count: 1 + texts.below(5))
      for example in examples { try metric.add(example, to: &parts[texts.below(parts.count)]) }
      var sum = metric.zero
      while !parts.isEmpty {
        let part = parts.remove(at: texts.below(parts.count))
        let stored = try JSONValueEncoder.encode(part)
        try sum.add(JSONValueDecoder.decode(M.Statistics.self, from: stored))
      }
      #expect(sum == whole, "\(metric.name)")
      #expect(metric.score(from: sum) == metric.score(from: whole), "\(metric.name)")
      #expect(
        try JSONValueEncoder.encode(sum) == JSONValueEncoder.encode(whole), "\(metric.name)")
      #expect(metric.signature(from: sum) == metric.signature(from: whole))
    }
  }

  @Test(arguments: [UInt64](1...6)) func splits(seed: UInt64) throws {
    let many = Self.examples(seed, 30, references: 3)
    let single = Self.examples(seed + 100, 30)
    try Self.checkSplits(BLEU(), many, seed: seed)
    try Self.checkSplits(BLEU(BLEUOptions(tokenizer: nil)), many, seed: seed)
    try Self.checkSplits(SentenceBLEU(), many, seed: seed)
    try Self.checkSplits(try NLTKBLEU(), many, seed: seed)
    try Self.checkSplits(NLTKSentenceBLEU(), many, seed: seed)
    try Self.checkSplits(ChrF(ChrFOptions(wordOrder: 2)), many, seed: seed)
    try Self.checkSplits(TER(), many, seed: seed)
    for kind in [RougeKind.ngrams(2), .subsequence, .summary] {
      try Self.checkSplits(Rouge(kind), many, seed: seed)
    }
    try Self.checkSplits(PackageRouge(.rouge, .subsequence), single, seed: seed)
    try Self.checkSplits(PackageRouge(.rougeChinese, .ngrams(2)), single, seed: seed)
    try Self.checkSplits(ErrorRate(.word), single, seed: seed)
    try Self.checkSplits(ErrorRate(.character, .informationLost), single, seed: seed)
    try Self.checkSplits(NormalizedEditDistance(), single, seed: seed)
    try Self.checkSplits(LengthRatio(), many, seed: seed)
    try Self.checkSplits(DistinctNGrams(), single.map(\.hypothesis), seed: seed)
  }

  /// Components that are summed score as the sum does.
  @Test func components() throws {
    func check<M: Metric>(_ metric: M, _ examples: [M.Example]) throws
    where M.Statistics: VectorStatistics {
      let whole = try metric.statistics(of: examples)
      let rows = try examples.map { try metric.statistics(of: $0).components }
      let sums = rows.dropFirst().reduce(rows[0]) { zip($0, $1).map(+) }
      let again = M.Statistics(components: sums, count: examples.count)
      let (left, right) = (metric.score(from: whole) ?? -1, metric.score(from: again) ?? -2)
      #expect(abs(left - right) < 1e-12 * max(1, abs(left)), "\(metric.name)")
    }
    let examples = Self.examples(9, 25, references: 2)
    try check(BLEU(), examples)
    try check(BLEU(BLEUOptions(tokenizer: nil)), examples)
    try check(ChrF(), examples)
    try check(TER(), examples)
    try check(Rouge(.subsequence), examples)
    try check(ErrorRate(.word, .match), Self.examples(9, 25))
  }

  @Test func sameTextIsPerfect() throws {
    let text = "the quick brown fox, 3.14 — 今天天气很好。"
    let same = [TextExample(hypothesis: text, reference: text)]
    #expect(try BLEU().evaluate(same).value.map { abs($0 - 100) < 1e-9 } == true)
    #expect(try ChrF().evaluate(same).value == 100)
    #expect(try TER().evaluate(same).value == 0)
    #expect(try Rouge(.summary).evaluate(same).value == 1)
    #expect(try ErrorRate(.word).evaluate(same).value == 0)
    #expect(try ErrorRate(.word, .informationPreserved).evaluate(same).value == 1)
    #expect(try NormalizedEditDistance().evaluate(same).value == 1)
    #expect(try LengthRatio().evaluate(same).value == 1)
  }

  @Test func missingReferences() throws {
    let none = TextExample(hypothesis: "a", references: [])
    let nulls = TextExample(hypothesis: "a", references: [nil, nil])
    for example in [none, nulls] {
      #expect(throws: DSXError.self) { try BLEU().statistics(of: example) }
      #expect(throws: DSXError.self) { try ChrF().statistics(of: example) }
      #expect(throws: DSXError.self) { try TER().statistics(of: example) }
      #expect(throws: DSXError.self) { try Rouge(.ngrams(1)).statistics(of: example) }
      #expect(throws: DSXError.self) { try ErrorRate(.word).statistics(of: example) }
    }
    let two = TextExample(hypothesis: "a", references: ["a", "b"])
    #expect(throws: DSXError.self) { try ErrorRate(.word).statistics(of: two) }
    do {
      _ = try BLEU().statistics(of: [TextExample(hypothesis: "a", reference: "a"), none])
      Issue.record("an example without a reference was taken")
    } catch { #expect(error.location.row == 1) }
  }

  @Test func variableReferencesAreNamed() throws {
    let examples = [
      TextExample(hypothesis: "a b", references: ["a b", nil]),
      TextExample(hypothesis: "a b", references: ["a b", "a c"]),
    ]
    let statistics = try BLEU().statistics(of: examples)
    #expect(BLEU().signature(from: statistics).hasPrefix("nrefs:var|"))
    #expect(ChrF().signature(from: try ChrF().statistics(of: examples[1])).hasPrefix("nrefs:2|"))
  }

  @Test func tokenizerIsChosenFromAllReferences() throws {
    let metric = BLEU(BLEUOptions(tokenizer: nil))
    let chinese = TextExample(hypothesis: "今天天气好", reference: "今天天气很好")
    let english = TextExample(hypothesis: "a b", reference: "a b c")
    let mostly = try metric.statistics(of: [chinese, english])
    #expect(metric.signature(from: mostly).contains("|tok:zh|"))
    #expect(metric.signature(from: try metric.statistics(of: english)).contains("|tok:13a|"))
    let zh = BLEU(BLEUOptions(tokenizer: .chinese))
    #expect(
      metric.score(from: mostly) == zh.score(from: try zh.statistics(of: [chinese, english])))
  }

  @Test func lostTokensAreCounted() throws {
    let examples = [
      TextExample(hypothesis: "今天", reference: "今天天气"),
      TextExample(hypothesis: " ", reference: "a"),
    ]
    #expect(
      try Rouge(.ngrams(1), tokenizer: .rouge()).statistics(of: examples).textsWithoutTokens == 2)
    #expect(try Rouge(.ngrams(1)).statistics(of: examples).textsWithoutTokens == 0)
  }

  @Test func emptySides() throws {
    func score<M: Metric>(_ metric: M, _ a: String, _ b: String) throws -> Double?
    where M.Example == TextExample {
      metric.score(from: try metric.statistics(of: TextExample(hypothesis: a, reference: b)))
    }
    #expect(try score(ErrorRate(.word), "a b c", "") == 3)
    #expect(try score(ErrorRate(.word), "", "") == 0)
    #expect(try score(ErrorRate(.word, .match), "a", "") == 1)
    #expect(try score(ErrorRate(.word, .informationPreserved), "", "") == 1)
    #expect(try score(BLEU(), "", "a") == 0)
    #expect(try score(ChrF(), "", "") == 0)
    let ter = TER()
    let empty = try ter.statistics(of: TextExample(hypothesis: "a b", reference: ""))
    #expect(ter.score(from: empty) == 100)
    #expect(DistinctNGrams().score(from: NGramSet()) == nil)
    #expect(BLEU().score(from: BLEU().zero) == nil)
  }

  @Test func statesOfOtherSettingsDoNotAdd() throws {
    var four = BLEU().zero
    #expect(throws: DSXError.self) { try four.add(BLEU(BLEUOptions(maxOrder: 2)).zero) }
    var width = TextMeans(width: 3)
    #expect(throws: DSXError.self) { try width.add(TextMeans(width: 1)) }
  }

  @Test func everyGenerationEntryMakesItsMetric() throws {
    let row: MetricRow = ["hypothesis": "the cat sat on", "references": ["the cat sat on it"]]
    for entry in Builtins.entries
    where entry.group == .generation && !["adgen"].contains(entry.name)
      && !entry.name.hasPrefix("rouge-chinese")
    {
      let metric = try entry.metric()
      let statistics = try metric.statistics(of: row)
      let score = try #require(metric.score(from: statistics), "\(entry.name)")
      #expect(entry.range.contains(score), "\(entry.name): \(score)")
      let again = try metric.decode(metric.encode(statistics))
      #expect(metric.score(from: again) == score, "\(entry.name)")
      for (library, values) in entry.compat {
        _ = try entry.metric(entry.options(values))
        #expect(!library.isEmpty)
      }
    }
  }

  @Test func singlePrecisionIsNear() throws {
    let examples = Self.examples(12, 40)
    func check<M: SinglePrecisionResampling>(_ metric: M) throws where M.Example == TextExample {
      let statistics = try metric.statistics(of: examples)
      let single = try #require(
        metric.resampledScore(single: statistics.components.map { Float($0) }))
      let score = try #require(metric.score(from: statistics))
      #expect(abs(single - score) < 1e-3)
    }
    try check(BLEU())
    try check(ChrF())
    try check(TER())
  }
}
