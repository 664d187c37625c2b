internal import DSXCore

/// Rows that fulfil a test; the others are counted by reason. State: inputs [input].
struct FilterStage: StageNode {
  let input: any StageNode
  let test: RowTest

  var name: String { test.name }
  var parameters: [JSONValue.Member] { test.parameters }
  var schema: Schema { input.schema }
  var inputs: [any StageNode] { [input] }

  func open(_ context: OpenContext, _ state: PipelineState?) throws(DSXError)
    -> any BlockIterator
  {
    FilterIterator(
      test, context, try input.open(context.input(0), try state?.input(0, name)))
  }
}

private final class FilterIterator: BlockIterator {
  private let test: RowTest
  private let meter: StageMeter
  private let sources: [String]
  private let input: any BlockIterator

  init(_ test: RowTest, _ context: OpenContext, _ input: any BlockIterator) {
    self.test = test
    meter = context.meter
    sources = context.shared.sources
    self.input = input
  }

  func next() throws(DSXError) -> Block? {
    while let block = try input.next() {
      meter.came(block.rows)
      let start = StageMeter.Moment.now
      let verdicts: [UInt8]
      do throws(DSXError) {
        verdicts = try test.verdicts(block.batch)
        guard verdicts.count == block.rows,
          verdicts.allSatisfy({ Int($0) <= test.reasons.count })
        else {
          throw DSXError(
            .internal,
            "the stage '\(test.name)' judged \(verdicts.count) of \(block.rows) rows, "
              + "or for a reason that it does not declare")
        }
      } catch {
        throw block.located(error, sources: sources)
      }
      var kept: [Int] = []
      var dropped = [Int](repeating: 0, count: test.reasons.count)
      for (row, verdict) in verdicts.enumerated() {
        if verdict == 0 { kept.append(row) } else { dropped[Int(verdict) - 1] += 1 }
      }
      let result =
        kept.count == block.rows ? block : kept.isEmpty ? nil : block.gather(kept)
      meter.worked(since: start)
      for (count, reason) in zip(dropped, test.reasons) { meter.dropped(count, reason) }
      guard let result else { continue }
      meter.went(result.rows)
      return result
    }
    return nil
  }

  var state: PipelineState { PipelineState(inputs: [input.state]) }
}
