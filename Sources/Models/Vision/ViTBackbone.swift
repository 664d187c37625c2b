internal import DSXCore
internal import Kernels

/// A vision transformer without its head: patches, classification token, positions, pre-norm layers,
/// final norm. Immutable and shared between threads.
///
/// Source: transformers' `ViTModel` (5.23.0), whose outputs it gives to float32 rounding.
final class ViTBackbone: @unchecked Sendable {
  let configuration: ViTConfiguration
  let transformer: Transformer
  /// The convolution over patches as a matrix: [width, channels * patch rows * patch columns].
  private let patches: Linear
  private let token: UnsafePointer<Float>
  private let positions: UnsafePointer<Float>
  /// Keeps the memory of all pointers.
  let memory: WeightMemory

  init(_ configuration: ViTConfiguration, _ loader: inout WeightLoader) throws(DSXError) {
    self.configuration = configuration
    let prefix = loader.has("embeddings.cls_token") ? "" : "vit."
    let width = configuration.width
    token = try loader.tensor(prefix + "embeddings.cls_token", [1, 1, width])
    positions = try loader.tensor(
      prefix + "embeddings.position_embeddings", [1, configuration.tokens, width])
    let name = prefix + "embeddings.patch_embeddings.projection"
    let matrix = try loader.tensor(
      name + ".weight",
      [width, configuration.channels, configuration.patchHeight, configuration.patchWidth])
    patches = Linear(
      inputs: configuration.patchNumbers, outputs: width, .byOutput(matrix),
      bias: try loader.vector(name + ".bias", width))
    var layers: [TransformerLayer] = []
    for index in 0..<configuration.layers {
      layers.append(try Self.layer(prefix + "encoder.layer.\(index).", configuration, &loader))
    }
    transformer = Transformer(
      configuration.transformer, layers: layers,
      finalNorm: try loader.norm(prefix + "layernorm", width))
    memory = loader.memory
    BLAS.useOneThread()
  }

  private static func layer(
    _ name: String, _ configuration: ViTConfiguration, _ loader: inout WeightLoader
  ) throws(DSXError) -> TransformerLayer {
    let (width, inner) = (configuration.width, configuration.inner)
    let inside = name + "attention.attention."
    let hasBias = configuration.hasProjectionBias
    return TransformerLayer(
      attentionNorm: try loader.norm(name + "layernorm_before", width),
      projections: .separate(
        query: try loader.linear(inside + "query", inputs: width, outputs: width, hasBias: hasBias),
        key: try loader.linear(inside + "key", inputs: width, outputs: width, hasBias: hasBias),
        value: try loader.linear(inside + "value", inputs: width, outputs: width, hasBias: hasBias)
      ),
      output: try loader.linear(name + "attention.output.dense", inputs: width, outputs: width),
      feedForwardNorm: try loader.norm(name + "layernorm_after", width),
      up: try loader.linear(name + "intermediate.dense", inputs: width, outputs: inner),
      down: try loader.linear(name + "output.dense", inputs: inner, outputs: width),
      attentionScale: 1 / Float(width / configuration.heads).squareRoot())
  }

  /// Writes one image's rows: the token, then a row for each patch, positions added.
  ///
  /// `pixels` are planes as the network takes them, `scratch` has room for `patches * patchNumbers`.
  func embed(
    _ pixels: UnsafePointer<Float>, _ scratch: UnsafeMutablePointer<Float>,
    into rows: UnsafeMutablePointer<Float>
  ) {
    let width = configuration.width
    gather(pixels, scratch)
    patches.multiply(
      LinearInput(rows: configuration.patches, floats: scratch, step: configuration.patchNumbers),
      columns: 0..<width, into: rows + width, step: width)
    if let bias = patches.bias { dsx_add_rows(rows + width, bias, configuration.patches, width) }
    rows.update(from: token, count: width)
    for index in 0..<configuration.tokens * width { rows[index] += positions[index] }
  }

  /// Patches as rows: channel, then row, then column of the patch, as the convolution's weights have
  /// them.
  private func gather(_ pixels: UnsafePointer<Float>, _ target: UnsafeMutablePointer<Float>) {
    let (height, width) = (configuration.patchHeight, configuration.patchWidth)
    let plane = configuration.imageHeight * configuration.imageWidth
    var out = target
    for row in 0..<configuration.rows {
      for column in 0..<configuration.columns {
        for channel in 0..<configuration.channels {
          for line in 0..<height {
            let from =
              pixels + channel * plane + (row * height + line) * configuration.imageWidth
              + column * width
            out.update(from: from, count: width)
            out += width
          }
        }
      }
    }
  }
}
