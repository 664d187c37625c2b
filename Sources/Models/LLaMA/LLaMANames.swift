/// Where the tensors of a LLaMA are, in files of transformers and in GGUF files.
struct LLaMANames {
  let tokens, finalNorm, head: String
  let layer: @Sendable (Int) -> String
  let attentionNorm, query, key, value, output: String
  let feedForwardNorm, gate, up, down: String
  /// Tensors that need no place.
  let mayStay: @Sendable (String) -> Bool

  /// `LlamaForCausalLM` of transformers.
  static let transformers = LLaMANames(
    tokens: "model.embed_tokens.weight", finalNorm: "model.norm", head: "lm_head",
    layer: { "model.layers.\($0)." }, attentionNorm: "input_layernorm", query: "self_attn.q_proj",
    key: "self_attn.k_proj", value: "self_attn.v_proj", output: "self_attn.o_proj",
    feedForwardNorm: "post_attention_layernorm", gate: "mlp.gate_proj", up: "mlp.up_proj",
    down: "mlp.down_proj", mayStay: { $0.hasSuffix(".rotary_emb.inv_freq") })

  /// GGUF files.
  static let gguf = LLaMANames(
    tokens: "token_embd.weight", finalNorm: "output_norm", head: "output",
    layer: { "blk.\($0)." }, attentionNorm: "attn_norm", query: "attn_q", key: "attn_k",
    value: "attn_v", output: "attn_output", feedForwardNorm: "ffn_norm", gate: "ffn_gate",
    up: "ffn_up", down: "ffn_down", mayStay: { $0 == "rope_freqs.weight" })
}
