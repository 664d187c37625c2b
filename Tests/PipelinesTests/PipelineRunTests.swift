import DSXCore
import Testing

@testable import Pipelines

/// Errors, early ends, positions and counters of runs.
@Suite struct PipelineRunTests {
  let rows = Model.rows(40)

  /// An error of a late stage names the row of the source, whatever came before it.
  @Test(arguments: [1, 2, 5]) func errorsKeepFileAndRow(workers: Int) throws {
    let rows = rows
    let source = Pipeline.cursor("model.csv", schema: Model.schema) { ModelCursor(rows) }
    let odd = RowTest("odd", reason: "even") { (batch) throws(DSXError) in
      Model.rows(of: batch).map { $0.id % 2 == 1 }
    }
    let pipeline = try source.filter(odd).shuffle(seed: 3, window: 11).batch(4)
      .map("fails") { (batch) throws(DSXError) in
        if let index = Model.rows(of: batch).firstIndex(where: { $0.id == 23 }) {
          throw DSXError(.malformed, "23 is bad", row: batch.firstRow + index)
        }
        return batch
      }
    let run = try pipeline.run(workers: workers)
    do {
      while try run.next() != nil {}
      Issue.record("no error came")
    } catch {
      #expect(error.location.row == 23)
      #expect(error.location.file == "model.csv")
      #expect(error.message == "23 is bad")
    }
    // The error stays; nothing comes behind it.
    do {
      _ = try run.next()
      Issue.record("the error was forgotten")
    } catch { #expect(error.location.row == 23) }
  }

  /// What lies before a failing row is handed on, then the source's error as it was.
  @Test(arguments: [1, 2, 5]) func failingSources(workers: Int) throws {
    let rows = rows
    let pipeline = try Pipeline.cursor("model.csv", schema: Model.schema) {
      ModelCursor(rows, failsAt: 17)
    }.map("same") { (batch) throws(DSXError) in batch }.prefetch(2)
    let run = try pipeline.run(workers: workers)
    var seen = 0
    do {
      while let batch = try run.next() { seen += batch.rows }
      Issue.record("no error came")
    } catch {
      #expect(error.location.line == 19)
      #expect(error.location.row == 17)
    }
    #expect(seen == 15)
  }

  @Test func droppedRunsJoinTheirThreads() throws {
    for workers in [1, 2, 5] {
      for _ in 0..<20 {
        let pipeline = try Model.stream(rows, seed: 1).prefetch(4)
          .map("same") { (batch) throws(DSXError) in batch }
          .repeated(nil).prefetch(1).batch(7).prefetch(4)
        let run = try pipeline.run(workers: workers)
        _ = try run.next()
        if workers == 2 { run.stop() }
      }
    }
  }

  @Test func stoppedRunsKeepTheirPosition() throws {
    let pipeline = try Model.stream(rows, seed: 2).batch(6)
    let run = try pipeline.run()
    _ = try run.next()
    run.stop()
    #expect(try run.next() == nil)
    let rest = try pipeline.run(from: run.position).rest()
    #expect(rest.flatMap { $0 } == Array(rows.dropFirst(6)))
  }

  @Test func positionsAreRefusedElsewhere() throws {
    let pipeline = try Model.stream(rows, seed: 2).batch(6)
    let position = try pipeline.run().position
    #expect(throws: DSXError.self) {
      try Model.stream(rows, seed: 2).batch(7).run(from: position)
    }
    func refuses(_ change: (inout [JSONValue.Member]) -> Void) throws {
      guard case .object(var members) = position.json else { return }
      change(&members)
      #expect(throws: DSXError.self) {
        try pipeline.run(from: PipelinePosition(json: .object(members)))
      }
    }
    try refuses { $0.removeAll { $0.name == "format" } }
    try refuses { members in
      for index in members.indices where members[index].name == "version" {
        members[index].value = 2
      }
    }
    try refuses { $0.removeAll { $0.name == "position" } }
    for bad: JSONValue in [
      [:], ["numbers": [-1]], ["numbers": [1], "inputs": []], ["numbers": "x"],
      ["numbers": [99], "inputs": [["numbers": [0]]]],
      ["numbers": [0], "inputs": [["numbers": [4000]]]],
    ] {
      try refuses { members in
        for index in members.indices where members[index].name == "position" {
          members[index].value = bad
        }
      }
    }
  }

  @Test func countersAreExact() throws {
    let test = RowTest("third", reason: "no third") { (batch) throws(DSXError) in
      Model.rows(of: batch).map { $0.id % 3 == 0 }
    }
    for workers in [1, 3] {
      let pipeline = try Pipeline.rows(ModelSource(rows: rows), name: "m", batchRows: 10)
        .skip(4).map("same") { (batch) throws(DSXError) in batch }
        .filter(test).batch(5, dropRemainder: true).take(8)
      let run = try pipeline.run(workers: workers)
      _ = try run.rest()
      let counters = run.counters.map(\.counters)
      #expect(run.counters.map(\.stage) == ["take", "batch", "third", "same", "skip", "source"])
      // 36 rows in 4 batches; 12 of them are thirds: 6, 9, ..., 39.
      if workers == 1 {
        #expect(counters[5].rowsOut == 30 && counters[4].rowsOut == 30)
        #expect(counters[3].rowsIn == 30 && counters[3].batchesIn == 3)
        #expect(counters[2].dropped == ["no third": 20])
      }
      #expect(counters[1].rowsIn == 10 && counters[1].batchesOut == 2)
      #expect(counters[0].rowsIn == 10 && counters[0].rowsOut == 8)
      #expect(counters[0].dropped == ["behind the last": 2])
    }
  }

  /// A transform that leaves rows out counts them, and the others keep their place.
  @Test(arguments: [1, 3]) func droppedRowsKeepTheOthersPlaces(workers: Int) throws {
    let transform = BatchTransform(
      numbered: "odd", schema: { (schema) throws(DSXError) in schema },
      make: { (_, _) throws(DSXError) in
        { (batch, numbers, drops) throws(DSXError) in
          var kept: [Int] = []
          for (row, number) in numbers.enumerated() {
            if number % 2 == 1 { kept.append(row) } else { drops.drop(row, reason: "even") }
          }
          return batch.rows(kept)
        }
      })
    let pipeline = try Pipeline.rows(ModelSource(rows: rows), name: "m", batchRows: 7)
      .shuffle(seed: 2).map(transform).batch(6)
      .map("fails") { (batch) throws(DSXError) in
        if let index = Model.rows(of: batch).firstIndex(where: { $0.id == 17 }) {
          throw DSXError(.malformed, "17 is bad", row: batch.firstRow + index)
        }
        return batch
      }
    let run = try pipeline.run(workers: workers)
    do {
      while try run.next() != nil {}
      Issue.record("no error came")
    } catch { #expect(error.location.row == 17 && error.location.file == "m") }
    let whole = try Pipeline.rows(ModelSource(rows: rows), name: "m", batchRows: 7)
      .map(transform).run(workers: workers)
    #expect(try whole.rest().flatMap { $0 }.map(\.id) == stride(from: 1, to: 40, by: 2).map { $0 })
    #expect(whole.counters[0].counters.dropped == ["even": 20])
    #expect(whole.counters[0].counters.rowsOut == 20)
  }

  @Test func explanationsNameEveryStage() throws {
    let pipeline = try Pipeline.rows(ModelSource(rows: rows), name: "m")
      .shuffle(seed: 1).map(.strip(["text"])).shuffle(seed: 2, window: 16).batch(4)
    let stages = pipeline.explanation
    #expect(stages.map(\.stage) == ["source", "shuffle", "strip", "shuffle", "batch"])
    #expect(stages.map(\.isRandomAccess) == [true, true, false, false, false])
    #expect(stages[1].rows == 40 && stages[3].rows == nil)
  }
}
