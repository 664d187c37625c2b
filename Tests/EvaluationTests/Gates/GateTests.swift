import DSXCore
import Metrics
import Testing

@testable import Evaluation

@Suite struct GateTests {
  /// Evidence of `lost` right answers that became wrong and `won` the other way, of `count`, `right` of
  /// which both get right.
  static func evidence(
    count: Int, right: Int, lost: Int, won: Int, test: GateTest = .auto,
    settings: GateSettings = GateSettings(resamples: 500)
  ) throws -> PairedEvidence {
    let world = GateWorld(kind: .mcnemar, count: count)
    var before: [GateWorld.Example] = []
    var now: [GateWorld.Example] = []
    for row in 0..<count {
      let was = row < right || (right..<(right + lost)).contains(row)
      let isNow = row < right || ((right + lost)..<(right + lost + won)).contains(row)
      before.append(.init(value: was ? 1 : 0, size: 1))
      now.append(.init(value: isNow ? 1 : 0, size: 1))
    }
    return try PairedEvidence(
      PairedTables(world.table(before), world.table(now)), test: test, settings: settings)
  }

  static func result(
    _ evidence: PairedEvidence?, _ rule: GateRule = GateRule(metric: "accuracy"),
    value: Double? = nil, unit: String = "ratio", obstacle: String? = nil
  ) -> GateResult {
    GateJudge.judge(
      [
        GateCase(
          rule: rule, cell: "m--d", model: "m", dataset: "d", unit: unit, higherIsBetter: true,
          value: value ?? evidence?.value, evidence: evidence, obstacle: obstacle)
      ], GateSettings())[0]
  }

  /// scipy 1.17.1, binomtest: the smallest drop with a power of 0.8 by summing over the number of flips.
  @Test func smallestDropsAreThoseOfExactPower() throws {
    for (count, flips, wanted) in [
      (200, 0.02, 0.0552), (200, 0.05, 0.071), (200, 0.1, 0.0887), (200, 0.2, 0.1137),
      (1000, 0.02, 0.0178), (1000, 0.05, 0.0249), (1000, 0.1, 0.0331), (1000, 0.2, 0.0446),
    ] {
      let found = try #require(McNemarPower.smallest(count: count, flips: flips, alpha: 0.05))
      #expect(abs(found - wanted) < 2e-4, "\(count) \(flips): \(found)")
    }
    #expect(McNemarPower.smallest(count: 3, flips: 0.1, alpha: 0.05) == nil)
    // Large sets take no longer and come near the normal formula, 2.80 sqrt((f + d) / n).
    let large = try #require(McNemarPower.smallest(count: 1_000_000, flips: 0.05, alpha: 0.05))
    #expect(abs(large - 2.8016 * ((0.05 + large) / 1e6).squareRoot()) < 2e-5)
  }

  /// scipy 1.17.1, scipy.stats.t.
  /// Nothing changed: a drop that strikes some examples still has a size that is found, c² = q² s c / n.
  @Test func unchangedScoresStateAChange() throws {
    let spread = ChangeSpread(units: 40, variance: 0, size: 0.5)
    let stated = try #require(spread.smallestChange(alpha: 0.05, countsItself: false))
    let q = StudentT.quantile(0.975, freedom: 39) + StudentT.quantile(0.8, freedom: 39)
    #expect(abs(stated - q * q * 0.5 / 40) < 1e-12)
    #expect(
      ChangeSpread(units: 40, variance: 0, size: 0).smallestChange(
        alpha: 0.05, countsItself: false) == nil)
  }

  @Test func studentsQuantiles() {
    #expect(abs(StudentT.quantile(0.975, freedom: 19) - 2.093024054408263) < 1e-9)
    #expect(abs(StudentT.quantile(0.8, freedom: 199) - 0.84343) < 2e-5)
    #expect(abs(StudentT.twoSided(2.093024054408263, freedom: 19) - 0.05) < 1e-12)
    #expect(StudentT.quantile(0.5, freedom: 19) == 0)
    #expect(abs(StudentT.quantile(0.975, freedom: 1e7) - 1.959963984540054) < 1e-9)
  }

  @Test func outcomes() throws {
    let worse = Self.result(try Self.evidence(count: 1000, right: 600, lost: 50, won: 20))
    #expect(worse.outcome == .worse && !worse.passed)
    #expect(worse.reason.contains("fell from 0.6500 to 0.6200"))
    let better = Self.result(try Self.evidence(count: 1000, right: 600, lost: 20, won: 50))
    #expect(better.outcome == .better && better.passed)
    let same = Self.result(try Self.evidence(count: 1000, right: 600, lost: 20, won: 22))
    #expect(same.outcome == .same && same.passed)
    let few = Self.result(try Self.evidence(count: 64, right: 40, lost: 5, won: 2))
    #expect(few.outcome == .cannotTell && few.passed)
    #expect((few.detectable ?? 0) > 0.1)
    let unchanged = Self.result(try Self.evidence(count: 64, right: 40, lost: 0, won: 0))
    #expect(unchanged.outcome == .same)
    let absent = Self.result(nil, obstacle: "there is no earlier run to compare with")
    #expect(absent.outcome == .cannotTell && absent.passed && absent.detectable == nil)
    let strict = Self.result(
      try Self.evidence(count: 64, right: 40, lost: 5, won: 2),
      GateRule(metric: "accuracy", failsWhenUnsure: true))
    #expect(!strict.passed)
  }

  @Test func effectsAndFloors() throws {
    let drop = try Self.evidence(count: 10_000, right: 6000, lost: 150, won: 60)
    #expect(Self.result(drop).outcome == .worse)
    let small = Self.result(drop, GateRule(metric: "accuracy", minimumEffect: 0.02))
    #expect(small.outcome == .same && small.reason.contains("minimum effect"))
    let floor = Self.result(drop, GateRule(metric: "accuracy", minimumEffect: 0.02, hardFloor: 0.7))
    #expect(!floor.passed && floor.breaksFloor && floor.outcome == .same)
    #expect(floor.reason.hasPrefix("the value 0.6060 is below the hard floor 0.7000"))
    // Without any baseline the floor still holds.
    let first = Self.result(nil, GateRule(metric: "accuracy", hardFloor: 0.7), value: 0.5)
    #expect(!first.passed && first.outcome == .cannotTell)
    let broken = Self.result(nil, GateRule(metric: "accuracy", hardFloor: 0.7), value: .nan)
    #expect(!broken.passed)
  }

  @Test func resampledTestsAgreeWithMcNemar() throws {
    let settings = GateSettings(resamples: 1000)
    let exact = try Self.evidence(count: 400, right: 200, lost: 40, won: 18, settings: settings)
    for test in [GateTest.bootstrap, .randomisation] {
      let other = try Self.evidence(
        count: 400, right: 200, lost: 40, won: 18, test: test, settings: settings)
      #expect(abs((other.pValue ?? 9) - (exact.pValue ?? 9)) < 0.012)
      #expect(abs((other.standardError ?? 9) - (exact.standardError ?? 9)) < 0.002)
      #expect(other.difference == exact.difference)
    }
    // The same p for the same seed.
    let again = try Self.evidence(
      count: 400, right: 200, lost: 40, won: 18, test: .bootstrap, settings: settings)
    #expect(
      try again
        == Self.evidence(
          count: 400, right: 200, lost: 40, won: 18, test: .bootstrap, settings: settings))
  }

  @Test func fewUnchangedExamplesAreTheSame() throws {
    for test in [GateTest.mcnemar, .bootstrap, .randomisation] {
      let evidence = try Self.evidence(count: 6, right: 4, lost: 0, won: 0, test: test)
      let result = Self.result(evidence)
      #expect(result.outcome == .same && result.reason.contains("no example changed"))
    }
  }

  @Test func aFirstRunPassesUnlessItsFloorBreaks() {
    let rule = GateRule(metric: "accuracy", hardFloor: 0.7, failsWhenUnsure: true)
    func judged(_ value: Double?, isFirst: Bool) -> GateResult {
      GateJudge.judge(
        [
          GateCase(
            rule: rule, cell: "c", model: "m", dataset: "d", unit: "ratio", higherIsBetter: true,
            value: value, evidence: nil, obstacle: "there is no earlier run", isFirst: isFirst)
        ], GateSettings())[0]
    }
    let first = judged(0.8, isFirst: true)
    #expect(first.passed && first.outcome == .cannotTell)
    #expect(first.reason.hasPrefix("the value 0.8000 keeps the hard floor 0.7000; there is no"))
    #expect(!judged(0.6, isFirst: true).passed)
    #expect(!judged(0.8, isFirst: false).passed && !judged(nil, isFirst: true).passed)
  }

  @Test func fewUnitsCannotTell() throws {
    let world = GateWorld(kind: .clusters, count: 60)
    var random = PCG64(seed: 1)
    let base = world.baseline(&random)
    let other = world.system(base, change: 0.2, &random)
    let pair = try PairedTables(world.table(base), world.table(other))
    let evidence = try PairedEvidence(
      pair, clusters: world.clusters, test: .auto, settings: GateSettings(resamples: 200))
    #expect(evidence.units == 15 && evidence.pValue == nil)
    let result = Self.result(evidence)
    #expect(result.outcome == .cannotTell && result.reason.contains("only 15 clusters"))
    #expect(throws: DSXError.self) {
      try PairedEvidence(
        pair, clusters: world.clusters, test: .mcnemar, settings: GateSettings())
    }
    #expect(throws: DSXError.self) {
      try PairedEvidence(pair, test: .mcnemar, settings: GateSettings())
    }
  }

  @Test func holmGoesOverTheGatesOfARun() throws {
    let weak = try Self.evidence(count: 1000, right: 600, lost: 40, won: 22)
    #expect((weak.pValue ?? 1) < 0.05)
    #expect(Self.result(weak).outcome == .worse)
    let question = GateCase(
      rule: GateRule(metric: "accuracy"), cell: "c", model: "m", dataset: "d", unit: "ratio",
      higherIsBetter: true, value: weak.value, evidence: weak)
    let quiet = GateCase(
      rule: GateRule(metric: "accuracy"), cell: "c", model: "m", dataset: "d", unit: "ratio",
      higherIsBetter: true, value: 0.6,
      evidence: try Self.evidence(count: 1000, right: 600, lost: 21, won: 20))
    let results = GateJudge.judge([question, quiet, quiet], GateSettings())
    #expect(results.allSatisfy { $0.outcome != .worse })
    // The stated change is that of the strictest level.
    #expect((results[0].detectable ?? 0) > (Self.result(weak).detectable ?? 9))
    let plain = GateJudge.judge([question, quiet, quiet], GateSettings(correction: .none))
    #expect(plain[0].outcome == .worse)
  }

  @Test func oneVerdict() throws {
    let good = Self.result(try Self.evidence(count: 1000, right: 600, lost: 20, won: 22))
    let bad = Self.result(try Self.evidence(count: 1000, right: 600, lost: 50, won: 20))
    #expect(RunVerdict([good], missing: [], hasBaseline: true).exitCode == .ok)
    let failed = RunVerdict([good, bad], missing: ["the cell x failed: y"], hasBaseline: true)
    #expect(failed.exitCode == .gateFailed && failed.headline == "1 of 2 gates failed")
    #expect(failed.detail.contains("d accuracy: fell from"))
    let incomplete = RunVerdict([good], missing: ["the cell x failed: y"], hasBaseline: true)
    #expect(incomplete.exitCode == .incomplete)
    #expect(RunVerdict([], missing: [], hasBaseline: false).status == .passed)
  }
}

/// Nights without change and with a true drop; `DSX_GATE_NIGHTS` sets how many (docs/gates.md has the
/// numbers of 2,000 of them, from `dsx-bench gates`).
@Suite struct GateSimulationTests {
  static let nights =
    (getenvText("DSX_GATE_NIGHTS").flatMap { Int($0) }) ?? 10

  @Test(arguments: GateWorld.Kind.allCases)
  func alarmsAreRareAndDropsAreFound(_ kind: GateWorld.Kind) throws {
    let world = GateWorld(kind: kind, count: 200)
    let settings = GateSettings(resamples: 150)
    var (alarms, found) = (0, 0)
    for night in 0..<Self.nights {
      var random = PCG64(seed: UInt64(night) + 1)
      let base = world.baseline(&random)
      let table = try world.table(base)
      func evidence(_ change: Double) throws -> PairedEvidence {
        let other = world.system(base, change: change, &random)
        return try PairedEvidence(
          PairedTables(table, world.table(other)), clusters: world.clusters, test: world.test,
          settings: settings)
      }
      let quiet = GateTests.result(try evidence(0))
      if quiet.outcome == .worse || quiet.outcome == .better { alarms += 1 }
      let stated = try #require(try evidence(0).smallestChange(alpha: 0.05))
      var loud = GateCase(
        rule: GateRule(metric: "x"), cell: "c", model: "m", dataset: "d", unit: "ratio",
        higherIsBetter: world.metric.higherIsBetter, value: 0, evidence: try evidence(stated))
      loud.unit = kind == .perplexity ? "per token" : "ratio"
      if GateJudge.judge([loud], settings)[0].outcome == .worse { found += 1 }
    }
    // Four standard errors: few nights, several kinds.
    let n = Double(Self.nights)
    #expect(Double(alarms) / n <= 0.05 + 4 * (0.05 * 0.95 / n).squareRoot(), "\(alarms) alarms")
    #expect(Double(found) / n >= 0.8 - 4 * (0.8 * 0.2 / n).squareRoot(), "\(found) found")
  }
}
