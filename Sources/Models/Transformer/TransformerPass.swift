internal import Kernels

/// One pass of rows through all layers, in the buffers of a workspace.
///
///     workspace.reserve(configuration, plan)
///     // write plan.rows rows of `width` floats to workspace.stream.floats
///     TransformerPass(transformer, workspace).run(plan)
///     // they are the last layer's output now; `finalNorm` is not applied
///
/// Only plain pointers inside. Without a team everything runs on the calling thread.
struct TransformerPass {
  let transformer: Transformer
  let workspace: TransformerWorkspace
  /// Threads that share the work of one pass; the pieces do not depend on their number.
  let team: WorkerTeam?

  private var configuration: TransformerConfiguration { transformer.configuration }
  private typealias Floats = UnsafeMutablePointer<Float>

  init(_ transformer: Transformer, _ workspace: TransformerWorkspace, team: WorkerTeam? = nil) {
    self.transformer = transformer
    self.workspace = workspace
    self.team = team
  }

  /// All layers. `workspace.stream` holds the input and receives the output.
  func run(_ plan: RowPlan) {
    guard plan.rows > 0 else { return }
    transformer.layers.withUnsafeBufferPointer { layers in
      for (index, layer) in layers.enumerated() {
        if let norm = layer.streamNorm {
          apply(norm, workspace.stream.floats, into: workspace.stream.floats, plan.rows)
        }
        attend(layer, index, plan)
        feedForward(layer, plan.rows)
      }
    }
  }

  /// The norm of this transformer's kind, over rows of `width` floats. `target` may be `source`.
  func apply(
    _ norm: NormWeights, _ source: UnsafePointer<Float>, into target: UnsafeMutablePointer<Float>,
    _ rows: Int
  ) {
    let width = configuration.width
    switch (configuration.norm, norm.bias) {
    case (.layer, let bias?):
      dsx_layernorm(source, norm.weight, bias, configuration.epsilon, target, rows, width)
    default: dsx_rmsnorm(source, norm.weight, configuration.epsilon, target, rows, width)
    }
  }

  /// Multiplies with all columns of a matrix, in pieces of it where there is a team.
  func multiply(
    _ linear: Linear, _ x: LinearInput, into target: UnsafeMutablePointer<Float>, step: Int,
    adding: Bool = false
  ) {
    let x = linear.prepare(x, workspace)
    guard let team else {
      linear.multiply(x, columns: 0..<linear.outputs, into: target, step: step, adding: adding)
      return
    }
    let columns = Self.pieceColumns(linear)
    let pieces = (linear.outputs + columns - 1) / columns
    team.run(pieces) { piece, _ in
      let first = piece * columns
      let last = min(linear.outputs, first + columns)
      linear.multiply(
        x, columns: first..<last, into: target + first, step: step, adding: adding)
    }
  }

  /// Columns that one piece of a product takes: about 512 KiB of weights, a multiple of 32.
  private static func pieceColumns(_ linear: Linear) -> Int {
    let columns = max(1, (1 << 17) / max(1, linear.inputs))
    return (columns + 31) / 32 * 32
  }

  // MARK: attention

  private func attend(_ layer: TransformerLayer, _ index: Int, _ plan: RowPlan) {
    let rows = plan.rows
    let (width, step) = (configuration.width, configuration.projectedWidth)
    var source = workspace.stream.floats
    if configuration.normPlace == .before {
      apply(layer.attentionNorm, source, into: workspace.normed.floats, rows)
      source = workspace.normed.floats
    }
    project(layer, source, plan)
    rotate(plan)
    for kept in plan.kept {
      kept.run.store(
        layer: index,
        workspace.projected.floats + kept.row * step + configuration.queryWidth, step: step,
        count: kept.count, at: kept.token)
    }
    attention(plan, index, layer.attentionScale)
    if let bias = layer.output.bias {
      dsx_add_bias(workspace.stream.floats, bias, rows, width, width)
    }
    let mixed = LinearInput(
      rows: rows, floats: workspace.normed.floats, step: configuration.queryWidth)
    multiply(layer.output, mixed, into: workspace.stream.floats, step: width, adding: true)
    if configuration.normPlace == .after {
      apply(layer.attentionNorm, workspace.stream.floats, into: workspace.stream.floats, rows)
    }
  }

  private func project(_ layer: TransformerLayer, _ source: Floats, _ plan: RowPlan) {
    let rows = plan.rows
    let (width, step) = (configuration.width, configuration.projectedWidth)
    let projected = workspace.projected.floats
    let input = LinearInput(rows: rows, floats: source, step: width)
    switch layer.projections {
    case .fused(let linear):
      multiply(linear, input, into: projected, step: step)
      addBias(linear, projected, rows)
    case .separate(let query, let key, let value):
      let keys = projected + configuration.queryWidth
      let values = keys + configuration.keyValueWidth
      multiply(key, input, into: keys, step: step)
      addBias(key, keys, rows)
      multiply(value, input, into: values, step: step)
      addBias(value, values, rows)
      var queryInput = input
      if let table = layer.positionQueries {
        // The keys and values are made: their input may go.
        let gathered = workspace.normed.floats
        for (row, position) in plan.positions.enumerated() {
          (gathered + row * width).update(from: table + Int(position) * width, count: width)
        }
        queryInput = LinearInput(rows: rows, floats: gathered, step: width)
      }
      multiply(query, queryInput, into: projected, step: step)
      addBias(query, projected, rows)
    }
  }

  private func addBias(_ linear: Linear, _ target: Floats, _ rows: Int) {
    guard let bias = linear.bias else { return }
    dsx_add_bias(target, bias, rows, linear.outputs, configuration.projectedWidth)
  }

  private func rotate(_ plan: RowPlan) {
    guard let rotary = configuration.rotary else { return }
    // Queries and keys lie side by side: all of them are heads of one width.
    let heads = configuration.heads + configuration.keyValueHeads
    let turn = rotary.isInterleaved ? dsx_rotate_paired : dsx_rotate_split
    turn(
      workspace.projected.floats, configuration.projectedWidth, plan.rows, heads,
      configuration.headWidth, rotary.width, plan.positions, workspace.cosines.floats,
      workspace.sines.floats)
  }

  private func attention(_ plan: RowPlan, _ layer: Int, _ scale: Float) {
    let attention = Attention(
      configuration: configuration, projected: workspace.projected.floats,
      output: workspace.normed.floats, layer: layer, scale: scale)
    let scores = workspace.scores.floats
    let scoreCount = plan.scoreCount(configuration)
    plan.blocks.withUnsafeBufferPointer { blocks in
      let groups = configuration.keyValueHeads
      guard let team else {
        for block in blocks {
          for group in 0..<groups { attention.run(block, group, plan, scores) }
        }
        return
      }
      team.run(blocks.count * groups) { piece, worker in
        attention.run(
          blocks[piece / groups], piece % groups, plan, scores + worker * scoreCount)
      }
    }
  }

  // MARK: feed-forward

  private func feedForward(_ layer: TransformerLayer, _ rows: Int) {
    let width = configuration.width
    let stream = workspace.stream.floats
    let isBefore = configuration.normPlace == .before
    if isBefore {
      apply(layer.feedForwardNorm, stream, into: workspace.normed.floats, rows)
    }
    let source = isBefore ? workspace.normed.floats : stream
    for start in stride(from: 0, to: rows, by: TransformerWorkspace.tileRows) {
      let count = min(TransformerWorkspace.tileRows, rows - start)
      expand(layer, source + start * width, count)
      let target = stream + start * width
      if let bias = layer.down.bias { dsx_add_bias(target, bias, count, width, width) }
      let input = LinearInput(
        rows: count, floats: workspace.tile.floats, step: configuration.inner)
      multiply(layer.down, input, into: target, step: width, adding: true)
    }
    if !isBefore { apply(layer.feedForwardNorm, stream, into: stream, rows) }
  }

  /// The first half of the feed-forward block, into the tile: [rows, inner].
  private func expand(_ layer: TransformerLayer, _ source: Floats, _ rows: Int) {
    let inner = configuration.inner
    let tile = workspace.tile.floats
    let input = LinearInput(rows: rows, floats: source, step: configuration.width)
    guard let gate = layer.gate else {
      multiply(layer.up, input, into: tile, step: inner)
      configuration.activation.apply(tile, bias: layer.up.bias, rows: rows, columns: inner)
      return
    }
    let up = tile + rows * inner
    multiply(gate, input, into: tile, step: inner)
    multiply(layer.up, input, into: up, step: inner)
    dsx_add_rows(tile, gate.bias, rows, inner)
    dsx_add_rows(up, layer.up.bias, rows, inner)
    configuration.activation.applyGate(tile, up: up, rows: rows, columns: inner)
  }
}
