import DSXCore
import Datasets
import Foundation
import Images
import Models
import Testing

@testable import Evaluation

/// Batch inference: columns, rows that fail, going on after an interruption.
@Suite struct PredictionTests {
  /// The class of a row is the larger of two numbers.
  private struct Larger: TableClassifier {
    let info = ModelInfo(
      name: "larger", architecture: "fake", vocabularySize: 0, context: 0, parameters: 0,
      storedType: "f64", fingerprint: "x")
    let features = ["a", "b"]
    let labels = ["left", "right"]
    func classify(_ rows: [[Double]], _ options: ComputeOptions) throws(DSXError) -> [[Double]] {
      rows
    }
  }

  private final class Folder {
    let path = FileManager.default.temporaryDirectory.path + "/dsx-predict-\(UUID().uuidString)"
    init() throws { try FilePath.makeFolder(path) }
    deinit { try? FilePath.removeTree(path) }
    func file(_ name: String) -> String { FilePath.join(path, name) }
  }

  private static let homes = Homes(environment: ["HOME": "/nonexistent"])

  private func run(
    _ folder: Folder, _ csv: String, options: PredictionOptions = PredictionOptions(),
    batchSize: Int = 2, overwrite: Bool = false, output: String = "out.jsonl"
  ) throws -> (counts: PredictionCounts, wasFinished: Bool) {
    let table = folder.file("rows.csv")
    try FilePath.write(Array(csv.utf8), to: table)
    let pipeline = try ModelPipeline(
      task: nil, model: .tableClassifier(Larger()),
      options: PipelineOptions(batchSize: batchSize))
    let dataset = MsDataset(name: "rows", split: "test", folder: folder.path, table: table)
    return try PredictionRun(pipeline, dataset, options, homes: Self.homes).run(
      output: folder.file(output), overwrite: overwrite)
  }

  private func text(_ path: String) throws -> String {
    try String(contentsOfFile: path, encoding: .utf8)
  }

  private static let rows = "id,a,b\nx,1,2\ny,3,1\nz,,1\nw,0,5\nv,7,6\n"

  @Test func linesAndFailures() throws {
    let folder = try Folder()
    let (counts, wasFinished) = try run(folder, Self.rows)
    #expect(counts.examples == 5 && counts.failed == 1 && counts.succeeded == 4 && !wasFinished)
    let lines = try text(folder.file("out.jsonl")).split(separator: "\n").map {
      try JSONParser.parse(String($0))
    }
    #expect(lines.map { $0["row"]?.int } == [0, 1, 2, 3, 4])
    #expect(lines.map { $0["id"]?.string } == ["x", "y", "z", "w", "v"])
    #expect(lines.map { $0["prediction"]?.string } == ["right", "left", nil, "right", "left"])
    #expect(lines[2]["status"] == "failed" && lines[2]["reason"] == "the row has no 'a'")
    #expect(lines[0]["output"]?["labels"] == ["right", "left"])
    #expect(Set(lines.map { $0["input_hash"]?.string }).count == 5)
    #expect(try run(folder, Self.rows).wasFinished)
  }

  @Test func goesOnWithTheSameBytes() throws {
    let folder = try Folder()
    _ = try run(folder, Self.rows)
    let whole = try text(folder.file("out.jsonl"))
    let sidecar = try text(folder.file("out.jsonl.run.json"))
    let bytes = Array(whole.utf8)
    // Whatever a kill left: nothing, half a line, one line of a batch, a whole batch, everything.
    for length in [0, 10, bytes.count / 3, bytes.count / 2, bytes.count - 1, bytes.count] {
      try FilePath.removeTree(folder.file("out.jsonl"))
      try FilePath.write(Array(bytes[..<length]), to: folder.file("out.jsonl.part"))
      _ = try run(folder, Self.rows)
      #expect(try text(folder.file("out.jsonl")) == whole, "after \(length) bytes")
      #expect(try text(folder.file("out.jsonl.run.json")) == sidecar)
      #expect(!FilePath.exists(folder.file("out.jsonl.part")))
    }
    // Lines of something else are not kept.
    try FilePath.removeTree(folder.file("out.jsonl"))
    try FilePath.write(Array("{\"row\":7}\nnonsense\n".utf8), to: folder.file("out.jsonl.part"))
    _ = try run(folder, Self.rows)
    #expect(try text(folder.file("out.jsonl")) == whole)
  }

  @Test func otherOutputsAreKept() throws {
    let folder = try Folder()
    _ = try run(folder, Self.rows)
    func code(_ body: () throws -> Void) -> DSXError.Code? {
      do {
        try body()
        return nil
      } catch { return (error as? DSXError)?.code }
    }
    let limited = PredictionOptions(limit: 2)
    #expect(code { _ = try run(folder, Self.rows, options: limited) } == .outputExists)
    #expect(try run(folder, Self.rows, options: limited, overwrite: true).counts.examples == 2)
    try FilePath.write(Array("mine\n".utf8), to: folder.file("mine.jsonl"))
    #expect(
      code { _ = try run(folder, Self.rows, overwrite: true, output: "mine.jsonl") }
        == .outputExists)
    #expect(try text(folder.file("mine.jsonl")) == "mine\n")
    #expect(code { _ = try run(folder, "id,a,b\n", output: "none.jsonl") } == .nothingToDo)
    #expect(code { _ = try run(folder, Self.rows, options: .init(limit: 0)) } == .usage)
  }

  @Test func columns() throws {
    let schema = Schema([Field("question", .string), Field("text", .string), Field("n", .int64)])
    func places(
      _ fields: [PipelineField], _ chosen: [(role: String, column: String)] = []
    ) throws -> [String] {
      try PredictionColumns(fields, schema: schema, chosen: chosen, id: .usual).places.map(\.column)
    }
    let text = PipelineField("text", .text, columns: ["body", "text"])
    let second = PipelineField("text2", .text, columns: ["text"], isRequired: false)
    #expect(try places([text]) == ["text"])
    #expect(try places([text, second]) == ["text"])
    #expect(try places([text, second], [("text", "question")]) == ["question", "text"])
    #expect(throws: DSXError.self) { try places([text], [("txt", "text")]) }
    #expect(throws: DSXError.self) { try places([text], [("text", "txet")]) }
    #expect(throws: DSXError.self) { try places([PipelineField("x", .text, columns: ["y"])]) }
  }

  private struct Pictures: ImageClassifier {
    let info = ModelInfo(
      name: "pictures", architecture: "fake", vocabularySize: 0, context: 0, parameters: 0,
      storedType: "f32", fingerprint: "x")
    let labels = ["a", "b"]
    func classify(_ images: [Image], _ options: ComputeOptions) throws(DSXError) -> [[Float]] {
      images.map { _ in [0, 1] }
    }
  }

  /// Images that a table names may change while the table stays.
  @Test func imagesThatATableNamesDecide() throws {
    let folder = try Folder()
    let images = ["one.png", "two.png"].map(folder.file)
    for image in images { try FilePath.write([1], to: image) }
    let table = folder.file("images.csv")
    try FilePath.write(Array("image\n\(images.joined(separator: "\n"))\n".utf8), to: table)
    func identity(limit: Int? = nil) throws -> JSONValue {
      let pipeline = try ModelPipeline(task: nil, model: .imageClassifier(Pictures()))
      let dataset = MsDataset(name: "images", split: "test", folder: folder.path, table: table)
      let options = PredictionOptions(limit: limit)
      return try PredictionRun(pipeline, dataset, options, homes: Self.homes).identity
    }
    let (before, first) = (try identity(), try identity(limit: 1))
    #expect(before["images_sha256"]?.string?.count == 64)
    #expect(try identity() == before)
    try FilePath.write([1, 2], to: images[1])
    #expect(try identity() != before && identity(limit: 1) == first)
    try FilePath.removeTree(images[0])
    #expect(try identity(limit: 1) != first)
    // Members of an archive: the archive counts, and need not be opened.
    let archive = folder.file("a.zip")
    try FilePath.write([1], to: archive)
    try FilePath.write(Array("image\nzip://one.png::\(archive)\n".utf8), to: table)
    let member = try identity()
    #expect(try identity() == member)
    try FilePath.write([1, 2], to: archive)
    #expect(try identity() != member)
  }
}
