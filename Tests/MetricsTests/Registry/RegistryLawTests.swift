import DSXCore
import Foundation
import Testing

@testable import Metrics

/// Laws that every metric of the registry keeps, on random examples.
///
/// `DSX_PROPERTY_CASES` says how many cases; 2,000 (as in CI) are over 10,000 splits over all metrics.
@Suite struct RegistryLawTests {
  /// Rounds for each metric.
  static let rounds: Int = {
    let cases = ProcessInfo.processInfo.environment["DSX_PROPERTY_CASES"].flatMap { Int($0) }
    return max(2, (cases ?? 0) / 20)
  }()

  static func bits(_ score: Double?) -> UInt64? { score.map(\.bitPattern) }

  static func sum(_ metric: AnyMetric, _ rows: some Sequence<MetricRow>) throws -> AnyStatistics {
    let sum = metric.accumulator()
    for row in rows { try sum.add(row) }
    return sum.statistics
  }

  /// States of any split in any order of merging are equal byte by byte, and so are their scores; what was
  /// stored reads back as it was.
  @Test(arguments: Builtins.entries.map(\.name)) func splitsAndOrders(_ name: String) throws {
    let entry = try Builtins.registry().find(name)
    let registry = try Builtins.registry()
    let metric = try RandomRows.metric(entry)
    for round in 0..<Self.rounds {
      var random = RandomRows(entry, seed: UInt64(round))
      var rows = random.rows(1 + random.below(12))
      let whole = try Self.sum(metric, rows)
      let text = try MetricState(metric, whole).json().text()
      // adgen leaves blank hypotheses out, miou counts pixels.
      if !["adgen", "miou"].contains(name) { #expect(whole.count == rows.count) }

      rows.shuffle(using: &random.generator)
      var shards = [[MetricRow]](repeating: [], count: 1 + random.below(5))
      for row in rows { shards[random.below(shards.count)].append(row) }
      var states: [MetricState] = []
      for shard in shards {
        let stored = try MetricState(metric, Self.sum(metric, shard)).json().text()
        states.append(try MetricState(json: JSONParser.parse(stored), registry: registry))
        #expect(try states[states.count - 1].json().text() == stored)
      }
      // A tree of merges in random order, not a chain.
      while states.count > 1 {
        let other = states.remove(at: random.below(states.count))
        try states[random.below(states.count)].merge(other)
      }
      #expect(try states[0].json().text() == text, "\(name) round \(round)")
      let score = metric.score(from: whole)
      #expect(Self.bits(metric.score(from: states[0].statistics)) == Self.bits(score))
      #expect(
        metric.scores(from: states[0].statistics).map { Self.bits($0.value) }
          == metric.scores(from: whole).map { Self.bits($0.value) })
      #expect(
        Self.bits(metric.standardError(from: states[0].statistics)?.value)
          == Self.bits(metric.standardError(from: whole)?.value))
    }
  }

  /// Scores lie in the range that the entry states, and the main score is the first of all.
  @Test(arguments: Builtins.entries.map(\.name)) func bounds(_ name: String) throws {
    let entry = try Builtins.registry().find(name)
    let metric = try RandomRows.metric(entry)
    var defined = 0
    for round in 0..<(2 * Self.rounds) {
      var random = RandomRows(entry, seed: UInt64(1000 + round))
      let sum = try Self.sum(metric, random.rows(1 + random.below(40)))
      let score = metric.score(from: sum)
      #expect(Self.bits(metric.scores(from: sum).first?.value) == Self.bits(score))
      guard let score else { continue }
      defined += 1
      let slack = 1e-9 * max(1, abs(score))
      #expect(
        score >= entry.range.lowerBound - slack && score <= entry.range.upperBound + slack,
        "\(name) gives \(score), outside \(entry.range)")
    }
    #expect(defined > 0, "\(name) has no score of any random example")
  }

  /// Whatever depends on the size of a corpus itself, with the reason.
  static let sizeMatters: [String: String] = [
    "bleu": "the smoothing adds less where there is more", "nltk-bleu": "the same",
    "distinct-n": "repetition is what it measures",
    "r2": "", "explained-variance": "",
  ]

  /// Every example twice: the same score.
  @Test(arguments: Builtins.entries.map(\.name).filter { sizeMatters[$0] == nil })
  func duplicates(_ name: String) throws {
    let entry = try Builtins.registry().find(name)
    let metric = try RandomRows.metric(entry)
    for round in 0..<Self.rounds {
      var random = RandomRows(entry, seed: UInt64(2000 + round))
      let rows = random.rows(1 + random.below(10))
      let once = try Self.sum(metric, rows)
      let twice = try metric.sum(once, once)
      #expect(twice.count == 2 * once.count)
      let (a, b) = (metric.score(from: once), metric.score(from: twice))
      if let a, let b, a.isFinite {
        #expect(abs(a - b) <= 1e-9 * max(1, abs(a)), "\(name): \(a), twice \(b)")
      } else {
        #expect(Self.bits(a) == Self.bits(b), "\(name)")
      }
    }
  }

  /// Vectors add, and a sum of vectors scores as the sum of the examples.
  @Test(arguments: Builtins.entries.map(\.name)) func vectors(_ name: String) throws {
    let entry = try Builtins.registry().find(name)
    let metric = try RandomRows.metric(entry)
    guard metric.hasVectors else { return }
    for round in 0..<Self.rounds {
      var random = RandomRows(entry, seed: UInt64(3000 + round))
      let rows = random.rows(2 + random.below(9))
      var table = ExampleTable(metric)
      for row in rows { try table.append(metric.statistics(of: row)) }
      let whole = metric.score(from: try Self.sum(metric, rows))
      let drawn = table.score((0..<UInt32(rows.count)).map { $0 })
      if let whole, let drawn, whole.isFinite {
        #expect(abs(whole - drawn) <= 1e-9 * max(1, abs(whole)), "\(name): \(whole), \(drawn)")
      } else {
        #expect((whole?.isFinite ?? false) == (drawn?.isFinite ?? false), "\(name)")
      }
    }
  }

  @Test func statesOfOtherSettingsAreRefused() throws {
    let registry = try Builtins.registry()
    let entry = try registry.find("bleu")
    let plain = try entry.metric()
    let lower = try entry.metric(entry.options(["lowercase": true]))
    var state = MetricState(plain, plain.zero)
    #expect(throws: DSXError.self) { try state.merge(MetricState(lower, lower.zero)) }
    let accuracy = try registry.find("accuracy").metric()
    #expect(throws: DSXError.self) { try state.merge(MetricState(accuracy, accuracy.zero)) }
    #expect(throws: DSXError.self) { try plain.sum(plain.zero, accuracy.zero) }
  }

  /// Damaged states are errors, never crashes and never other numbers.
  @Test func damagedStatesAreRefused() throws {
    let registry = try Builtins.registry()
    let metric = try registry.find("accuracy").metric()
    let rows: [MetricRow] = [
      ["label": "a", "prediction": "a"], ["label": "a", "prediction": "b"],
    ]
    let text = try MetricState(metric, Self.sum(metric, rows)).json().text()
    for (what, with) in [
      ("\"hits\":1", "\"hits\":3"), ("\"hits\":1", "\"hits\":-1"),
      ("2,\"statistics", "5,\"statistics"),
      ("state\":1", "state\":9"), ("version:1", "version:7"), ("\"accuracy\"", "\"accurate\""),
      ("\"hits\":1", "\"hits\":\"x\""), (",\"hits\":1", ""), ("\"version\":1", "\"version\":2"),
    ] {
      let damaged = text.replacingOccurrences(of: what, with: with)
      #expect(damaged != text)
      #expect(throws: DSXError.self, "\(damaged)") {
        try MetricState(json: JSONParser.parse(damaged), registry: registry)
      }
    }
  }
}
