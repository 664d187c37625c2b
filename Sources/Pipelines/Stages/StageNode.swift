internal import DSXCore

/// One stage as it is written down: a value from which runs are opened.
protocol StageNode: Sendable {
  /// Its name in recipes and messages.
  var name: String { get }
  /// What decides its results, in the order to show.
  var parameters: [JSONValue.Member] { get }
  /// What changes nothing but speed and memory.
  var tuning: [JSONValue.Member] { get }
  /// The fields of what it hands on.
  var schema: Schema { get }
  /// What it reads from.
  var inputs: [any StageNode] { get }
  /// Whether it leaves batches and order as they are, so that a saved position does not mention it.
  var isTransparent: Bool { get }
  /// What its order depends on, one sentence.
  var order: String { get }
  /// What it holds in memory, one sentence.
  var memory: String { get }
  /// The rows in their order, while they still are rows of a random-access source. `pass` counts the
  /// rounds of a `repeat` behind it.
  func indexed(pass: Int) -> IndexedRows?
  /// Starts the stage, at a saved position.
  func open(_ context: OpenContext, _ state: PipelineState?) throws(DSXError)
    -> any BlockIterator
}

extension StageNode {
  var tuning: [JSONValue.Member] { [] }
  var isTransparent: Bool { false }
  var order: String { "that of its input" }
  var memory: String { "nothing beyond the batch" }
  func indexed(pass _: Int) -> IndexedRows? { nil }

  /// The run over a random-access source that this stage and those before it are together.
  func openIndexed(_ context: OpenContext, _ state: PipelineState?) throws(DSXError)
    -> (any BlockIterator)?
  {
    guard let rows = indexed(pass: context.pass) else { return nil }
    var meters = [context.meter]
    var place = context
    var node: any StageNode = self
    while let input = node.inputs.first {
      place = place.input(0)
      node = input
      meters.append(place.meter)
    }
    return try IndexedIterator(
      rows, stage: name, source: place.sourceNumber, meters: meters, state)
  }
}

/// What a stage is told when it is opened.
struct OpenContext: Sendable {
  /// What all stages of a run share.
  final class Shared: Sendable {
    let meters: [[Int]: StageMeter]
    let sourceNumbers: [[Int]: Int]
    let sources: [String]
    let workers: Int

    init(_ root: any StageNode, workers: Int) {
      var meters: [[Int]: StageMeter] = [:]
      var numbers: [[Int]: Int] = [:]
      var sources: [String] = []
      root.walk { node, path in
        meters[path] = StageMeter()
        if node.inputs.isEmpty {
          numbers[path] = sources.count
          sources.append((node as? any SourceNode)?.source ?? "")
        }
      }
      self.meters = meters
      sourceNumbers = numbers
      self.sources = sources
      self.workers = max(1, workers)
    }
  }

  let shared: Shared
  /// The way from the last stage to this one: the number of the input at each step.
  var path: [Int] = []
  /// The round of the `repeat` behind this stage.
  var pass = 0
  /// This stage's counters.
  let meter: StageMeter

  init(_ shared: Shared, path: [Int] = [], pass: Int = 0) {
    self.shared = shared
    self.path = path
    self.pass = pass
    meter = shared.meters[path] ?? StageMeter()
  }

  func input(_ number: Int) -> OpenContext {
    OpenContext(shared, path: path + [number], pass: pass)
  }

  /// The number of this source among the run's sources.
  var sourceNumber: Int { shared.sourceNumbers[path] ?? 0 }
}

/// A stage without inputs.
protocol SourceNode: StageNode {
  /// The file or data set that errors name.
  var source: String { get }
}

extension StageNode {
  /// Calls `body` for this stage and all before it, with the way to each.
  func walk(_ path: [Int] = [], _ body: (any StageNode, [Int]) -> Void) {
    body(self, path)
    for (number, input) in inputs.enumerated() { input.walk(path + [number], body) }
  }
}
