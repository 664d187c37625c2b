import DSXCore
import Metrics

/// Groups of `stats.jsonl` that resample texts: sacrebleu's and rouge-score's own streams.
enum ResamplingGolden {
  static func texts(_ value: JSONValue?) -> [String] {
    (value?.array ?? []).map { $0.string ?? "" }
  }

  /// The table of a metric over hypotheses and streams of references.
  static func table(
    _ name: String, _ settings: [String: JSONValue], _ hypotheses: [String], _ streams: JSONValue?
  ) throws -> ExampleTable {
    let entry = try Builtins.registry().find(name)
    let metric = try entry.metric(entry.options(settings))
    var table = ExampleTable(metric)
    for (row, hypothesis) in hypotheses.enumerated() {
      let references = (streams?.array ?? []).map { $0.array?[row] ?? .null }
      try table.append(
        metric.statistics(
          of: ["hypothesis": .string(hypothesis), "references": .array(references)]))
    }
    return table
  }

  static let metrics = [("BLEU", "bleu"), ("chrF2", "chrf")]

  static func settings(_ golden: MetricCase, _ name: String) -> [String: JSONValue] {
    name == "bleu" ? ["tokenize": golden.parameters["tokenize"] ?? "13a"] : [:]
  }

  @Sendable static func bootstrap(_ golden: MetricCase) throws -> String? {
    let replicates = golden.parameters["n_bootstrap"]?.int ?? 0
    for name in ["bleu", "chrf"] {
      let table = try table(
        name, settings(golden, name), texts(golden.inputs["hyps"]), golden.inputs["refs"])
      let total = try table.total()
      let interval = try ExampleBootstrap(replicates: replicates).sacrebleu(table)
      if let difference = golden.differs([name], table.metric.score(from: total))
        ?? golden.differs([name + "_mean"], interval?.mean)
        ?? golden.differs([name + "_ci"], interval.map { ($0.high - $0.low) / 2 })
      {
        return difference
      }
      if let theirs = golden.expected[name + "_signature"]?.string {
        let ours = ResamplingSignature.inserting(
          bootstrap: replicates, seed: 12345, into: table.metric.signature)
        if ours != theirs { return "\(ours) instead of \(theirs)" }
      }
    }
    return nil
  }

  /// The first system is the baseline; p-values are there for the others only.
  @Sendable static func paired(_ golden: MetricCase) throws -> String? {
    let samples = golden.parameters["n_samples"]?.int ?? 0
    let seed = UInt64(golden.parameters["seed"]?.int ?? 0)
    let isBootstrap = golden.parameters["test_type"]?.string == "bs"
    let confidence = isBootstrap ? samples : golden.parameters["n_ar_confidence"]?.int ?? 0
    let names = texts(golden.expected["System"])
    for (column, name) in metrics {
      let rows = golden.expected[column]?.array ?? []
      let tables = try names.map {
        try table(
          name, settings(golden, name), texts(golden.inputs["systems"]?[$0]),
          golden.inputs["refs"])
      }
      for (place, system) in tables.enumerated() {
        let bootstrap = ExampleBootstrap(replicates: confidence, seed: seed)
        var ours: [String: Double?] = ["score": try system.metric.score(from: system.total())]
        var interval = try bootstrap.sacrebleu(system)
        if place > 0 {
          let pair = try PairedTables(tables[0], system)
          if isBootstrap {
            let outcome = try PairedBootstrap.sacrebleu(pair, bootstrap)
            ours["p_value"] = outcome?.test.pValue
            interval = outcome?.second
          } else {
            let test = ApproximateRandomisation(trials: samples, seed: seed)
            ours["p_value"] = try test.sacrebleu(pair)?.pValue
            interval = try test.sacrebleuInterval(pair, replicates: confidence)
          }
        }
        ours["mean"] = interval?.mean
        ours["ci"] = interval.map { ($0.high - $0.low) / 2 }
        for (member, value) in ours {
          guard let theirs = MetricCase.number(rows[place][member]) else {
            return "\(column) \(names[place]): no \(member)"
          }
          guard let value, abs(value - theirs) <= golden.tolerance * max(1, abs(theirs)) else {
            return
              "\(column) \(names[place]) \(member): \(String(describing: value)), not \(theirs)"
          }
        }
      }
      if let theirs = golden.expected["signatures"]?[column]?.string {
        let ours = ResamplingSignature.inserting(
          bootstrap: isBootstrap || confidence > 0 ? confidence : nil,
          randomisation: isBootstrap ? nil : samples, seed: seed,
          into: tables[0].metric.signature)
        if ours != theirs { return "\(ours) instead of \(theirs)" }
      }
    }
    return nil
  }

  /// Types in the order of the file's members draw from one generator.
  @Sendable static func rouge(_ golden: MetricCase) throws -> String? {
    var generator = MT19937(seed: UInt32(golden.parameters["seed"]?.int ?? 0))
    let bootstrap = RougeBootstrap(replicates: golden.parameters["n_samples"]?.int ?? 0)
    let pairs = zip(texts(golden.inputs["predictions"]), texts(golden.inputs["targets"]))
    for (name, kind) in [
      ("rouge1", RougeKind.ngrams(1)), ("rouge2", .ngrams(2)), ("rougeL", .subsequence),
    ] {
      let metric = Rouge(kind, tokenizer: .rouge())
      var scores: [[Double]] = []
      for (prediction, target) in pairs {
        let one = try metric.statistics(
          of: TextExample(hypothesis: prediction, reference: target))
        let values = metric.scores(from: one).map { $0.value ?? .nan }
        // Precision, recall, F, as rouge-score's tuples.
        scores.append([values[1], values[2], values[0]])
      }
      let columns = bootstrap.percentiles(scores, &generator)
      for (member, ours) in [
        ("low", columns.map(\.low)), ("mid", columns.map(\.mid)), ("high", columns.map(\.high)),
      ] {
        let theirs = (golden.expected[name]?[member]?.array ?? []).map { $0.double ?? .nan }
        guard theirs.count == 3,
          zip(ours, theirs).allSatisfy({ abs($0 - $1) <= golden.tolerance })
        else { return "\(name) \(member): \(ours) instead of \(theirs)" }
      }
    }
    return nil
  }
}
