internal import DSXCore

/// The hyper-parameters of a vision transformer, from `config.json`.
struct ViTConfiguration: Sendable, Equatable {
  /// Rows and columns of the image in pixels, and of one patch.
  var imageHeight, imageWidth, patchHeight, patchWidth: Int
  var channels: Int
  var width: Int
  var heads: Int
  var layers: Int
  var inner: Int
  var activation: Activation
  var epsilon: Float
  /// Whether queries, keys and values have biases.
  var hasProjectionBias: Bool

  /// Reads and checks them, with the defaults of transformers' `ViTConfig`.
  init(_ config: JSONValue) throws(DSXError) {
    let reader = ConfigurationReader(config)
    (imageHeight, imageWidth) = try reader.sides("image_size", 224)
    (patchHeight, patchWidth) = try reader.sides("patch_size", 16)
    channels = try reader.size("num_channels", 3, most: 3)
    width = try reader.size("hidden_size", 768)
    heads = try reader.size("num_attention_heads", 12)
    layers = try reader.size("num_hidden_layers", 12, most: 1 << 12)
    inner = try reader.size("intermediate_size", 3072)
    activation = try reader.activation("hidden_act", .gelu)
    epsilon = try reader.epsilon("layer_norm_eps", 1e-12)
    hasProjectionBias = try reader.flag("qkv_bias", true)
    guard width % heads == 0 else {
      throw DSXError(
        .malformed, "'hidden_size' \(width) is not a multiple of 'num_attention_heads' \(heads)")
    }
    // A patch that does not fill up is left out, as a convolution without padding does it.
    guard patchHeight <= imageHeight, patchWidth <= imageWidth else {
      throw DSXError(.malformed, "'patch_size' is larger than 'image_size'")
    }
    guard patches < 1 << 20 else {
      throw DSXError(.malformed, "'image_size' and 'patch_size' give \(patches) patches")
    }
  }

  /// Patches in a column and in a row of the image.
  var rows: Int { imageHeight / patchHeight }
  /// Patches in a row of the image.
  var columns: Int { imageWidth / patchWidth }
  /// Patches of an image.
  var patches: Int { rows * columns }
  /// Rows of the transformer for one image: the classification token and the patches.
  var tokens: Int { patches + 1 }
  /// Numbers of one patch.
  var patchNumbers: Int { channels * patchHeight * patchWidth }

  /// What the layers have in common.
  var transformer: TransformerConfiguration {
    TransformerConfiguration(
      width: width, heads: heads, keyValueHeads: heads, headWidth: width / heads, inner: inner,
      context: tokens, norm: .layer, normPlace: .before, epsilon: epsilon, isCausal: false,
      activation: activation)
  }
}
