import DSXCore
import Metrics

@testable import Evaluation

/// Evaluates nothing: writes cells whose answers follow from seeds, in the files that real cells have.
final class MadeUpExecutor: CellExecutor {
  /// What is true of a cell tonight.
  struct World {
    /// The model's state: another number is another fingerprint.
    var model = 0
    /// A true drop of accuracy.
    var drop = 0.0
    /// The data's state: another number changes some inputs.
    var data = 0
    /// Ends with an error at that cell.
    var crashes = false
    /// Examples that fail.
    var failures = 0
  }

  var worlds: [String: World] = [:]
  var count = 300
  /// Cells that were really computed.
  var computed: [String] = []
  /// Ends the process, so to speak, before that cell.
  var stopsBefore: String?
  /// Called while a cell is computed.
  var during: (() -> Void)?
  /// Writes the first example's id again for the second one of that cell.
  var repeatsIn: String?

  struct Stopped: Error {}

  private func world(_ cell: RecipeCell) -> World { worlds[cell.key] ?? World() }

  func facts(_ cell: RecipeCell, _ recipe: Recipe) throws(DSXError) -> CellFacts {
    let world = world(cell)
    return CellFacts(
      identity: SHA256.hex("\(cell.key) \(world.model) \(world.data) \(world.drop) \(count)"),
      modelFingerprint: "model \(world.model)", datasetFingerprint: "data \(world.data)",
      dataset: cell.dataset.name, version: "latest", subset: "default", split: "validation",
      task: "made-up", examples: count, metrics: ["accuracy"])
  }

  func run(
    _ cell: RecipeCell, _ facts: CellFacts, _ recipe: Recipe, into folder: String, workers: Int,
    progress: any ProgressSink
  ) throws(DSXError) {
    if stopsBefore == cell.key {
      throw DSXError(.internal, "stopped")
    }
    let world = world(cell)
    if world.crashes { throw DSXError(.missingFile, "a weight file is missing") }
    computed.append(cell.key)
    during?()
    try FilePath.makeFolder(folder)
    var fixed = PCG64(seed: 7)
    var own = PCG64(seed: UInt64(world.model) + 100)
    let plan: ScorePlan
    do {
      plan = try ScorePlan(
        metrics: ["accuracy"], keepsExamples: true, registry: try Builtins.registry())
    }
    var examples: [UInt8] = []
    ExampleFile.head(plan, sliceColumn: "topic", clusterColumn: nil).write(into: &examples)
    examples.append(0x0a)
    var lines: [UInt8] = []
    var hits = 0
    let scored = count - world.failures
    for row in 0..<count {
      // A fixed answer, that a model of another state changes now and then.
      var isRight = fixed.unit() < 0.7
      if own.unit() < 0.04 { isRight.toggle() }
      if world.drop > 0, isRight, own.unit() < world.drop / 0.7 { isRight = false }
      let input =
        world.data > 0 && row % 10 == 0 ? "text \(row), edition \(world.data)" : "text \(row)"
      let hasFailed = row >= scored
      let line: JSONValue = [
        "id": .int(Int64(row)), "input_hash": .string(SHA256.hex(input)),
        "status": .string(hasFailed ? "failed" : "ok"),
        "prediction": .string(isRight ? "a" : "b"), "gold": ["a", "A"], "text": .string(input),
      ]
      line.write(into: &lines)
      lines.append(0x0a)
      if hasFailed { continue }
      hits += isRight ? 1 : 0
      let example: JSONValue = [
        "id": .string(String(repeatsIn == cell.key && row == 1 ? 0 : row)),
        "by": .string(row % 2 == 0 ? "even" : "odd"),
        "metrics": [
          "accuracy": [
            "score": .double(isRight ? 1 : 0), "statistics": [.int(isRight ? 1 : 0), 1],
          ]
        ],
      ]
      example.write(into: &examples)
      examples.append(0x0a)
    }
    let p = Double(hits) / Double(scored)
    var report = RunReport(
      identity: facts.identity, tool: "dsx test",
      dataset: [
        "name": .string(facts.dataset), "version": "latest", "subset": "default",
        "split": "validation", "fingerprint": .string(facts.datasetFingerprint),
      ],
      model: [
        "name": .string(cell.model.name), "fingerprint": .string(facts.modelFingerprint),
      ], task: ["name": "made-up"], settings: .object([]),
      counts: ReportCounts(requested: count, succeeded: scored, failed: world.failures),
      results: [
        ReportResult(
          metric: "accuracy", value: p, unit: "ratio",
          standardError: (p * (1 - p) / Double(scored - 1)).squareRoot(), count: scored,
          signature: "version:1", higherIsBetter: true)
      ])
    report.runtime = ReportRuntime(seconds: Double(workers), workers: workers)
    try FilePath.write(examples, to: folder + "/examples.jsonl")
    try FilePath.write(lines, to: folder + "/predictions.jsonl")
    try FilePath.write(Array(report.json.text(.indented).utf8), to: folder + "/report.json")
  }
}
