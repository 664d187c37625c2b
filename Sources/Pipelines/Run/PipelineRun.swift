public import DSXCore

/// A pipeline that runs: one owner asks for batch after batch.
///
/// Threads of parallel maps and of `prefetch` are joined when it ends, fails, is stopped or dropped.
public final class PipelineRun {
  /// The fields of every batch.
  public let schema: Schema
  /// Batches handed out so far, with those before a restored position.
  public private(set) var batches: Int
  /// Rows handed out so far, with those before a restored position.
  public private(set) var rows: Int
  private let node: any StageNode
  private let shared: OpenContext.Shared
  private let fingerprint: String
  private var iterator: (any BlockIterator)?
  private var last: PipelineState
  private var failure: DSXError?

  init(_ node: any StageNode, from position: PipelinePosition?, workers: Int) throws(DSXError) {
    self.node = node
    schema = node.schema
    fingerprint = Pipeline(node).fingerprint
    if let position, position.pipeline != fingerprint {
      throw DSXError(
        .usage, "the position was saved by another pipeline, or over other data",
        hint: "restore it with the source, stages and parameters that it was saved with")
    }
    batches = position?.batches ?? 0
    rows = position?.rows ?? 0
    shared = OpenContext.Shared(node, workers: workers)
    let opened = try node.open(OpenContext(shared), position?.state)
    iterator = opened
    last = opened.state
  }

  /// The next batch, or nil at the end. After an error it throws the same one again.
  public func next() throws(DSXError) -> Batch? {
    if let failure { throw failure }
    guard let iterator else { return nil }
    do throws(DSXError) {
      guard let block = try iterator.next() else {
        stop()
        return nil
      }
      batches += 1
      rows += block.rows
      return block.batch
    } catch {
      failure = error
      stop()
      throw error
    }
  }

  /// Ends the run: threads are joined, sources closed, and `next` gives nil. The position stays that
  /// behind the last batch.
  public func stop() {
    if let iterator { last = iterator.state }
    iterator = nil
  }

  /// The position behind the batch that was handed out last. Taking it costs little; `json` of it copies
  /// the rows that buckets hold.
  public var position: PipelinePosition {
    PipelinePosition(
      pipeline: fingerprint, batches: batches, rows: rows, state: iterator?.state ?? last)
  }

  /// Every stage with its counters, the last stage first, inputs behind their stage.
  public var counters: [(stage: String, depth: Int, counters: StageCounters)] {
    var found: [(stage: String, depth: Int, counters: StageCounters)] = []
    node.walk { node, path in
      found.append((node.name, path.count, shared.meters[path]?.value ?? StageCounters()))
    }
    return found
  }
}
