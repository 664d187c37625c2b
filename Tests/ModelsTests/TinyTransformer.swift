import DSXCore
import Foundation
import Testing

@testable import Models

/// A transformer of any configuration with random weights, and the same mathematics written plainly in
/// float64.
final class TinyTransformer {
  /// A matrix as [outputs][inputs], and its bias.
  struct Dense {
    let weight: [[Double]]
    let bias: [Double]?

    func callAsFunction(_ x: [Double]) -> [Double] {
      weight.enumerated().map { row, weights in
        zip(weights, x).reduce(bias?[row] ?? 0) { $0 + $1.0 * $1.1 }
      }
    }
  }

  struct Norm {
    let weight: [Double]
    let bias: [Double]?
  }

  struct Layer {
    var attentionNorm, feedForwardNorm: Norm
    var query, key, value, output, up, down: Dense
    var gate: Dense?
    var streamNorm: Norm?
    var positionQueries: [[Double]]?
    var scale: Double
  }

  struct Options {
    var biases = true
    var fused = false
    var byInput = false
    var finalNorm = true
    var queryLayer = false
    var layers = 2
    var vocabulary = 60
    var learned = true
  }

  let configuration: TransformerConfiguration
  let options: Options
  private(set) var layers: [Layer] = []
  private(set) var engineLayers: [TransformerLayer] = []
  private var finalNorm: Norm?
  private var engineFinalNorm: NormWeights?
  private(set) var tokens: [[Double]] = []
  private(set) var positions: [[Double]] = []
  private(set) var parts: CausalParts?
  private var memory: [UnsafeMutablePointer<Float>] = []
  private var random: PCG64

  init(_ configuration: TransformerConfiguration, _ options: Options = Options(), seed: UInt64 = 1)
  {
    self.configuration = configuration
    self.options = options
    random = PCG64(seed: seed)
    for index in 0..<options.layers { addLayer(index) }
    if options.finalNorm { (finalNorm, engineFinalNorm) = norm() }
    let width = configuration.width
    let words = matrix(options.vocabulary, width)
    tokens = words.plain
    var places: UnsafePointer<Float>?
    if options.learned {
      let table = matrix(configuration.context, width)
      positions = table.plain
      places = table.pointer
    }
    parts = CausalParts(
      transformer: Transformer(configuration, layers: engineLayers, finalNorm: engineFinalNorm),
      tokens: words.pointer, positions: places,
      head: Linear(inputs: width, outputs: options.vocabulary, .byOutput(words.pointer)))
  }

  deinit { for pointer in memory { pointer.deallocate() } }

  var transformer: Transformer {
    Transformer(configuration, layers: engineLayers, finalNorm: engineFinalNorm)
  }

  /// The engine's causal model over the same weights.
  func causal() throws -> CausalModel {
    let parts = try #require(parts)
    let memory = WeightMemory()
    memory.owners.append(self)
    return CausalModel(
      ModelInfo(
        name: "tiny", architecture: "tiny", vocabularySize: parts.vocabulary,
        context: parts.context, parameters: 0, storedType: "f32", fingerprint: ""), parts, memory)
  }

  // MARK: weights

  private func keep(_ values: [Float]) -> UnsafePointer<Float> {
    let pointer = UnsafeMutablePointer<Float>.allocate(capacity: max(1, values.count))
    pointer.initialize(from: values, count: values.count)
    memory.append(pointer)
    return UnsafePointer(pointer)
  }

  private func numbers(_ count: Int, around center: Float = 0) -> [Float] {
    (0..<count).map { _ in center + Float(random.unit() - 0.5) * 0.6 }
  }

  private func matrix(_ rows: Int, _ columns: Int) -> (
    plain: [[Double]], pointer: UnsafePointer<Float>
  ) {
    let values = numbers(rows * columns)
    return (
      (0..<rows).map { row in (0..<columns).map { Double(values[row * columns + $0]) } },
      keep(values)
    )
  }

  private func norm() -> (Norm, NormWeights) {
    let weight = numbers(configuration.width, around: 1)
    let bias = configuration.norm == .layer ? numbers(configuration.width) : nil
    return (
      Norm(weight: weight.map(Double.init), bias: bias?.map(Double.init)),
      NormWeights(weight: keep(weight), bias: bias.map(keep))
    )
  }

  private func dense(_ inputs: Int, _ outputs: Int) -> (Dense, Linear) {
    let values = numbers(outputs * inputs)
    let bias = options.biases ? numbers(outputs) : nil
    let plain = Dense(
      weight: (0..<outputs).map { row in (0..<inputs).map { Double(values[row * inputs + $0]) } },
      bias: bias?.map(Double.init))
    return (plain, linear(plain, inputs, outputs))
  }

  private func linear(_ dense: Dense, _ inputs: Int, _ outputs: Int) -> Linear {
    let bias = dense.bias.map { keep($0.map(Float.init)) }
    if options.byInput {
      let turned = (0..<inputs).flatMap { column in dense.weight.map { Float($0[column]) } }
      return Linear(inputs: inputs, outputs: outputs, .byInput(keep(turned)), bias: bias)
    }
    let flat = dense.weight.flatMap { $0.map(Float.init) }
    return Linear(inputs: inputs, outputs: outputs, .byOutput(keep(flat)), bias: bias)
  }

  private func addLayer(_ index: Int) {
    let (width, inner) = (configuration.width, configuration.inner)
    let (queries, keys) = (configuration.queryWidth, configuration.keyValueWidth)
    let (attentionNorm, engineAttentionNorm) = norm()
    let (feedForwardNorm, engineFeedForwardNorm) = norm()
    let (query, engineQuery) = dense(width, queries)
    let (key, engineKey) = dense(width, keys)
    let (value, engineValue) = dense(width, keys)
    let (output, engineOutput) = dense(queries, width)
    let (up, engineUp) = dense(width, inner)
    let (down, engineDown) = dense(inner, width)
    let gate = configuration.isGated ? dense(width, inner) : nil
    let isQueryLayer = options.queryLayer && index == options.layers - 1
    let streamNorm = isQueryLayer ? norm() : nil
    let table = isQueryLayer ? matrix(configuration.context, width) : nil
    let scale = 1 / Double(configuration.headWidth).squareRoot()
    layers.append(
      Layer(
        attentionNorm: attentionNorm, feedForwardNorm: feedForwardNorm, query: query, key: key,
        value: value, output: output, up: up, down: down, gate: gate?.0,
        streamNorm: streamNorm?.0, positionQueries: table?.plain, scale: scale))
    var projections = TransformerLayer.Projections.separate(
      query: engineQuery, key: engineKey, value: engineValue)
    if options.fused, !isQueryLayer {
      let all = Dense(
        weight: query.weight + key.weight + value.weight,
        bias: query.bias.map { $0 + (key.bias ?? []) + (value.bias ?? []) })
      projections = .fused(linear(all, width, queries + 2 * keys))
    }
    engineLayers.append(
      TransformerLayer(
        attentionNorm: engineAttentionNorm, projections: projections, output: engineOutput,
        feedForwardNorm: engineFeedForwardNorm, gate: gate?.1, up: engineUp, down: engineDown,
        attentionScale: Float(scale), streamNorm: streamNorm?.1,
        positionQueries: table?.pointer))
  }

  // MARK: the plain form

  /// The last layer's output for one sequence of embedded rows.
  func forward(_ rows: [[Double]]) -> [[Double]] {
    var x = rows
    let isBefore = configuration.normPlace == .before
    for layer in layers {
      if let norm = layer.streamNorm { x = x.map { apply(norm, $0) } }
      let source = isBefore ? x.map { apply(layer.attentionNorm, $0) } : x
      let mixed = attend(layer, source).map { layer.output($0) }
      x = zip(x, mixed).map { zip($0, $1).map { $0 + $1 } }
      if !isBefore { x = x.map { apply(layer.attentionNorm, $0) } }
      x = x.map { row in
        let input = isBefore ? apply(layer.feedForwardNorm, row) : row
        var hidden = layer.up(input)
        if let gate = layer.gate {
          hidden = zip(gate(input).map(activate), hidden).map { $0 * $1 }
        } else {
          hidden = hidden.map(activate)
        }
        let sum = zip(row, layer.down(hidden)).map { $0 + $1 }
        return isBefore ? sum : apply(layer.feedForwardNorm, sum)
      }
    }
    return x
  }

  /// log p of every id after the first.
  func logLikelihoods(_ ids: [Int32]) -> [Double] {
    let inputs = ids.dropLast().enumerated().map { position, id in
      embed(id, position)
    }
    return forward(inputs).enumerated().map { row, hidden in
      let logits = self.logits(hidden)
      let top = logits.max() ?? 0
      return logits[Int(ids[row + 1])] - top - log(logits.reduce(0) { $0 + exp($1 - top) })
    }
  }

  /// The logits of what follows the ids.
  func nextLogits(_ ids: [Int32]) -> [Double] {
    let rows = ids.enumerated().map { embed($1, $0) }
    return logits(forward(rows).last ?? [])
  }

  private func logits(_ hidden: [Double]) -> [Double] {
    let final = finalNorm.map { apply($0, hidden) } ?? hidden
    return tokens.map { word in zip(word, final).reduce(0) { $0 + $1.0 * $1.1 } }
  }

  func embed(_ id: Int32, _ position: Int) -> [Double] {
    let token = tokens[Int(id)]
    return options.learned ? zip(token, positions[position]).map { $0 + $1 } : token
  }

  private func apply(_ norm: Norm, _ x: [Double]) -> [Double] {
    let count = Double(x.count)
    let mean = configuration.norm == .layer ? x.reduce(0, +) / count : 0
    let square = x.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / count
    let scale = 1 / (square + Double(configuration.epsilon)).squareRoot()
    return x.indices.map { (x[$0] - mean) * scale * norm.weight[$0] + (norm.bias?[$0] ?? 0) }
  }

  private func attend(_ layer: Layer, _ source: [[Double]]) -> [[Double]] {
    let size = configuration.headWidth
    let share = configuration.heads / configuration.keyValueHeads
    let queries = source.indices.map { row in
      rotate(layer.query(layer.positionQueries?[row] ?? source[row]), row)
    }
    let keys = source.indices.map { rotate(layer.key(source[$0]), $0) }
    let values = source.map { layer.value($0) }
    return source.indices.map { row in
      let visible = configuration.isCausal ? 0...row : 0...(source.count - 1)
      return (0..<configuration.heads).flatMap { head -> [Double] in
        let (at, shared) = (head * size, head / share * size)
        let scores = visible.map { key in
          (0..<size).reduce(0.0) { $0 + queries[row][at + $1] * keys[key][shared + $1] }
            * layer.scale
        }
        let top = scores.max() ?? 0
        let weights = scores.map { exp($0 - top) }
        let sum = weights.reduce(0, +)
        return (0..<size).map { column in
          zip(visible, weights).reduce(0.0) { $0 + values[$1.0][shared + column] * $1.1 } / sum
        }
      }
    }
  }

  private func rotate(_ x: [Double], _ position: Int) -> [Double] {
    guard let rotary = configuration.rotary else { return x }
    var x = x
    let pairs = rotary.width / 2
    for start in stride(from: 0, to: x.count, by: configuration.headWidth) {
      for pair in 0..<pairs {
        let angle = Double(position) * Double(rotary.frequencies[pair])
        let low = start + (rotary.isInterleaved ? 2 * pair : pair)
        let high = rotary.isInterleaved ? low + 1 : low + pairs
        let (a, b) = (x[low], x[high])
        x[low] = a * cos(angle) - b * sin(angle)
        x[high] = b * cos(angle) + a * sin(angle)
      }
    }
    return x
  }

  private func activate(_ x: Double) -> Double {
    switch configuration.activation {
    case .relu: max(x, 0)
    case .silu: x / (1 + exp(-x))
    case .geluQuick: x / (1 + exp(-1.702 * x))
    case .gelu: 0.5 * x * (1 + erf(x / 2.0.squareRoot()))
    case .geluTanh: 0.5 * x * (1 + tanh(0.7978845608028654 * (x + 0.044715 * x * x * x)))
    }
  }
}
