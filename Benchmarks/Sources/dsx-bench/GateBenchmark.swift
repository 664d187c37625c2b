import DSXCore
import Evaluation
import Metrics

/// `gates --kind KIND --examples N --nights N --seed S [--resamples N] [--gates N] [--threads N]`: how
/// often gates cry without cause, and how often they see a true drop of the size that they state.
///
/// One night: a comparison without change states the smallest detectable change (as `dsx recipe plan`
/// does from the night before); a second one without change counts false alarms; a third with a true
/// drop of exactly the stated size counts what is found. With `--gates` several are judged together under
/// Holm's correction: a false alarm is any alarm, the drop is in the first.
enum GateBenchmark {
  struct Counts {
    var nights = 0
    var alarms = 0
    var worse = 0
    var found = 0
    var unstated = 0
    var stated = 0.0
  }

  static func run(_ arguments: Arguments) throws {
    guard let kind = GateWorld.Kind(rawValue: try arguments.text("kind")) else {
      throw Arguments.Failure(
        "--kind is one of " + GateWorld.Kind.allCases.map(\.rawValue).joined(separator: ", "))
    }
    let world = GateWorld(kind: kind, count: try arguments.number("examples", 1000))
    let nights = try arguments.number("nights", 2000)
    let seed = try arguments.number("seed", 1)
    let gates = try arguments.number("gates", 1)
    let settings = GateSettings(resamples: try arguments.number("resamples", 1000))
    let start = seconds()
    let total = Lock<Result<Counts, DSXError>>(.success(Counts()))
    FanOut.run(count: nights, workers: try arguments.number("threads", 2)) { source in
      var own = Counts()
      var failure: DSXError?
      while failure == nil, let night = source.take() {
        do {
          try run(world, UInt64(seed) << 32 | UInt64(night), gates, settings, &own)
        } catch { failure = error as? DSXError ?? DSXError(.internal, "\(error)") }
      }
      total.withLock { result in
        if let failure { result = .failure(failure) }
        guard case .success(var sum) = result else { return }
        sum.nights += own.nights
        sum.alarms += own.alarms
        sum.worse += own.worse
        sum.found += own.found
        sum.unstated += own.unstated
        sum.stated += own.stated
        result = .success(sum)
      }
    }
    report(try total.withLock { try $0.get() }, world, seed, gates, settings, seconds() - start)
  }

  private static func run(
    _ world: GateWorld, _ seed: UInt64, _ gates: Int, _ settings: GateSettings,
    _ counts: inout Counts
  ) throws {
    var random = PCG64(seed: seed)
    var quiet: [GateCase] = []
    var loud: [GateCase] = []
    var stated: Double?
    for gate in 0..<gates {
      let base = world.baseline(&random)
      let first = try world.table(base)
      func evidence(_ change: Double, _ random: inout PCG64, resamples: Int? = nil) throws
        -> PairedEvidence
      {
        let other = world.system(base, change: change, &random)
        var settings = settings
        settings.resamples = resamples ?? settings.resamples
        settings.seed = random.next() >> 1
        return try PairedEvidence(
          PairedTables(first, world.table(other)), clusters: world.clusters, test: world.test,
          settings: settings)
      }
      let without = question(world, try evidence(0, &random))
      quiet.append(without)
      if gate == 0 {
        // The stated change comes from the units' spread: no resample enters it.
        stated = try evidence(0, &random, resamples: 2).smallestChange(alpha: settings.level(gates: gates))
        guard let stated else { break }
        loud.append(question(world, try evidence(stated, &random)))
      } else {
        loud.append(without)
      }
    }
    counts.nights += 1
    if quiet.count == gates {
      let results = GateJudge.judge(quiet, settings)
      if results.contains(where: { $0.outcome == .better || $0.outcome == .worse }) {
        counts.alarms += 1
      }
      if results.contains(where: { $0.outcome == .worse }) { counts.worse += 1 }
    }
    guard let stated else {
      counts.unstated += 1
      return
    }
    counts.stated += stated
    if GateJudge.judge(loud, settings)[0].outcome == .worse { counts.found += 1 }
  }

  private static func question(_ world: GateWorld, _ evidence: PairedEvidence) -> GateCase {
    GateCase(
      rule: GateRule(metric: world.metric.name), cell: "made-up", model: "b", dataset: "made-up",
      unit: world.kind == .perplexity ? "per token" : "ratio",
      higherIsBetter: world.metric.higherIsBetter, value: evidence.value, evidence: evidence)
  }

  private static func report(
    _ counts: Counts, _ world: GateWorld, _ seed: Int, _ gates: Int, _ settings: GateSettings,
    _ time: Double
  ) {
    let nights = Double(max(1, counts.nights))
    let alpha = settings.alpha
    let highest = alpha + 3 * (alpha * (1 - alpha) / nights).squareRoot()
    let lowest = 0.8 - 3 * (0.8 * 0.2 / nights).squareRoot()
    let (alarms, found) = (Double(counts.alarms) / nights, Double(counts.found) / nights)
    print(
      JSONValue.object([
        .init("kind", .string(world.kind.rawValue)), .init("examples", .int(Int64(world.count))),
        .init("seed", .int(Int64(seed))), .init("gates", .int(Int64(gates))),
        .init("nights", .int(Int64(counts.nights))),
        .init("resamples", .int(Int64(settings.resamples))),
        .init("false_alarms", .double(alarms)), .init("false_alarms_at_most", .double(highest)),
        .init("false_worse", .double(Double(counts.worse) / nights)),
        .init("found", .double(found)), .init("found_at_least", .double(lowest)),
        .init("mean_stated_change", .double(counts.stated / nights)),
        .init("unstated", .int(Int64(counts.unstated))),
        .init("holds", .bool(alarms <= highest && found >= lowest)),
        .init("seconds", .double((time * 10).rounded() / 10)),
      ]).text(.spaced))
  }
}
