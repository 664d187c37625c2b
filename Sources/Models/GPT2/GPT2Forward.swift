internal import COpenBLAS
internal import Glibc
internal import Kernels

/// One pass over one sequence, all float32, in the buffers of a workspace.
///
/// Only plain pointers inside. The result depends on the ids alone: every matrix product has the
/// sizes of this sequence, and BLAS runs on the calling thread.
struct GPT2Forward {
  let configuration: GPT2Configuration
  let weights: GPT2Weights
  let workspace: GPT2Workspace

  /// Writes log p(ids[i + 1] | ids[0...i]) to `result[i]`, for i in 0..<ids.count - 1.
  ///
  /// The logits are made block by block of the vocabulary; the log-sum-exp runs along in float64.
  func logLikelihoods(_ ids: UnsafeBufferPointer<Int32>, _ result: UnsafeMutablePointer<Double>) {
    let count = ids.count - 1
    embed(ids, count)
    weights.layers.withUnsafeBufferPointer { layers in
      for (index, layer) in layers.enumerated() {
        attention(layer, count, scale: configuration.attentionScale(layer: index))
        feedForward(layer, count)
      }
    }
    dsx_layernorm(
      workspace.stream, weights.normWeight, weights.normBias, configuration.epsilon,
      workspace.normed, count, configuration.width)
    head(ids, count)
    for row in 0..<count {
      let normaliser = Double(workspace.maximum[row]) + log(workspace.sum[row])
      result[row] = Double(workspace.target[row]) - normaliser
    }
  }

  private func embed(_ ids: UnsafeBufferPointer<Int32>, _ count: Int) {
    let width = configuration.width
    for row in 0..<count {
      let token = weights.tokens + Int(ids[row]) * width
      let position = weights.positions + row * width
      let out = workspace.stream + row * width
      for column in 0..<width { out[column] = token[column] + position[column] }
    }
  }

  private func attention(_ layer: GPT2Layer, _ count: Int, scale: Float) {
    let (width, headWidth) = (configuration.width, configuration.headWidth)
    let (normed, qkv, scores) = (workspace.normed, workspace.qkv, workspace.scores)
    dsx_layernorm(
      workspace.stream, layer.norm1Weight, layer.norm1Bias, configuration.epsilon, normed, count,
      width)
    multiply(
      rows: count, columns: 3 * width, depth: width, normed, layer.qkvWeight, into: qkv)
    dsx_add_rows(qkv, layer.qkvBias, count, 3 * width)
    for head in 0..<configuration.heads {
      let query = qkv + head * headWidth
      for start in stride(from: 0, to: count, by: GPT2Workspace.queryRows) {
        let rows = min(GPT2Workspace.queryRows, count - start)
        // Keys up to the block's last query: the upper triangle beyond it is never computed.
        let keys = start + rows
        cblas_sgemm(
          CblasRowMajor, CblasNoTrans, CblasTrans, blasint(rows), blasint(keys),
          blasint(headWidth), scale, query + start * 3 * width, blasint(3 * width), query + width,
          blasint(3 * width), 0, scores, blasint(keys))
        dsx_softmax_causal(scores, rows, keys, start + 1)
        cblas_sgemm(
          CblasRowMajor, CblasNoTrans, CblasNoTrans, blasint(rows), blasint(headWidth),
          blasint(keys), 1, scores, blasint(keys), query + 2 * width, blasint(3 * width), 0,
          normed + start * width + head * headWidth, blasint(width))
      }
    }
    dsx_add_rows(workspace.stream, layer.projectionBias, count, width)
    multiply(
      rows: count, columns: width, depth: width, normed, layer.projectionWeight,
      addingTo: workspace.stream)
  }

  private func feedForward(_ layer: GPT2Layer, _ count: Int) {
    let (width, inner) = (configuration.width, configuration.inner)
    dsx_layernorm(
      workspace.stream, layer.norm2Weight, layer.norm2Bias, configuration.epsilon,
      workspace.normed, count, width)
    dsx_add_rows(workspace.stream, layer.downBias, count, width)
    for start in stride(from: 0, to: count, by: GPT2Workspace.tileRows) {
      let rows = min(GPT2Workspace.tileRows, count - start)
      multiply(
        rows: rows, columns: inner, depth: width, workspace.normed + start * width,
        layer.upWeight, into: workspace.tile)
      switch configuration.activation {
      case .geluTanh: dsx_bias_gelu_tanh(workspace.tile, layer.upBias, rows, inner)
      case .gelu: dsx_bias_gelu_erf(workspace.tile, layer.upBias, rows, inner)
      case .relu: dsx_bias_relu(workspace.tile, layer.upBias, rows, inner)
      case .silu: dsx_bias_silu(workspace.tile, layer.upBias, rows, inner)
      }
      multiply(
        rows: rows, columns: width, depth: inner, workspace.tile, layer.downWeight,
        addingTo: workspace.stream + start * width)
    }
  }

  private func head(_ ids: UnsafeBufferPointer<Int32>, _ count: Int) {
    let (width, vocabulary) = (configuration.width, configuration.vocabulary)
    workspace.maximum.initialize(repeating: -.infinity, count: count)
    workspace.sum.initialize(repeating: 0, count: count)
    for start in stride(from: 0, to: count, by: GPT2Workspace.tileRows) {
      let rows = min(GPT2Workspace.tileRows, count - start)
      for first in stride(from: 0, to: vocabulary, by: GPT2Workspace.headBlock) {
        let columns = min(GPT2Workspace.headBlock, vocabulary - first)
        cblas_sgemm(
          CblasRowMajor, CblasNoTrans, CblasTrans, blasint(rows), blasint(columns),
          blasint(width), 1, workspace.normed + start * width, blasint(width),
          weights.head + first * width, blasint(width), 0, workspace.tile, blasint(columns))
        for row in 0..<rows {
          let wanted = Int(ids[start + row + 1]) - first
          if wanted >= 0, wanted < columns {
            workspace.target[start + row] = workspace.tile[row * columns + wanted]
          }
        }
        dsx_logsumexp_update(
          workspace.tile, rows, columns, columns, workspace.maximum + start, workspace.sum + start)
      }
    }
  }

  /// `into` = left [rows, depth] * right [depth, columns].
  private func multiply(
    rows: Int, columns: Int, depth: Int, _ left: UnsafePointer<Float>,
    _ right: UnsafePointer<Float>, into target: UnsafeMutablePointer<Float>
  ) {
    cblas_sgemm(
      CblasRowMajor, CblasNoTrans, CblasNoTrans, blasint(rows), blasint(columns), blasint(depth),
      1, left, blasint(depth), right, blasint(columns), 0, target, blasint(columns))
  }

  /// `target` += left [rows, depth] * right [depth, columns].
  private func multiply(
    rows: Int, columns: Int, depth: Int, _ left: UnsafePointer<Float>,
    _ right: UnsafePointer<Float>, addingTo target: UnsafeMutablePointer<Float>
  ) {
    cblas_sgemm(
      CblasRowMajor, CblasNoTrans, CblasNoTrans, blasint(rows), blasint(columns), blasint(depth),
      1, left, blasint(depth), right, blasint(columns), 1, target, blasint(columns))
  }
}
