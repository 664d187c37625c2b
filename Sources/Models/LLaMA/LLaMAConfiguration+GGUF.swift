internal import DSXCore

extension LLaMAConfiguration {
  /// Reads the metadata of a GGUF file, `TYPE.name` each.
  ///
  /// In files of the type `llama` the rows of queries and keys are in pairs for rotary positions; in
  /// those of `qwen2` they are as in transformers.
  init(_ gguf: GGUFMetadata, type: String, _ store: TensorStore) throws(DSXError) {
    func size(_ name: String, _ fallback: Int? = nil) throws(DSXError) -> Int {
      guard let value = try gguf.int(type + "." + name) ?? fallback else {
        throw DSXError(.malformed, "the metadata lack '\(type).\(name)'")
      }
      guard value > 0, value <= 1 << 22 else {
        throw DSXError(
          .malformed, "'\(type).\(name)' must be a number from 1 to \(1 << 22), not \(value)")
      }
      return value
    }
    width = try size("embedding_length")
    layers = try size("block_count")
    heads = try size("attention.head_count")
    keyValueHeads = try size("attention.head_count_kv", heads)
    if try gguf.int(type + ".attention.key_length") == nil, width % heads != 0 {
      throw DSXError(
        .malformed, "the width \(width) is not a multiple of the number of heads, \(heads)")
    }
    headWidth = try size("attention.key_length", width / heads)
    let valueWidth = try size("attention.value_length", headWidth)
    guard valueWidth == headWidth else {
      throw DSXError(.unsupported, "values of \(valueWidth) numbers with keys of \(headWidth)")
    }
    inner = try size("feed_forward_length")
    // Inside of a window of what is before a row, positions are as without one.
    let positions = try size("context_length")
    let window = try gguf.int(type + ".attention.sliding_window") ?? 0
    context = window > 0 ? min(positions, window) : positions
    let shape = store.entry("token_embd.weight")?.shape ?? []
    vocabulary = try size("vocab_size", shape.first)
    guard try gguf.int(type + ".expert_count") ?? 0 == 0 else {
      throw DSXError(.unsupported, "a mixture of experts ('\(type).expert_count')")
    }
    epsilon = Float(try gguf.double(type + ".attention.layer_norm_rms_epsilon") ?? 1e-5)
    activation = .silu
    tiesEmbeddings = store.entry("output.weight") == nil
    hasProjectionBias = store.entry("blk.0.attn_q.bias") != nil
    hasOutputBias = store.entry("blk.0.attn_output.bias") != nil
    hasFeedForwardBias = store.entry("blk.0.ffn_up.bias") != nil
    let base = try gguf.double(type + ".rope.freq_base") ?? 10_000
    guard base > 0, base.isFinite else {
      throw DSXError(.malformed, "'\(type).rope.freq_base' must be positive, not \(base)")
    }
    rotary = RotaryPositions(
      width: try size("rope.dimension_count", headWidth), base: base,
      scaling: try Self.scaling(gguf, type, store), isInterleaved: type == "llama")
    try check()
  }

  /// llama.cpp's reading: without a type `linear`, with the factor under its new or its old name.
  private static func scaling(_ gguf: GGUFMetadata, _ type: String, _ store: TensorStore)
    throws(DSXError) -> RotaryPositions.Scaling
  {
    func number(_ name: String) throws(DSXError) -> Double? {
      guard let value = try gguf.double(type + "." + name), value != 0 else { return nil }
      guard value > 0, value.isFinite else {
        throw DSXError(.malformed, "'\(type).\(name)' must be positive, not \(value)")
      }
      return value
    }
    for name in ["rope.scaling.attn_factor", "logit_scale"] {
      guard let value = try number(name), value != 1 else { continue }
      throw DSXError(.unsupported, "'\(type).\(name)' \(value) is not supported", hint: "only 1 is")
    }
    let kind = try gguf.string(type + ".rope.scaling.type") ?? "linear"
    guard kind == "none" || kind == "linear" else {
      throw DSXError(
        .unsupported, "rotary positions of the kind '\(kind)' are not supported",
        hint: "known: none, linear, and Llama 3.1's factors")
    }
    var factor = try number("rope.scaling.factor") ?? 1
    if factor == 1 { factor = try number("rope.scale_linear") ?? 1 }
    if kind == "none" { factor = 1 }
    guard store.entry("rope_freqs.weight") != nil else {
      return factor == 1 ? .none : .linear(factor: factor)
    }
    // Llama 3.1: the factors that its formula gives, as a tensor.
    guard factor == 1 else {
      throw DSXError(.unsupported, "'rope_freqs.weight' beside a linear factor is not supported")
    }
    let factors = try store.floats("rope_freqs.weight").withElements { Array($0) }
    guard factors.allSatisfy({ $0 > 0 && $0.isFinite }) else {
      throw DSXError(.corrupt, "'rope_freqs.weight' holds factors that are not positive")
    }
    return .factors(factors)
  }
}
