import DSXCore
import Foundation
import Text

@testable import Models

/// A GPT-2 with random weights in a folder, and the same mathematics written plainly in float64.
struct TinyGPT2 {
  var config: [String: JSONValue]
  var tensors: [(name: String, shape: [Int], values: [Float])] = []

  let width: Int
  let heads: Int
  let layers: Int
  let inner: Int
  let positions: Int
  let vocabulary: Int

  init(
    width: Int = 16, heads: Int = 2, layers: Int = 2, inner: Int? = nil, positions: Int = 12,
    vocabulary: Int = 300, seed: UInt64 = 5, prefix: String = "transformer.", tied: Bool = true,
    _ more: [String: JSONValue] = [:]
  ) {
    self.width = width
    self.heads = heads
    self.layers = layers
    self.inner = inner ?? 4 * width
    self.positions = positions
    self.vocabulary = vocabulary
    config = [
      "model_type": "gpt2", "n_embd": .int(Int64(width)), "n_head": .int(Int64(heads)),
      "n_layer": .int(Int64(layers)), "n_positions": .int(Int64(positions)),
      "vocab_size": .int(Int64(vocabulary)), "bos_token_id": 0, "eos_token_id": 0,
      "tie_word_embeddings": .bool(tied),
    ]
    if let inner { config["n_inner"] = .int(Int64(inner)) }
    config.merge(more) { $1 }
    var random = PCG64(seed: seed)
    func add(_ name: String, _ shape: [Int], around center: Float = 0) {
      let values = (0..<shape.reduce(1, *)).map { _ in
        center + Float(random.unit() - 0.5)
      }
      tensors.append((name, shape, values))
    }
    add(prefix + "wte.weight", [vocabulary, width])
    add(prefix + "wpe.weight", [positions, width])
    for layer in 0..<layers {
      let name = prefix + "h.\(layer)."
      for norm in ["ln_1", "ln_2"] {
        add(name + norm + ".weight", [width], around: 1)
        add(name + norm + ".bias", [width])
      }
      add(name + "attn.c_attn.weight", [width, 3 * width])
      add(name + "attn.c_attn.bias", [3 * width])
      add(name + "attn.c_proj.weight", [width, width])
      add(name + "attn.c_proj.bias", [width])
      add(name + "mlp.c_fc.weight", [width, self.inner])
      add(name + "mlp.c_fc.bias", [self.inner])
      add(name + "mlp.c_proj.weight", [self.inner, width])
      add(name + "mlp.c_proj.bias", [width])
    }
    add(prefix + "ln_f.weight", [width], around: 1)
    add(prefix + "ln_f.bias", [width])
    if !tied { add("lm_head.weight", [vocabulary, width]) }
  }

  var configJSON: JSONValue {
    .object(config.sorted { $0.key < $1.key }.map { .init($0.key, $0.value) })
  }

  /// Writes config.json, tokenizer.json and model.safetensors.
  func write(to scratch: borrowing Scratch) throws {
    try scratch.write("config.json", configJSON)
    var members: [JSONValue.Member] = []
    var next: UInt32 = 0x100
    for byte in 0..<256 {
      // GPT-2's alphabet: printable bytes are themselves, the others follow U+0100.
      var scalar = UInt32(byte)
      if !(33...126).contains(byte), !(161...172).contains(byte), !(174...255).contains(byte) {
        scalar = next
        next += 1
      }
      if let scalar = Unicode.Scalar(scalar) {
        members.append(.init(String(Character(scalar)), .int(Int64(byte))))
      }
    }
    try scratch.write(
      "tokenizer.json",
      [
        "version": "1.0", "added_tokens": [],
        "pre_tokenizer": ["type": "ByteLevel", "add_prefix_space": false],
        "decoder": ["type": "ByteLevel"],
        "model": ["type": "BPE", "vocab": .object(members), "merges": []],
      ])
    _ = try scratch.write("model.safetensors", safetensors(tensors))
  }

  private func tensor(_ name: String) -> [Double] {
    let found =
      tensors.first { $0.name == "transformer." + name || $0.name == name }?.values ?? []
    return found.map(Double.init)
  }

  /// log p of every id after the first, in float64, one position after the other.
  func logLikelihoods(_ ids: [Int32]) -> [Double] {
    let count = ids.count - 1
    let (tokens, places) = (tensor("wte.weight"), tensor("wpe.weight"))
    var x = (0..<count).map { row in
      (0..<width).map { tokens[Int(ids[row]) * width + $0] + places[row * width + $0] }
    }
    for layer in 0..<layers {
      let name = "h.\(layer)."
      let normed = norm(x, name + "ln_1")
      let qkv = linear(normed, name + "attn.c_attn", width, 3 * width)
      let mixed = linear(attention(qkv, layer), name + "attn.c_proj", width, width)
      for row in 0..<count { for c in 0..<width { x[row][c] += mixed[row][c] } }
      var hidden = linear(norm(x, name + "ln_2"), name + "mlp.c_fc", width, inner)
      for row in 0..<count { hidden[row] = hidden[row].map(activation) }
      let down = linear(hidden, name + "mlp.c_proj", inner, width)
      for row in 0..<count { for c in 0..<width { x[row][c] += down[row][c] } }
    }
    let final = norm(x, "ln_f")
    let head = config["tie_word_embeddings"] == .bool(true) ? tokens : tensor("lm_head.weight")
    return final.enumerated().map { row, vector in
      let logits = (0..<vocabulary).map { word in
        (0..<width).reduce(0.0) { $0 + vector[$1] * head[word * width + $1] }
      }
      let top = logits.max() ?? 0
      return logits[Int(ids[row + 1])] - top - log(logits.reduce(0) { $0 + exp($1 - top) })
    }
  }

  private func norm(_ x: [[Double]], _ name: String) -> [[Double]] {
    let (weight, bias) = (tensor(name + ".weight"), tensor(name + ".bias"))
    return x.map { row in
      let mean = row.reduce(0, +) / Double(width)
      let variance = row.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(width)
      return row.indices.map {
        (row[$0] - mean) / (variance + 1e-5).squareRoot() * weight[$0] + bias[$0]
      }
    }
  }

  private func linear(_ x: [[Double]], _ name: String, _ depth: Int, _ columns: Int) -> [[Double]] {
    let (weight, bias) = (tensor(name + ".weight"), tensor(name + ".bias"))
    return x.map { row in
      var out = bias
      for k in 0..<depth { for c in 0..<columns { out[c] += row[k] * weight[k * columns + c] } }
      return out
    }
  }

  private func attention(_ qkv: [[Double]], _ layer: Int) -> [[Double]] {
    let size = width / heads
    var scale = config["scale_attn_weights"] == .bool(false) ? 1 : 1 / Double(size).squareRoot()
    if config["scale_attn_by_inverse_layer_idx"] == .bool(true) { scale /= Double(layer + 1) }
    return qkv.indices.map { row in
      var out = [Double](repeating: 0, count: width)
      for head in 0..<heads {
        let at = head * size
        let scores = (0...row).map { key in
          (0..<size).reduce(0.0) { $0 + qkv[row][at + $1] * qkv[key][width + at + $1] } * scale
        }
        let top = scores.max() ?? 0
        let weights = scores.map { exp($0 - top) }
        let sum = weights.reduce(0, +)
        for key in 0...row {
          for c in 0..<size { out[at + c] += weights[key] / sum * qkv[key][2 * width + at + c] }
        }
      }
      return out
    }
  }

  private func activation(_ x: Double) -> Double {
    switch config["activation_function"]?.string ?? "gelu_new" {
    case "relu": max(x, 0)
    case "silu": x / (1 + exp(-x))
    case "quick_gelu": x / (1 + exp(-1.702 * x))
    case "gelu": 0.5 * x * (1 + erf(x / 2.0.squareRoot()))
    default: 0.5 * x * (1 + tanh(0.7978845608028654 * (x + 0.044715 * x * x * x)))
    }
  }
}
