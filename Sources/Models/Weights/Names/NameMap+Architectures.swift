/// The conventions of MindFormers: sources are its convert_weight.py and convert_reversed.py of each model
/// (GPT-2, LLaMA, BERT), its attribute paths and a published conversion for PanGu-alpha.
extension NameMap {
  /// Q, K and V stand in one matrix [inputs, 3 * outputs] there, in three [outputs, inputs] here; the other
  /// matrices are [inputs, outputs] in both.
  static let gpt2 = NameMap(
    architecture: "gpt2", other: .mindFormers,
    rules: [
      NameRule(
        "transformer.h.{}.attn.c_attn.weight", "backbone.blocks.{}.attention.dense1.weight",
        "backbone.blocks.{}.attention.dense2.weight", "backbone.blocks.{}.attention.dense3.weight",
        change: .cut(transposed: true)),
      NameRule(
        "transformer.h.{}.attn.c_attn.bias", "backbone.blocks.{}.attention.dense1.bias",
        "backbone.blocks.{}.attention.dense2.bias", "backbone.blocks.{}.attention.dense3.bias",
        change: .cut(transposed: false)),
      NameRule("transformer.ln_f.weight", "backbone.layernorm.gamma"),
      NameRule("transformer.ln_f.bias", "backbone.layernorm.beta"),
      NameRule("transformer.wte.weight", "backbone.embedding.word_embedding.embedding_table"),
      NameRule("transformer.wpe.weight", "backbone.embedding.position_embedding.embedding_table"),
    ]
      + layer(
        "transformer.h.{}.", "backbone.blocks.{}.",
        [
          ("ln_1.weight", "layernorm1.gamma"), ("ln_1.bias", "layernorm1.beta"),
          ("ln_2.weight", "layernorm2.gamma"), ("ln_2.bias", "layernorm2.beta"),
          ("attn.c_proj.weight", "attention.projection.weight"),
          ("attn.c_proj.bias", "attention.projection.bias"),
          ("mlp.c_fc.weight", "output.mapping.weight"), ("mlp.c_fc.bias", "output.mapping.bias"),
          ("mlp.c_proj.weight", "output.projection.weight"),
          ("mlp.c_proj.bias", "output.projection.bias"),
        ]),
    prefix: "transformer.",
    dropped: ["transformer.h.{}.attn.bias", "transformer.h.{}.attn.masked_bias"],
    tied: [("lm_head.weight", "transformer.wte.weight")])

  static let llama = NameMap(
    architecture: "llama", other: .mindFormers,
    rules: [
      NameRule("model.embed_tokens.weight", "model.tok_embeddings.embedding_weight"),
      NameRule("model.norm.weight", "model.norm_out.weight"),
      NameRule("lm_head.weight", "lm_head.weight"),
    ]
      + layer(
        "model.layers.{}.", "model.layers.{}.",
        llamaLinear.map { ($0 + ".weight", $1 + ".weight") }
          + llamaLinear.map { ($0 + ".bias", $1 + ".bias") } + [
            ("input_layernorm.weight", "attention_norm.weight"),
            ("post_attention_layernorm.weight", "ffn_norm.weight"),
          ]),
    dropped: ["model.layers.{}.self_attn.rotary_emb.inv_freq"])

  private static let llamaLinear = [
    ("self_attn.q_proj", "attention.wq"), ("self_attn.k_proj", "attention.wk"),
    ("self_attn.v_proj", "attention.wv"), ("self_attn.o_proj", "attention.wo"),
    ("mlp.gate_proj", "feed_forward.w1"), ("mlp.down_proj", "feed_forward.w2"),
    ("mlp.up_proj", "feed_forward.w3"),
  ]

  /// Attention's output and both matrices of the MLP are [inputs, outputs] there. convert_weight.py leaves
  /// the bias of the masked words' head out; it has the name of its attribute (bert.py, GetMaskedLMOutput).
  static let bert = NameMap(
    architecture: "bert", other: .mindFormers,
    rules: [
      NameRule("bert.embeddings.word_embeddings.weight", "bert.word_embedding.embedding_table"),
      NameRule(
        "bert.embeddings.position_embeddings.weight",
        "bert.embedding_postprocessor.full_position_embedding.embedding_table"),
      NameRule(
        "bert.embeddings.token_type_embeddings.weight",
        "bert.embedding_postprocessor.token_type_embedding.embedding_table"),
      NameRule("bert.embeddings.LayerNorm.weight", "bert.embedding_postprocessor.layernorm.gamma"),
      NameRule("bert.embeddings.LayerNorm.bias", "bert.embedding_postprocessor.layernorm.beta"),
      NameRule("bert.pooler.dense.weight", "bert.dense.weight"),
      NameRule("bert.pooler.dense.bias", "bert.dense.bias"),
      NameRule("cls.predictions.transform.dense.weight", "bert.mlmloss.dense.weight"),
      NameRule("cls.predictions.transform.dense.bias", "bert.mlmloss.dense.bias"),
      NameRule("cls.predictions.transform.LayerNorm.weight", "bert.mlmloss.layernorm.gamma"),
      NameRule("cls.predictions.transform.LayerNorm.bias", "bert.mlmloss.layernorm.beta"),
      NameRule("cls.predictions.decoder.weight", "bert.mlmloss.vocab_dense.weight"),
      NameRule("cls.predictions.bias", "bert.mlmloss.output_bias"),
    ]
      + layer(
        "bert.encoder.layer.{}.", "bert.bert_encoder.encoder.blocks.{}.",
        [
          ("attention.self.query.weight", "attention.dense1.weight"),
          ("attention.self.query.bias", "attention.dense1.bias"),
          ("attention.self.key.weight", "attention.dense2.weight"),
          ("attention.self.key.bias", "attention.dense2.bias"),
          ("attention.self.value.weight", "attention.dense3.weight"),
          ("attention.self.value.bias", "attention.dense3.bias"),
          ("attention.output.dense.bias", "attention.projection.bias"),
          ("attention.output.LayerNorm.weight", "layernorm2.gamma"),
          ("attention.output.LayerNorm.bias", "layernorm2.beta"),
          ("intermediate.dense.bias", "output.mapping.bias"),
          ("output.dense.bias", "output.projection.bias"),
          ("output.LayerNorm.weight", "layernorm1.gamma"),
          ("output.LayerNorm.bias", "layernorm1.beta"),
        ])
      + layer(
        "bert.encoder.layer.{}.", "bert.bert_encoder.encoder.blocks.{}.",
        [
          ("attention.output.dense.weight", "attention.projection.weight"),
          ("intermediate.dense.weight", "output.mapping.weight"),
          ("output.dense.weight", "output.projection.weight"),
        ], .transposed),
    prefix: "bert.",
    aliases: [("LayerNorm.gamma", "LayerNorm.weight"), ("LayerNorm.beta", "LayerNorm.bias")],
    dropped: ["bert.embeddings.position_ids"],
    tied: [("cls.predictions.decoder.bias", "cls.predictions.bias")])

  /// The query layer is the last of the layers there.
  static let pangu = NameMap(
    architecture: "pangu", other: .mindFormers,
    rules: [
      NameRule("transformer.wte.weight", "backbone.embedding.word_embedding.embedding_table"),
      NameRule("transformer.wpe.weight", "backbone.embedding.position_embedding.embedding_table"),
      NameRule("transformer.wqe.weight", "backbone.top_query_embedding.embedding_table"),
      NameRule("transformer.ln_f.weight", "backbone.layernorm.gamma"),
      NameRule("transformer.ln_f.bias", "backbone.layernorm.beta"),
    ]
      + layer(
        "transformer.h.{}.", "backbone.blocks.{}.",
        [
          ("ln_1.weight", "layernorm1.gamma"), ("ln_1.bias", "layernorm1.beta"),
          ("ln_2.weight", "layernorm2.gamma"), ("ln_2.bias", "layernorm2.beta"),
          ("attn.q_proj.weight", "attention.dense1.weight"),
          ("attn.q_proj.bias", "attention.dense1.bias"),
          ("attn.k_proj.weight", "attention.dense2.weight"),
          ("attn.k_proj.bias", "attention.dense2.bias"),
          ("attn.v_proj.weight", "attention.dense3.weight"),
          ("attn.v_proj.bias", "attention.dense3.bias"),
          ("attn.c_proj.bias", "attention.projection.bias"),
          ("mlp.c_fc.bias", "output.mapping.bias"), ("mlp.c_proj.bias", "output.projection.bias"),
        ])
      + layer(
        "transformer.h.{}.", "backbone.blocks.{}.",
        [
          ("attn.c_proj.weight", "attention.projection.weight"),
          ("mlp.c_fc.weight", "output.mapping.weight"),
          ("mlp.c_proj.weight", "output.projection.weight"),
        ], .transposed),
    prefix: "transformer.",
    aliases: [
      ("attn.out_proj.weight", "attn.c_proj.weight"), ("attn.out_proj.bias", "attn.c_proj.bias"),
    ],
    dropped: ["transformer.h.{}.attn.bias", "transformer.h.{}.attn.masked_bias"],
    tied: [("lm_head.weight", "transformer.wte.weight")],
    last: ("backbone.top_query_layer.", "backbone.blocks.{}."),
    marker: ("transformer.wqe.weight", "backbone.top_query_embedding.embedding_table"))

  /// llama.cpp's files.
  static let ggufLlama = NameMap(
    architecture: "llama", other: .gguf,
    rules: [
      NameRule("model.embed_tokens.weight", "token_embd.weight"),
      NameRule("model.norm.weight", "output_norm.weight"),
      NameRule("lm_head.weight", "output.weight"),
      NameRule(
        "model.layers.{}.self_attn.q_proj.weight", "blk.{}.attn_q.weight",
        change: .paired(keys: false)),
      NameRule(
        "model.layers.{}.self_attn.k_proj.weight", "blk.{}.attn_k.weight",
        change: .paired(keys: true)),
    ]
      + layer(
        "model.layers.{}.", "blk.{}.",
        [
          ("self_attn.v_proj.weight", "attn_v.weight"),
          ("self_attn.o_proj.weight", "attn_output.weight"),
          ("mlp.gate_proj.weight", "ffn_gate.weight"), ("mlp.up_proj.weight", "ffn_up.weight"),
          ("mlp.down_proj.weight", "ffn_down.weight"),
          ("input_layernorm.weight", "attn_norm.weight"),
          ("post_attention_layernorm.weight", "ffn_norm.weight"),
        ]),
    otherDropped: ["rope_freqs.weight"])

  /// Rules of one layer's tensors.
  private static func layer(
    _ one: String, _ other: String, _ pairs: [(String, String)], _ change: NameRule.Change = .none
  ) -> [NameRule] {
    pairs.map { NameRule(one + $0, other + $1, change: change) }
  }
}
