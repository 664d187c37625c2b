internal import COpenBLAS
internal import Kernels

/// The attention of one layer: blocks of query rows over spans of keys.
struct Attention {
  /// Up to so many rows the C loops are quicker than a matrix product.
  static let fewRows = 4

  let configuration: TransformerConfiguration
  /// [rows, projectedWidth]: queries, keys, values of the pass.
  let projected: UnsafeMutablePointer<Float>
  /// [rows, queryWidth].
  let output: UnsafeMutablePointer<Float>
  let layer: Int
  let scale: Float

  /// Rows of queries with their place in memory.
  private struct Rows {
    let count: Int
    let queries: UnsafePointer<Float>
    let queryStep: Int
    let output: UnsafeMutablePointer<Float>
    let outputStep: Int
  }

  /// The heads of one block that share the keys and values of head `group`.
  func run(
    _ block: AttentionBlock, _ group: Int, _ plan: RowPlan, _ scores: UnsafeMutablePointer<Float>
  ) {
    let (headWidth, step) = (configuration.headWidth, configuration.projectedWidth)
    let heads = configuration.heads / configuration.keyValueHeads
    let queries = projected + block.rows.lowerBound * step + group * heads * headWidth
    let target =
      output + block.rows.lowerBound * configuration.queryWidth + group * heads * headWidth
    if block.rows.count == 1 {
      // One row: its heads are the rows, so that the keys are read once for all of them.
      run(
        Rows(
          count: heads, queries: queries, queryStep: headWidth, output: target,
          outputStep: headWidth), block, group, plan, scores)
      return
    }
    for head in 0..<heads {
      run(
        Rows(
          count: block.rows.count, queries: queries + head * headWidth, queryStep: step,
          output: target + head * headWidth, outputStep: configuration.queryWidth), block, group,
        plan, scores)
    }
  }

  private func run(
    _ rows: Rows, _ block: AttentionBlock, _ group: Int, _ plan: RowPlan,
    _ scores: UnsafeMutablePointer<Float>
  ) {
    let headWidth = configuration.headWidth
    let isFew = rows.count <= Self.fewRows || block.rows.count == 1
    var column = 0
    plan.spans.withUnsafeBufferPointer { spans in
      for span in spans[block.spans] {
        let (keys, step) = place(span, group)
        if isFew {
          dsx_attention_scores(
            rows.queries, rows.queryStep, rows.count, keys, step, span.count, headWidth, scale,
            scores + column, block.keys)
        } else {
          cblas_sgemm(
            CblasRowMajor, CblasNoTrans, CblasTrans, blasint(rows.count), blasint(span.count),
            blasint(headWidth), scale, rows.queries, blasint(rows.queryStep), keys, blasint(step),
            0, scores + column, blasint(block.keys))
        }
        column += span.count
      }
      softmax(rows.count, block, plan, scores)
      column = 0
      if isFew {
        for row in 0..<rows.count {
          (rows.output + row * rows.outputStep).update(repeating: 0, count: headWidth)
        }
      }
      for span in spans[block.spans] {
        let (keys, step) = place(span, group)
        let values = keys + configuration.keyValueWidth
        if isFew {
          dsx_attention_values(
            scores + column, block.keys, rows.count, values, step, span.count, headWidth,
            rows.output, rows.outputStep)
        } else {
          cblas_sgemm(
            CblasRowMajor, CblasNoTrans, CblasNoTrans, blasint(rows.count), blasint(headWidth),
            blasint(span.count), 1, scores + column, blasint(block.keys), values, blasint(step),
            column == 0 ? 0 : 1, rows.output, blasint(rows.outputStep))
        }
        column += span.count
      }
    }
  }

  /// The keys of a span for one head, and how far apart they are.
  private func place(_ span: KeySpan, _ group: Int) -> (UnsafePointer<Float>, Int) {
    switch span.place {
    case .rows(let first):
      let step = configuration.projectedWidth
      return (
        UnsafePointer(
          projected + first * step + configuration.queryWidth + group * configuration.headWidth),
        step
      )
    case .kept(let base, let layerStep, let rowStep):
      return (base + layer * layerStep + group * configuration.headWidth, rowStep)
    }
  }

  private func softmax(
    _ rows: Int, _ block: AttentionBlock, _ plan: RowPlan, _ scores: UnsafeMutablePointer<Float>
  ) {
    switch block.mask {
    case .causal(let first) where block.rows.count > 1:
      dsx_softmax_causal(scores, rows, block.keys, first)
    case .all, .causal:
      dsx_softmax_rows(scores, rows, block.keys, block.keys, block.keys, 1)
    case .ranges(let start):
      plan.rangeStarts.withUnsafeBufferPointer { starts in
        guard let base = starts.baseAddress else { return }
        dsx_softmax_ranges(scores, rows, block.keys, base + start, plan.ranges)
      }
    }
  }
}
