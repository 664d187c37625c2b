import DSXCore
import Datasets
import Jobs
import Models
import Testing

@testable import Evaluation

/// Predictions in shards: the bytes of one process.
@Suite struct PredictionShardsTests {
  private func predictions(_ dataset: MsDataset, batch: Int, limit: Int?) throws -> PredictionRun {
    let pipeline = try ModelPipeline.make(
      model: TaskRunnerTests.package + "/models/sklearn_logreg/iris",
      options: PipelineOptions(batchSize: batch, compute: ComputeOptions(workers: 2)))
    return try PredictionRun(
      pipeline, dataset, PredictionOptions(limit: limit), homes: TaskRunnerTests.homes)
  }

  private func bytes(_ path: String) throws -> [UInt8] {
    try MappedFile(path: path).withBytes { Array($0) }
  }

  @Test(arguments: [(7, nil), (16, 71), (64, nil)] as [(Int, Int?)])
  func shardsMakeTheBytesOfOneProcess(_ batch: Int, _ limit: Int?) throws {
    try TaskDefinitionTests.scratch { scratch in
      var rows = "id,sepal_length_cm,sepal_width_cm,petal_length_cm,petal_width_cm\n"
      var random = PCG64(seed: 3)
      for row in 0..<200 {
        // A cell without a number: that row fails alone.
        let first = row % 50 == 9 ? "" : String(Double(random.bounded(80)) / 10)
        rows += "r\(row),\(first),\(Double(random.bounded(40)) / 10),1.5,0.\(row % 9)\n"
      }
      try FilePath.write(Array(rows.utf8), to: scratch + "/rows.csv")
      let dataset = try MsDataset.loadSplit(scratch + "/rows.csv", homes: TaskRunnerTests.homes)
      func run() throws -> PredictionRun {
        try predictions(dataset, batch: batch, limit: limit)
      }
      let one = scratch + "/one.jsonl"
      let (wanted, _) = try run().run(output: one)
      #expect(wanted.failed > 0 && wanted.examples == limit ?? 200)
      for (number, size) in [1000, 100, 67, 29].enumerated() {
        let output = scratch + "/shards\(number).jsonl"
        func shards() throws -> PredictionShards {
          PredictionShards(try run(), output: output, overwrite: false, tool: "dsx")
        }
        let work = try shards().plan(
          shardExamples: size, command: PlannedCommand(arguments: []))
        let count = work.work.steps[0].shards
        var random = PCG64(seed: UInt64(number))
        let missing = #expect(throws: DSXError.self) {
          _ = try shards().merge(work.path, keepsWork: false)
        }
        #expect(missing?.code == .incomplete)
        for shard in random.permutation(count) {
          try shards().run(
            work.path, .shards([shard], step: nil), verify: false, progress: SilentProgress())
        }
        let merged = try shards().merge(work.path, keepsWork: true)
        #expect(merged.counts == wanted && !merged.wasFinished && merged.warning == nil)
        #expect(try bytes(output) == bytes(one), "\(count) shards")
        #expect(try bytes(output + ".run.json") == bytes(one + ".run.json"))
        #expect(try shards().merge(work.path, keepsWork: false).wasFinished)
        #expect(!FilePath.exists(work.path))
        // Planned again, it ends as it ended.
        let again = #expect(throws: DSXError.self) {
          _ = try shards().plan(shardExamples: size, command: PlannedCommand(arguments: []))
        }
        #expect(again?.isAlreadyMade == true && again?.code.exitCode == .incomplete)
        #expect(again?.message == wanted.error(output: output)?.message)
        #expect(try FinishedVerdict.error(output)?.message == again?.message)
      }
    }
  }
}
