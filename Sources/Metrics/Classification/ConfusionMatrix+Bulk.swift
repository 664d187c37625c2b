public import DSXCore
internal import Kernels

extension ConfusionMatrix {
  /// Counts all pairs of two lists of places, in one pass over contiguous memory.
  ///
  /// Lists of different lengths and places outside the labels are errors; the latter names the row. The
  /// counts stay as they were then. Up to 256 labels eight tables are counted in turn (2 MiB at most),
  /// above that one. With `workers` > 1 the rows are dealt out to threads; the counts are the same.
  public mutating func add(
    gold: UnsafeBufferPointer<Int32>, predicted: UnsafeBufferPointer<Int32>, workers: Int = 1
  ) throws(DSXError) {
    guard gold.count == predicted.count else {
      throw DSXError(
        .malformed, "\(gold.count) gold labels, but \(predicted.count) predicted ones")
    }
    guard gold.count <= 1 << 61 - count else {
      throw DSXError(.malformed, "a confusion matrix cannot count over 2^61 examples")
    }
    let labelCount = labelCount
    let piece = workers > 1 ? 1 << 20 : max(1, gold.count)
    let pieces = (gold.count + piece - 1) / piece
    let lists = PairLists(gold: gold, predicted: predicted)
    let found = Lock((cells: [UInt64](repeating: 0, count: cells.count), bad: Int?.none))
    FanOut.run(count: pieces, workers: workers) { source in
      var own = [UInt64](repeating: 0, count: labelCount * labelCount)
      var scratch = [UInt32](
        repeating: 0,
        count: labelCount <= 256 ? Int(DSX_COUNT_TABLES) * labelCount * labelCount : 0)
      var bad: Int?
      while let number = source.take() {
        let start = number * piece
        let length = min(piece, lists.gold.count - start)
        let counted = own.withUnsafeMutableBufferPointer { cells in
          scratch.withUnsafeMutableBufferPointer { tables in
            dsx_count_pairs(
              lists.gold.baseAddress.map { $0 + start },
              lists.predicted.baseAddress.map { $0 + start }, length, UInt32(labelCount),
              cells.baseAddress, tables.isEmpty ? nil : tables.baseAddress)
          }
        }
        if counted < length {
          bad = start + counted
          break
        }
      }
      found.withLock { (state: inout (cells: [UInt64], bad: Int?)) in
        for index in own.indices { state.cells[index] += own[index] }
        if let bad { state.bad = min(bad, state.bad ?? bad) }
      }
    }
    let (sums, bad) = found.withLock { (state: inout (cells: [UInt64], bad: Int?)) in state }
    if let bad {
      do throws(DSXError) {
        try Self.check(
          LabelPair(gold: Int(gold[bad]), predicted: Int(predicted[bad])), labelCount: labelCount)
      } catch {
        var placed = error
        placed.location.row = bad
        throw placed
      }
    }
    addCounts(sums)
  }

  /// Two lists that threads read.
  private struct PairLists: @unchecked Sendable {
    let gold: UnsafeBufferPointer<Int32>
    let predicted: UnsafeBufferPointer<Int32>
  }
}
