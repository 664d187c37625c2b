internal import DSXCore

/// Its input again and again. Every pass opens it anew with the next number of pass, so that shuffles give
/// the order of the next epoch. State: numbers [pass, whether it gave anything], inputs [input].
struct RepeatStage: StageNode {
  let input: any StageNode
  /// nil: without end.
  let epochs: Int?

  var name: String { "repeat" }
  var parameters: [JSONValue.Member] {
    [.init("epochs", epochs.map { .int(Int64($0)) } ?? .null)]
  }
  var schema: Schema { input.schema }
  var inputs: [any StageNode] { [input] }
  var order: String { "that of its input, whose shuffles take the next epoch in each pass" }

  func open(_ context: OpenContext, _ state: PipelineState?) throws(DSXError)
    -> any BlockIterator
  {
    try RepeatIterator(self, context, state)
  }
}

private final class RepeatIterator: BlockIterator {
  private let stage: RepeatStage
  private let context: OpenContext
  private var pass = 0
  private var gaveAny = false
  private var input: (any BlockIterator)?

  init(_ stage: RepeatStage, _ context: OpenContext, _ state: PipelineState?) throws(DSXError) {
    self.stage = stage
    self.context = context
    if let state {
      pass = try state.number(0, stage.name)
      gaveAny = try state.number(1, stage.name) == 1
    }
    guard pass < stage.epochs ?? .max else { return }
    input = try open(try state?.input(0, stage.name))
  }

  private func open(_ state: PipelineState?) throws(DSXError) -> any BlockIterator {
    var inner = context.input(0)
    // Repeats in repeats go on counting; an endless one inside never comes back to the outer one.
    inner.pass = context.pass &* (stage.epochs ?? 0) &+ pass
    return try stage.input.open(inner, state)
  }

  func next() throws(DSXError) -> Block? {
    while let input {
      if let block = try input.next() {
        gaveAny = true
        context.meter.came(block.rows)
        context.meter.went(block.rows)
        return block
      }
      // A pass without rows will not have any the next time either.
      let goesOn = gaveAny && pass + 1 < stage.epochs ?? .max
      pass = goesOn ? pass + 1 : stage.epochs ?? .max
      self.input = nil
      gaveAny = false
      if goesOn { self.input = try open(nil) }
    }
    return nil
  }

  var state: PipelineState {
    PipelineState(
      numbers: [pass, gaveAny ? 1 : 0], inputs: [input?.state ?? PipelineState()])
  }
}
