import DSXCore
import Foundation
import Metrics

/// `stats.jsonl`: generators, resampling streams and significance tests; groups of `lm.jsonl`.
enum StatisticsGolden {
  static func numbers(_ value: JSONValue?) -> [Double] {
    (value?.array ?? []).map { MetricCase.number($0) ?? .nan }
  }

  static func integers(_ value: JSONValue?) -> [Int] { (value?.array ?? []).map { $0.int ?? -1 } }

  /// Each line of draws begins with a new generator, but for `randrange`, which goes on after `sample`.
  @Sendable static func python(_ golden: MetricCase) throws -> String? {
    guard let seed = golden.parameters["seed"]?.int.map(UInt64.init) else { return "no seed" }
    func fresh() -> PythonRandom { PythonRandom(seed: seed) }
    var random = fresh()
    let doubles = (0..<4).map { _ in random.random() }
    if doubles != numbers(golden.expected["random"]) { return "random: \(doubles)" }
    random = fresh()
    let choices = random.choices(17, draws: 25)
    if choices != integers(golden.expected["choices"]) { return "choices: \(choices)" }
    random = fresh()
    var order = Array(0..<10)
    random.shuffle(&order)
    if order != integers(golden.expected["shuffle"]) { return "shuffle: \(order)" }
    random = fresh()
    let sample = random.sample(50, draws: 6)
    if sample != integers(golden.expected["sample"]) { return "sample: \(sample)" }
    let below = (0..<5).map { _ in Int(random.below(100)) }
    return below == integers(golden.expected["randrange"]) ? nil : "randrange: \(below)"
  }

  @Sendable static func randomState(_ golden: MetricCase) throws -> String? {
    let seed = UInt32(golden.parameters["seed"]?.int ?? 0)
    var choosing = MT19937(seed: seed)
    let choice = choosing.choice(23, 23)
    if choice != integers(golden.expected["choice23"]) { return "choice23: \(choice)" }
    var permuting = MT19937(seed: seed)
    let order = permuting.permutation(10)
    return order == integers(golden.expected["permutation10"]) ? nil : "permutation10: \(order)"
  }

  @Sendable static func tests(_ golden: MetricCase) throws -> String? {
    let a = integers(golden.inputs["correct_a"])
    let b = integers(golden.inputs["correct_b"])
    let pairs = zip(a, b)
    let onlyFirst = pairs.count { $0 == 1 && $1 == 0 }
    let onlySecond = pairs.count { $0 == 0 && $1 == 1 }
    if let difference = golden.differs(["n10"], Double(onlyFirst))
      ?? golden.differs(["n01"], Double(onlySecond))
      ?? golden.differs(
        ["mcnemar_exact_p"],
        McNemar.exact(onlyFirst: onlyFirst, onlySecond: onlySecond).pValue)
    {
      return difference
    }
    let hits = Proportion(hits: a.reduce(0, +), trials: a.count)
    let x = numbers(golden.inputs["x"])
    let y = numbers(golden.inputs["y"])
    let wilson = Interval.wilson(hits)
    let exact = Interval.clopperPearson(hits)
    let t = PairedT.test(x, y)
    let ranks = Wilcoxon.test(x, y)
    for (name, ours) in [
      ("wilson95_a", [wilson?.low, wilson?.high]),
      ("clopper_pearson95_a", [exact?.low, exact?.high]),
      ("paired_t", [t?.statistic, t?.pValue]), ("wilcoxon", [ranks?.statistic, ranks?.pValue]),
    ] {
      let theirs = numbers(golden.expected[name])
      guard theirs.count == 2 else { return "\(name) is not in the case" }
      for (one, other) in zip(ours, theirs) {
        guard let one, abs(one - other) <= golden.tolerance * max(1, abs(other)) else {
          return "\(name): \(ours) instead of \(theirs)"
        }
      }
    }
    return nil
  }

  @Sendable static func groups(_ golden: MetricCase) throws -> String? {
    let errors = numbers(golden.inputs["stderrs"])
    let sizes = integers(golden.inputs["sizes"])
    let tasks = numbers(golden.inputs["metrics"]).enumerated().map { index, score in
      GroupAggregate.Task(score: score, standardError: errors[index], count: sizes[index])
    }
    return golden.differs(["weighted"], GroupAggregate.weighted(tasks))
      ?? golden.differs(["unweighted"], GroupAggregate.unweighted(tasks))
      ?? golden.differs(["pooled_stderr"], GroupAggregate.pooledError(tasks))
      ?? golden.differs(["unweighted_stderr"], GroupAggregate.unweightedError(tasks))
      ?? golden.differs(["combined_stderr"], GroupAggregate.combinedError(tasks))
  }

  @Sendable static func lmEval(_ golden: MetricCase) throws -> String? {
    let values = numbers(golden.inputs["xs"])
    let bootstrap = LMEvalBootstrap(iterations: golden.parameters["iters"]?.int ?? 0)
    let median = bootstrap.standardError(count: values.count) { drawn in
      drawn.map { values[Int($0)] }.sorted()[drawn.count / 2]
    }
    let perplexity = bootstrap.standardError(count: values.count) { drawn in
      exp(-drawn.reduce(0) { $0 + values[Int($1)] } / Double(drawn.count))
    }
    return golden.differs(["mean_stderr"], Moments.meanError(values))
      ?? golden.differs(["median_bootstrap"], median?.value)
      ?? golden.differs(["perplexity_bootstrap"], perplexity?.value)
  }

  @Sendable static func lmEvalLabels(_ golden: MetricCase) throws -> String? {
    let labels = try LabelSet(["0", "1"])
    let pairs = (golden.inputs["items"]?.array ?? []).map { item in
      LabelPair(
        gold: item.array?.first?.int ?? -1, predicted: item.array?.last?.int ?? -1)
    }
    let bootstrap = LMEvalBootstrap(iterations: golden.parameters["iters"]?.int ?? 0)
    for (name, kind) in [
      ("f1", LabelMetric.Kind.f(.label(1), beta: 1)), ("mcc", LabelMetric.Kind.matthews),
    ] {
      let metric = LabelMetric(kind, labels: labels)
      let score = { (chosen: [LabelPair]) -> Double? in
        (try? metric.statistics(of: chosen)).flatMap { metric.score(from: $0) }
      }
      let error = bootstrap.standardError(count: pairs.count) { drawn in
        score(drawn.map { pairs[Int($0)] })
      }
      if let difference = golden.differs([name], score(pairs))
        ?? golden.differs([name + "_stderr"], error?.value)
      {
        return difference
      }
    }
    return nil
  }
}
