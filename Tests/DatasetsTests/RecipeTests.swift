import DSXCore
import Pipelines
import Records
import Testing

@testable import Datasets

/// Recipes and the stages that need data sets.
@Suite struct RecipeTests {
  private func inFolder(_ body: (String) throws -> Void) throws {
    let folder = "/tmp/dsx-recipe-\(UInt64.random(in: 0..<UInt64.max))"
    try FilePath.makeFolder(folder)
    defer { try? FilePath.removeTree(folder) }
    try body(folder)
  }

  private let homes = Homes(environment: ["HOME": "/nonexistent", "DSX_HOME": "/nonexistent"])

  private func numbers(_ pipeline: Pipeline, _ column: String = "n") throws -> [Int64] {
    let run = try pipeline.run()
    var found: [Int64] = []
    while let batch = try run.next() {
      if case .int64(let values)? = batch[column]?.elements { found += values }
    }
    return found
  }

  @Test func recipesRunOverTablesAndRecords() throws {
    try inFolder { folder in
      let table = FilePath.join(folder, "t.csv")
      let lines = (0..<50).map { "\($0),w\($0 % 7)" }
      try AtomicFolder.write(
        Array(("n,word\n" + lines.joined(separator: "\n") + "\n").utf8), to: table)
      let recipe = FilePath.join(folder, "r.yaml")
      try AtomicFolder.write(
        Array(
          """
          source: {file: \(table)}
          pipeline:
            - filter: {where: "n >= 10 AND word IN ('w1', 'w2')"}
            - concat:
                with:
                  - source: {file: \(table), batch_rows: 3}
                    pipeline: [{take: 2}]
            - rename: {n: number}
          """.utf8), to: recipe)
      let pipeline = try PipelineRecipe(file: recipe).pipeline(homes: homes)
      let expected = (10..<50).filter { [1, 2].contains($0 % 7) }.map(Int64.init) + [0, 1]
      #expect(try numbers(pipeline, "number") == expected)

      // The same rows as a record set: a full shuffle needs no window.
      let source = PipelineSource(.file(table))
      let stream = try PipelineRecipe(source: source, stages: []).pipeline(homes: homes)
      let set = FilePath.join(folder, "set.mindrecord")
      let run = try stream.run()
      var writer = try DatasetRecords(path: set, schema: run.schema)
      while let batch = try run.next() { try writer.append(batch) }
      try writer.finish()
      let shuffled = try PipelineRecipe(
        source: PipelineSource(.records(set)), stages: ["shuffle: {seed: 4, epoch: 1}", "take: 20"]
      ).pipeline(homes: homes)
      let order = RowPermutation(count: 50, seed: 4, epoch: 1)
      #expect(try numbers(shuffled) == (0..<20).map { Int64(order[$0]) })
      #expect(shuffled.isRandomAccess)
    }
  }

  @Test func mistakesHaveTheirLine() throws {
    try inFolder { folder in
      let table = FilePath.join(folder, "t.csv")
      try AtomicFolder.write(Array("n,word\n1,a\n".utf8), to: table)
      let recipe = FilePath.join(folder, "r.yaml")
      let cases: [(String, Int, String)] = [
        ("  - shufle: {seed: 1}", 3, "did you mean 'shuffle'"),
        ("  - take: 3\n  - shuffle: {seeed: 1, window: 4}", 4, "did you mean 'seed'"),
        ("  - take: -1", 3, ""), ("  - take: many", 3, ""), ("  - shuffle: {seed: 1}", 3, "window"),
        ("  - filter: {where: \"m = 1\"}", 3, "n, word"),
        ("  - select: [n, nn]", 3, "did you mean"),
        ("  - cast: {n: int23}", 3, "int32"), ("  - concat: {stop: all}", 3, ""),
      ]
      for (stages, line, words) in cases {
        try AtomicFolder.write(
          Array("source: {file: \(table)}\npipeline:\n\(stages)\n".utf8), to: recipe)
        do {
          _ = try PipelineRecipe(file: recipe).pipeline(homes: homes)
          Issue.record("\(stages) was taken")
        } catch let error as DSXError {
          #expect(error.location.file == recipe && error.location.line == line, "\(stages)")
          #expect(words.isEmpty || error.description.contains(words), "\(error)")
        }
      }
    }
  }

  /// Three truth values, against a plain evaluation.
  @Test func conditionsTakeMissingValuesAsSQL() throws {
    let schema = Schema([
      Field("a", .int32, isNullable: true), Field("f", .float32),
      Field("s", .string, isNullable: true),
    ])
    var text = Column(strings: ["x", "", "yy", "z"])
    text.validity = [true, false, true, true]
    let batch = Batch(
      schema: schema,
      columns: [
        Column(.int32([1, 0, 3, 4]), validity: [true, false, true, true]),
        Column(.float32([0.5, 1.5, .nan, -2])), text,
      ])
    let cases: [(String, [Bool])] = [
      ("a > 1", [false, false, true, true]), ("NOT a > 1", [true, false, false, false]),
      ("a IS NULL", [false, true, false, false]), ("s IS NOT NULL", [true, false, true, true]),
      ("a > 1 OR f = 1.5", [false, true, true, true]),
      ("NOT (a > 1 AND f < 0)", [true, true, true, false]),
      ("s IN ('x', 'yy')", [true, false, true, false]), ("s LIKE '_'", [true, false, false, true]),
      ("f BETWEEN -2 AND 0.5", [true, false, false, true]), ("f != 7", [true, true, true, true]),
    ]
    for (condition, expected) in cases {
      #expect(try RowCondition(condition, schema: schema).mask(batch) == expected, "\(condition)")
    }
  }
}
