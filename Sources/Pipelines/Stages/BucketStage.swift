internal import DSXCore

/// Batches of rows of like length.
///
/// Bucket i takes lengths from `boundaries[i - 1]` up to below `boundaries[i]`, the first one from 0, the
/// last one all above. A bucket that has its number of rows is handed on at once; at the end what is left
/// follows, short buckets first. State: blocks [the rows of each bucket that waits], numbers [those
/// buckets' numbers after the reader's one], inputs [input].
struct BucketStage: StageNode {
  let input: any StageNode
  let length: RowLength
  let boundaries: [Int]
  let sizes: [Int]
  let dropRemainder: Bool

  var name: String { "bucket_by_length" }
  var parameters: [JSONValue.Member] {
    [
      .init("column", .string(length.column)),
      .init("boundaries", .array(boundaries.map { .int(Int64($0)) })),
      .init("sizes", .array(sizes.map { .int(Int64($0)) })),
      .init("drop_remainder", .bool(dropRemainder)),
    ]
  }
  var schema: Schema { input.schema }
  var inputs: [any StageNode] { [input] }
  var order: String { "that of its input within a bucket; a bucket comes when it is full" }
  var memory: String { "up to \(sizes.reduce(0, +)) waiting rows" }

  func open(_ context: OpenContext, _ state: PipelineState?) throws(DSXError)
    -> any BlockIterator
  {
    try BucketIterator(self, context, state)
  }
}

private final class BucketIterator: BlockIterator {
  private let stage: BucketStage
  private let meter: StageMeter
  private let reader: BlockReader
  private var waiting: [[Block]]
  private var counts: [Int]

  init(_ stage: BucketStage, _ context: OpenContext, _ state: PipelineState?) throws(DSXError) {
    self.stage = stage
    meter = context.meter
    waiting = Array(repeating: [], count: stage.sizes.count)
    counts = Array(repeating: 0, count: stage.sizes.count)
    reader = try BlockReader(stage: stage.name, state) { (state) throws(DSXError) in
      try stage.input.open(context.input(0), state)
    }
    guard let state else { return }
    for (index, saved) in state.blocks.enumerated() {
      // The state keeps the values; what they are called and mean is the schema's.
      var block = saved
      block.batch.schema = stage.schema
      let bucket = try state.number(index + 1, stage.name)
      guard waiting.indices.contains(bucket), block.rows < stage.sizes[bucket] else {
        throw PipelineState.misfit(stage.name)
      }
      try block.batch.check(stage.schema, stage: stage.name)
      waiting[bucket] = [block]
      counts[bucket] = block.rows
    }
  }

  private func bucket(of length: Int) -> Int {
    var low = 0
    var high = stage.boundaries.count
    while low < high {
      let middle = (low + high) / 2
      if length < stage.boundaries[middle] { high = middle } else { low = middle + 1 }
    }
    return low
  }

  func next() throws(DSXError) -> Block? {
    while let block = try reader.next(limit: .max) {
      let start = StageMeter.Moment.now
      let lengths = stage.length.lengths(block.batch)
      var chosen = [[Int]](repeating: [], count: counts.count)
      var full: Int?
      var read = block.rows
      for (row, length) in lengths.enumerated() {
        let bucket = bucket(of: length)
        chosen[bucket].append(row)
        if counts[bucket] + chosen[bucket].count == stage.sizes[bucket] {
          full = bucket
          read = row + 1
          break
        }
      }
      for (bucket, rows) in chosen.enumerated() where !rows.isEmpty {
        waiting[bucket].append(block.gather(rows))
        counts[bucket] += rows.count
      }
      reader.giveBack(block.rows - read)
      meter.came(read)
      meter.worked(since: start)
      if let full { return try take(full) }
    }
    for bucket in counts.indices where counts[bucket] > 0 {
      if !stage.dropRemainder { return try take(bucket) }
      meter.dropped(counts[bucket], "remainder")
      waiting[bucket] = []
      counts[bucket] = 0
    }
    return nil
  }

  private func take(_ bucket: Int) throws(DSXError) -> Block {
    let start = StageMeter.Moment.now
    let block = try Block.joined(waiting[bucket], stage: stage.name)
    waiting[bucket] = []
    counts[bucket] = 0
    meter.worked(since: start)
    meter.went(block.rows)
    return block
  }

  var state: PipelineState {
    var state = reader.state
    for bucket in counts.indices where counts[bucket] > 0 {
      // Joined blocks that were taken from one input are of one type: this cannot fail.
      guard let block = try? Block.joined(waiting[bucket], stage: stage.name) else { continue }
      waiting[bucket] = [block]
      state.blocks.append(block)
      state.numbers.append(bucket)
    }
    return state
  }
}
