import DSXCore
import Testing

@testable import Evaluation

@Suite struct WatchTests {
  /// The smallest safetensors file with one number.
  static func weights(_ value: UInt8 = 1, cut: Int = 0) -> [UInt8] {
    let header = Array(#"{"w":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}"#.utf8)
    var bytes: [UInt8] = []
    for shift in 0..<8 { bytes.append(UInt8((header.count >> (8 * shift)) & 0xff)) }
    bytes += header + [0, 0, value, 0x3f]
    return Array(bytes.dropLast(cut))
  }

  final class Training {
    let folder: ScratchFolder
    var values: [String: Double] = [:]
    var evaluated: [String] = []
    /// Whether the metric has a value for a checkpoint.
    var hasValue: (String) -> Bool = { _ in true }
    var time = 0.0
    /// What happens at each look.
    var events: [Int: () throws -> Void] = [:]
    var looks = 0

    init() throws {
      folder = try ScratchFolder()
      try FilePath.makeFolder(folder.path + "/run")
      try folder.put("base/config.json", "{}")
      try folder.put("base/vocab.json", "{}")
    }

    func put(_ name: String, _ bytes: [UInt8] = WatchTests.weights()) throws {
      let path = folder.path + "/run/" + name
      try FilePath.makeFolder(FilePath.split(path).folder)
      try FilePath.write(bytes, to: path)
    }

    func watch(patience: Int? = nil, idle: Double? = 5, once: Bool = false, copies: Bool = false)
      throws -> WatchReport
    {
      let settings = CheckpointWatch.Settings(
        folder: folder.path + "/run", every: 1, patience: patience, idle: idle, once: once,
        base: folder.path + "/base", output: folder.path + "/out", copiesBest: copies)
      return try CheckpointWatch(settings).run(
        evaluate: { (model: String, place: String) throws(DSXError) -> RunReport in
          let name = FilePath.split(place).name
          evaluated.append(name)
          // A whole model folder was put together.
          for file in ["config.json", "vocab.json"]
          where !FilePath.exists(FilePath.join(model, file)) {
            throw DSXError(.internal, "\(file) is missing in \(model)")
          }
          return RunReport(
            identity: name, tool: "t", dataset: .object([]), model: .object([]),
            task: .object([]), settings: .object([]),
            counts: ReportCounts(requested: 1, succeeded: 1),
            results: [
              ReportResult(
                metric: "accuracy", value: hasValue(name) ? values[name] ?? 0 : nil, unit: "ratio",
                standardError: values[name]?.isNaN == true ? .nan : 0.01, count: 1, signature: "s",
                higherIsBetter: true)
            ])
        },
        sleep: { seconds in
          time += seconds
          looks += 1
          try? events[looks]?()
        }, clock: { time }, tell: { _ in })
    }
  }

  @Test func stepsAreReadFromNames() {
    #expect(Checkpoint.numbers("checkpoint-1000") == [1000])
    #expect(Checkpoint.numbers("pangu-3_500.ckpt") == [3, 500])
    #expect(Checkpoint.numbers("gpt2-v2-step12.safetensors") == [12])
    #expect(Checkpoint.numbers("model.safetensors") == [])
    #expect(Checkpoint.steps([[1, 100], [2, 50], [2, 100]]) == [100, 150, 200])
    #expect(Checkpoint.steps([[7], [9]]) == [7, 9])
  }

  @Test func eachIsEvaluatedOnceComplete() throws {
    let training = try Training()
    training.values = ["step-1.safetensors": 0.3, "step-2.safetensors": 0.5, "step-10": 0.4]
    try training.put("step-1.safetensors")
    // Half-written at first, then grows, then is whole.
    try training.put("step-2.safetensors", Self.weights(cut: 3))
    training.events[1] = { try training.put("step-2.safetensors", Self.weights(cut: 1)) }
    training.events[2] = { try training.put("step-2.safetensors") }
    training.events[4] = {
      try training.put("step-10/model.safetensors")
      try training.put("notes.txt", [0x41])
      try training.put("step-11.safetensors.tmp")
    }
    let report = try training.watch()
    #expect(training.evaluated == ["step-1.safetensors", "step-2.safetensors", "step-10"])
    #expect(report.best?.checkpoint == "step-2.safetensors" && report.sinceBest == 1)
    #expect(report.ending == "nothing new came for 5 s" && report.failures == 0)
    let best = try MappedFile(path: training.folder.path + "/out/best")
    #expect(best.withBytes { Array($0) } == Self.weights())
    let json = try JSONParser.parse(file: training.folder.path + "/out/watch.json")
    #expect(json["best"]?.string == "step-2.safetensors")
    #expect((json["points"]?.array ?? []).compactMap { $0["step"]?.int } == [1, 2, 10])
    #expect(try training.folder.text("out/watch.html").contains("accuracy against step"))
    // Watching again finds all of them again, in the order of the steps.
    training.evaluated = []
    let again = try training.watch(once: true, copies: true)
    #expect(
      training.evaluated.count == 3 && again.points.map(\.value) == report.points.map(\.value))
    #expect(FilePath.isPlainFile(training.folder.path + "/out/best"))
  }

  @Test func patienceEndsIt() throws {
    let training = try Training()
    for (step, value) in [(1, 0.5), (2, 0.6), (3, 0.59), (4, 0.6), (5, 0.58), (6, 0.9)] {
      try training.put("step-\(step).safetensors")
      training.values["step-\(step).safetensors"] = value
    }
    let report = try training.watch(patience: 3)
    #expect(training.evaluated.count == 5 && report.best?.checkpoint == "step-2.safetensors")
    #expect(report.ending?.hasPrefix("3 checkpoints without improvement") == true)
  }

  @Test func valuesThatAreNoNumbersAreTold() throws {
    let training = try Training()
    for (step, value) in [(1, 0.5), (2, Double.nan), (3, -Double.infinity), (4, 0.4)] {
      try training.put("step-\(step).safetensors")
      training.values["step-\(step).safetensors"] = value
    }
    let report = try training.watch(once: true)
    #expect(report.failures == 2 && report.sinceBest == 3)
    #expect(report.points[1].value == nil && report.points[1].error == "accuracy is not a number")
    #expect(report.points[2].error == "accuracy is infinite")
    // The file is JSON all the same, without texts in the place of numbers.
    let json = try JSONParser.parse(file: training.folder.path + "/out/watch.json")
    let points = try #require(json["points"]?.array)
    #expect(points.map { $0["value"] } == [0.5, .null, .null, 0.4])
    #expect(points[1]["standard_error"] == .null && points[0]["standard_error"] == 0.01)
    #expect(points[1]["error"] == "accuracy is not a number")
  }

  @Test func divergedTrainingRunsOutOfPatience() throws {
    let training = try Training()
    for step in 1...5 {
      try training.put("step-\(step).safetensors")
      // From the third on no example has an answer, and the metric no value.
      training.values["step-\(step).safetensors"] = step < 3 ? 0.5 : nil
    }
    training.hasValue = { training.values[$0] != nil }
    let report = try training.watch(patience: 2)
    #expect(training.evaluated.count == 3 && report.best?.checkpoint == "step-1.safetensors")
    #expect(report.points.last?.error == "accuracy has no value")
  }

  @Test func brokenOnesAreToldAndPassedOver() throws {
    let training = try Training()
    try training.put("step-1.safetensors", Self.weights(cut: 2))
    try training.put("step-2.safetensors")
    try training.put(
      "step-3/model.safetensors.index.json",
      Array(#"{"weight_map":{"w":"model-00001-of-00002.safetensors"}}"#.utf8))
    let report = try training.watch(once: true)
    #expect(training.evaluated == ["step-2.safetensors"] && report.failures == 2)
    #expect(report.points.contains { $0.error?.contains("missing") == true })
    let empty = try Training()
    #expect(throws: DSXError.self) { try empty.watch(once: true) }
  }
}
