internal import DSXCore

/// A causal model's parts with packed float32 copies of its matrices beside the plain ones.
final class PackedParts: @unchecked Sendable {
  let parts: CausalParts
  private var matrices: [PackedMatrix] = []

  /// Packs all matrices, unless they are bfloat16 or the copies need more than half of the memory that
  /// is free or allowed: then the parts stay as they are.
  init(_ plain: CausalParts, _ options: ComputeOptions) {
    let old = plain.transformer
    let room = min(SystemMemory.available ?? .max, options.memoryLimit ?? .max) / 2
    guard Self.bytes(plain) <= room else {
      parts = plain
      return
    }
    var matrices: [PackedMatrix] = []
    func pack(_ linear: Linear) -> Linear {
      if case .bfloat16 = linear.matrix { return linear }
      let matrix = PackedMatrix(linear, .float32, workers: options.workers)
      matrices.append(matrix)
      var linear = linear
      linear.packed = matrix.floats
      return linear
    }
    let layers = old.layers.map { layer in
      var layer = layer
      switch layer.projections {
      case .fused(let linear): layer.projections = .fused(pack(linear))
      case .separate(let query, let key, let value):
        layer.projections = .separate(query: pack(query), key: pack(key), value: pack(value))
      }
      layer.output = pack(layer.output)
      layer.gate = layer.gate.map(pack)
      layer.up = pack(layer.up)
      layer.down = pack(layer.down)
      return layer
    }
    parts = CausalParts(
      transformer: Transformer(old.configuration, layers: layers, finalNorm: old.finalNorm),
      tokens: plain.tokens, positions: plain.positions, head: pack(plain.head))
    self.matrices = matrices
  }

  private static func bytes(_ parts: CausalParts) -> Int {
    var linears = [parts.head]
    for layer in parts.transformer.layers {
      linears += [layer.output, layer.up, layer.down] + (layer.gate.map { [$0] } ?? [])
      switch layer.projections {
      case .fused(let linear): linears.append(linear)
      case .separate(let query, let key, let value): linears += [query, key, value]
      }
    }
    return linears.reduce(0) { $0 + $1.inputs * $1.outputs * 4 }
  }
}
