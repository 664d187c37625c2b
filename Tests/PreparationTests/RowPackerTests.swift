import DSXCore
import Testing

@testable import Preparation

@Suite struct RowPackerTests {
  /// Random streams in random blocks against plain concatenation, for the three tails.
  @Test(arguments: TailPolicy.allCases)
  func equalsConcatenation(tail: TailPolicy) throws {
    var random = PCG64(seed: 7)
    for _ in 0..<60 {
      let length = 1 + random.below(9)
      var streams: [[Int32]] = []
      var blocks: [EncodedBlock] = []
      for stream in 0..<1 + random.below(4) {
        streams.append([])
        for _ in 0..<random.below(5) {
          let ids = (0..<1 + random.below(30)).map { _ in Int32(random.below(100)) }
          streams[stream] += ids
          var block = EncodedBlock()
          // Sometimes a block goes on with the next stream.
          if random.below(3) == 0, let last = blocks.popLast() { block = last }
          block.ids += ids
          block.runs.append(EncodedBlock.Run(stream: stream, count: ids.count))
          blocks.append(block)
        }
      }
      var rows: [[Int32]] = []
      var packer = RowPacker(
        RowPacker.Settings(
          length: length, tail: tail, pad: -7, schema: Schema([Field("x", .int32, shape: [-1])]),
          batchTokens: 16))
      func take(_ batch: Batch) throws(DSXError) {
        guard case .int32(let ids) = batch.columns[0].elements,
          let offsets = batch.columns[0].offsets
        else { return }
        #expect(batch.firstRow == rows.count)
        for row in 0..<batch.rows { rows.append(Array(ids[offsets[row]..<offsets[row + 1]])) }
      }
      for block in blocks { try packer.add(block, emit: take) }
      try packer.finish(emit: take)
      var (expected, dropped, padding) = ([[Int32]](), 0, 0)
      for stream in streams {
        let (whole, rest) = Oracle.rows(stream, length)
        expected += whole
        guard !rest.isEmpty else { continue }
        switch tail {
        case .drop: dropped += rest.count
        case .keep: expected.append(rest)
        case .pad:
          padding += length - rest.count
          expected.append(rest + Array(repeating: -7, count: length - rest.count))
        }
      }
      #expect(rows == expected)
      #expect(packer.rows == expected.count)
      #expect(packer.droppedTokens == dropped)
      #expect(packer.paddingTokens == padding)
    }
  }
}
