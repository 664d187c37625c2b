internal import DSXCore

/// The position of one stage and of what lies before it. Cheap to take: rows are held, not copied.
struct PipelineState: Sendable {
  /// Meaning defined by the stage.
  var numbers: [Int] = []
  /// Rows that the stage holds.
  var blocks: [Block] = []
  /// The positions of its inputs.
  var inputs: [PipelineState] = []

  /// A number that must be there and not be negative.
  func number(_ index: Int, _ stage: String) throws(DSXError) -> Int {
    guard numbers.indices.contains(index), numbers[index] >= 0 else { throw Self.misfit(stage) }
    return numbers[index]
  }

  /// An input's position that must be there.
  func input(_ index: Int, _ stage: String) throws(DSXError) -> PipelineState {
    guard inputs.indices.contains(index) else { throw Self.misfit(stage) }
    return inputs[index]
  }

  static func misfit(_ stage: String) -> DSXError {
    DSXError(
      .usage, "the saved position does not fit the stage '\(stage)'",
      hint: "restore it with the pipeline and the data that it was saved with")
  }
}

/// One running stage. Single-owner; `next` gives no empty block.
protocol BlockIterator: AnyObject {
  func next() throws(DSXError) -> Block?
  var state: PipelineState { get }
}
