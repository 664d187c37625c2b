internal import DSXCore

/// Reads a stage's input piece by piece; its position may lie inside a block.
///
/// Saved state: numbers [rows of the next block that were taken], inputs [the input before that block].
final class BlockReader {
  let input: any BlockIterator
  private let stage: String
  private var before: PipelineState
  private var block: Block?
  private var offset = 0

  /// A reader at the start, or at a saved position; `open` opens the input.
  init(
    stage: String, _ state: PipelineState?,
    open: (PipelineState?) throws(DSXError) -> any BlockIterator
  ) throws(DSXError) {
    self.stage = stage
    let skipped = try state?.number(0, stage) ?? 0
    input = try open(try state?.input(0, stage))
    before = input.state
    guard skipped > 0 else { return }
    block = try input.next()
    guard let block, skipped <= block.rows else { throw PipelineState.misfit(stage) }
    offset = skipped
  }

  /// The next rows, at most `limit` of them and of one block; nil at the end. Never empty.
  func next(limit: Int) throws(DSXError) -> Block? {
    while true {
      if let block, offset < block.rows {
        let end = limit < block.rows - offset ? offset + limit : block.rows
        defer { offset = end }
        return block.slice(offset..<end)
      }
      block = nil
      offset = 0
      before = input.state
      guard let fresh = try input.next() else { return nil }
      block = fresh
    }
  }

  /// The last `rows` rows that were handed out come again.
  func giveBack(_ rows: Int) { offset = max(0, offset - rows) }

  /// The position of the next row.
  var state: PipelineState {
    if let block, offset < block.rows {
      return PipelineState(numbers: [offset], inputs: [before])
    }
    return PipelineState(numbers: [0], inputs: [input.state])
  }
}
