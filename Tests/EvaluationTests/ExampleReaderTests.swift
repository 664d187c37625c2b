import DSXCore
import Datasets
import Records
import Testing

@testable import Evaluation

@Suite struct ExampleReaderTests {
  /// A matrix of small numbers is an image in a column of images only: masks and ids are numbers.
  @Test func matricesAreNumbers() throws {
    try TaskDefinitionTests.scratch { scratch in
      let schema = Schema([
        Field("input_ids", .int32, shape: [2, 3]), Field("input_mask", .int64, shape: [-1, 3]),
        Field("image", .int32, shape: [2, 3]),
      ])
      var writer = try RecordWriter(
        path: scratch + "/rows.mindrecord", schema: RecordSchema(schema))
      try writer.append(
        Batch(
          schema: schema,
          columns: [
            Column(.int32([5, 6, 7, 8, 9, 10]), offsets: [0, 6]),
            Column(.int64([1, 1, 0, 1, 1, 1]), offsets: [0, 6]),
            Column(.int32([0, 255, 0, 1, 2, 3]), offsets: [0, 6]),
          ]))
      let file = try writer.finish().files[0]
      let dataset = MsDataset(
        name: "rows", split: "train", folder: scratch, content: .records(file))
      var reader = try ExampleReader(
        dataset, columns: ["input_ids", "input_mask", "image"], id: nil)
      let example = try #require(try reader.next()?.first)
      #expect(example.numbers["input_ids"] == [5, 6, 7, 8, 9, 10])
      #expect(example.numbers["input_mask"] == [1, 1, 0, 1, 1, 1])
      #expect(example.pixels["image"]?.width == 3 && example.numbers["image"] == nil)
    }
  }
}
