import DSXCore
import Datasets
import Images
import Models
import Testing

@testable import Evaluation

/// The same images as class folders, as files that a table names, and as pixels: the same answers.
@Suite struct ImageLayoutsTests {
  private static let homes = TaskRunnerTests.homes
  private static let count = 40

  /// The first images of the shipped digits: their bytes, and their names in the archive.
  private func digits() throws -> [(bytes: [UInt8], name: String, label: Int)] {
    let set = try MsDataset.loadSplit("digits", split: "validation", homes: Self.homes)
    guard case .images(let folder) = set.content else { throw DSXError(.internal, "no images") }
    let step = folder.items.count / Self.count
    let reader = ArchiveReader()
    return try (0..<Self.count).map { number in
      let item = folder.items[number * step]
      return (try reader.bytes(of: item.file), item.file.nameInFolder, item.label)
    }
  }

  private func lines(_ folder: String) throws -> (all: [JSONValue], identity: String) {
    let model = TaskRunnerTests.package + "/models/digits_cnn"
    let target = try EvaluationTarget.find(
      dataset: folder, task: "digits", split: "validation", homes: Self.homes)
    let runner = try TaskRunner(
      target, EvaluatedModel(ModelFolder.openAny(model), path: model), EvaluationOptions(),
      homes: Self.homes)
    var lines: [JSONValue] = []
    _ = try runner.predict(from: 0, progress: SilentProgress()) { lines += $0 }
    return (lines, runner.identity)
  }

  private func predictions(_ folder: String, _ scratch: String) throws -> [String?] {
    let pipeline = try ModelPipeline.make(
      model: TaskRunnerTests.package + "/models/digits_cnn", options: PipelineOptions(batchSize: 7))
    let dataset = try MsDataset.loadSplit(folder, split: "validation", homes: Self.homes)
    let output = scratch + "/predictions.jsonl"
    try FilePath.removeTree(output)
    try FilePath.removeTree(output + ".run.json")
    _ = try PredictionRun(pipeline, dataset, PredictionOptions(), homes: Self.homes).run(
      output: output)
    return try MappedFile(path: output).withBytes { bytes in
      try bytes.split(separator: 0x0a).map {
        try JSONParser.parse(String(decoding: $0, as: UTF8.self))["prediction"]?.string
      }
    }
  }

  private func describe(_ folder: String, _ members: [JSONValue.Member]) throws {
    let text = JSONValue.object([
      .init("default", .object([.init("validation", .object(members))]))
    ]).text()
    try FilePath.write(Array(text.utf8), to: folder + "/set.json")
  }

  @Test func sameAnswersFromEveryLayout() throws {
    let digits = try digits()
    try TaskDefinitionTests.scratch { scratch in
      let folder = scratch + "/set"
      try FilePath.makeFolder(folder)
      // Files of an archive.
      let zip = try MappedFile(
        path: TaskRunnerTests.package + "/datasets/digits/digits_imagefolder.zip")
      try FilePath.write(zip.withBytes { Array($0) }, to: folder + "/digits.zip")
      func table(_ head: String) throws {
        let rows = head + "\n" + digits.map { "\($0.name),\($0.label)\n" }.joined()
        try FilePath.write(Array(rows.utf8), to: folder + "/rows.csv")
      }
      try table("image:FILE,label")
      try describe(
        folder, [.init("meta", "rows.csv"), .init("file", "digits.zip"), .init("args", [:])])
      let named = try lines(folder)
      let wanted = named.all.map { $0["prediction"]?.string }
      #expect(wanted.count == Self.count && !wanted.contains(nil))
      #expect(named.all.count { $0["correct"]?.bool == true } > Self.count * 9 / 10)
      #expect(named.all[0]["text"]?.string?.hasPrefix("zip://dev/") == true)
      #expect(try predictions(folder, scratch) == wanted)
      // Files that are no part of the data set are refused; 'dsx predict' takes them.
      try table("image,label")
      try describe(folder, [.init("meta", "rows.csv"), .init("file", ""), .init("args", [:])])
      let error = #expect(throws: DSXError.self) { try lines(folder) }
      #expect(error?.code == .unsupported && error?.message.contains("no part") == true)
      // Without an archive or folder, too: such files may change while the table stays.
      try table("image:FILE,label")
      #expect(throws: DSXError.self) { try lines(folder) }
      // Pixels, in the layout of MNIST's files.
      let images = try digits.map { try ImageDecoder().decode($0.bytes, name: $0.name) }
      let first = images[0]
      func sizes(_ values: [Int]) -> [UInt8] {
        values.flatMap {
          [UInt8($0 >> 24), UInt8($0 >> 16 & 255), UInt8($0 >> 8 & 255), UInt8($0 & 255)]
        }
      }
      let grey = images.map { image in
        stride(from: 0, to: image.pixels.count, by: image.channels).map { image.pixels[$0] }
      }
      try FilePath.write(
        [0, 0, 8, 3] + sizes([Self.count, first.height, first.width]) + grey.flatMap { $0 },
        to: folder + "/images-idx3-ubyte")
      try FilePath.write(
        [0, 0, 8, 1] + sizes([Self.count]) + digits.map { UInt8($0.label) },
        to: folder + "/labels-idx1-ubyte")
      try describe(
        folder,
        [
          .init("meta", "images-idx3-ubyte"), .init("file", ""),
          .init("args", ["format": "idx", "labels": "labels-idx1-ubyte", "num_classes": 10]),
        ])
      let pixels = try lines(folder)
      #expect(pixels.all.map { $0["prediction"]?.string } == wanted)
      #expect(pixels.all.map { $0["logits"] } == named.all.map { $0["logits"] })
      #expect(try predictions(folder, scratch) == wanted)
      #expect(pixels.identity != named.identity)
      // Pixels as lists.
      let lists = images.indices.map { place -> String in
        let (image, digit) = (images[place], digits[place])
        let rows = (0..<image.height).map { row in
          JSONValue.array(
            (0..<image.width).map { column in
              .int(Int64(image.pixels[(row * image.width + column) * image.channels]))
            })
        }
        let line: JSONValue = ["image": .array(rows), "label": .string(String(digit.label))]
        return line.text() + "\n"
      }
      try FilePath.write(Array(lists.joined().utf8), to: folder + "/rows.jsonl")
      try describe(folder, [.init("meta", "rows.jsonl"), .init("file", ""), .init("args", [:])])
      let nested = try lines(folder)
      #expect(nested.all.map { $0["logits"] } == named.all.map { $0["logits"] })
      #expect(try predictions(folder, scratch) == wanted)
    }
  }
}
