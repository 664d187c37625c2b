import DSXCore
import Pipelines
import Testing

@Suite struct OrderedMapTests {
  @Test(arguments: [1, 2, 3, 8]) func resultsComeInInputOrder(workers: Int) throws {
    var next = 0
    var results: [Int] = []
    try OrderedMap(workers: workers).run(
      source: { () throws(DSXError) -> Int? in
        defer { next += 1 }
        return next < 500 ? next : nil
      },
      makeTransform: {
        { (input: Int) throws(DSXError) -> Int in
          // Uneven work, so that workers overtake each other.
          var sum = input
          for step in 0..<((input * 7919) % 2000) { sum = sum &+ step &* 0 }
          return sum * 2
        }
      },
      sink: { (output: Int) throws(DSXError) in results.append(output) })
    #expect(results == (0..<500).map { $0 * 2 })
  }

  @Test(arguments: [1, 3]) func theFirstErrorInInputOrderEndsTheRun(workers: Int) {
    var next = 0
    var results: [Int] = []
    do throws(DSXError) {
      try OrderedMap(workers: workers).run(
        source: { () throws(DSXError) -> Int? in
          next += 1
          return next
        },
        makeTransform: {
          { (input: Int) throws(DSXError) -> Int in
            if input >= 40 { throw DSXError(.malformed, "input \(input)") }
            return input
          }
        },
        sink: { (output: Int) throws(DSXError) in results.append(output) })
      Issue.record("no error came")
    } catch {
      #expect(error.message == "input 40")
    }
    #expect(results == Array(1..<40))
  }

  @Test func aFailingSourceStillDeliversWhatCameBefore() {
    var next = 0
    var results: [Int] = []
    do throws(DSXError) {
      try OrderedMap(workers: 2).run(
        source: { () throws(DSXError) -> Int? in
          next += 1
          if next == 10 { throw DSXError(.io, "gone") }
          return next
        },
        makeTransform: { { (input: Int) throws(DSXError) -> Int in input } },
        sink: { (output: Int) throws(DSXError) in results.append(output) })
      Issue.record("no error came")
    } catch {
      #expect(error.code == .io)
    }
    #expect(results == Array(1..<10))
  }

  @Test func aFailingSinkEndsTheRun() {
    var next = 0
    #expect(throws: DSXError.self) {
      try OrderedMap(workers: 2).run(
        source: { () throws(DSXError) -> Int? in
          next += 1
          return next
        },
        makeTransform: { { (input: Int) throws(DSXError) -> Int in input } },
        sink: { (output: Int) throws(DSXError) in
          if output == 5 { throw DSXError(.io, "disk full") }
        })
    }
  }

  @Test func noInputIsFine() throws {
    try OrderedMap(workers: 4).run(
      source: { () throws(DSXError) -> Int? in nil },
      makeTransform: { { (input: Int) throws(DSXError) -> Int in input } },
      sink: { (_: Int) throws(DSXError) in Issue.record("nothing was sent") })
  }
}
