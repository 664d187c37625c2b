internal import Kernels

/// A job's rows through the layers of a causal model: embeddings in, wanted rows normed out.
struct CausalPass {
  let parts: CausalParts
  let workspace: TransformerWorkspace
  let team: WorkerTeam?

  init(_ parts: CausalParts, _ workspace: TransformerWorkspace, team: WorkerTeam? = nil) {
    self.parts = parts
    self.workspace = workspace
    self.team = team
  }

  /// Runs rows whose ids are at hand, each at its plan's position.
  func run(_ plan: RowPlan, ids: [Int32]) {
    workspace.reserve(parts.configuration, plan, workers: team?.size ?? 1)
    let stream = workspace.stream.floats
    for (row, id) in ids.enumerated() {
      parts.embed(id, at: Int(plan.positions[row]), into: stream + row * parts.width)
    }
    TransformerPass(parts.transformer, workspace, team: team).run(plan)
  }

  /// Gathers rows of the result, in rising order, and norms them: [rows, width] at the beginning of the
  /// workspace's `normed`.
  func gather(_ rows: [Int]) -> UnsafeMutablePointer<Float> {
    let width = parts.width
    let (stream, normed) = (workspace.stream.floats, workspace.normed.floats)
    for (index, row) in rows.enumerated() {
      (normed + index * width).update(from: stream + row * width, count: width)
    }
    if let norm = parts.transformer.finalNorm {
      TransformerPass(parts.transformer, workspace).apply(norm, normed, into: normed, rows.count)
    }
    return normed
  }
}
