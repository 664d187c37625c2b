import CBenchBLAS
import DSXCore
import Glibc

/// The arithmetic that a causal model needs, and what the machine's sgemm does of it in a second.
struct ModelWork {
  /// Multiplications and additions of one token in all layers, without attention's.
  let layers: Double
  /// Those of one query-key pair in all layers.
  let pair: Double
  /// Those of one row of logits.
  let logits: Double

  /// From a GPT-2's or LLaMA's config.json.
  init(config path: String) throws {
    let config = try JSONParser.parse(file: path)
    func size(_ names: String...) -> Double? {
      for name in names {
        if let value = config[name]?.double { return value }
      }
      return nil
    }
    let width = size("n_embd", "hidden_size") ?? 0
    let depth = size("n_layer", "num_hidden_layers") ?? 0
    let heads = size("n_head", "num_attention_heads") ?? 1
    let shared = size("num_key_value_heads") ?? heads
    let isGPT = config["n_embd"] != nil
    let inner = size("n_inner", "intermediate_size") ?? 4 * width
    let projected = width * (2 + 2 * shared / heads)
    layers = depth * 2 * (width * projected + width * inner * (isGPT ? 2 : 3))
    pair = depth * 4 * width
    logits = 2 * width * (size("vocab_size") ?? 0)
  }

  /// A text of so many tokens on its own, with logits at so many rows.
  func flops(tokens: Int, logitRows: Int) -> Double {
    let count = Double(tokens)
    return count * layers + count * (count + 1) / 2 * pair + Double(logitRows) * logits
  }

  /// Multiplications and additions a second that OpenBLAS reaches with a [1024, 768] x [768, 3072]
  /// product on each of `threads` threads, one BLAS thread each: the best of some rounds.
  static func sgemmRate(threads: Int) -> Double {
    if openblas_get_num_threads() != 1 { openblas_set_num_threads(1) }
    let (rows, depth, columns, rounds) = (1024, 768, 3072, 6)
    var best = 0.0
    for _ in 0..<3 {
      let start = seconds()
      FanOut.run(count: threads, workers: threads) { source in
        while source.take() != nil {
          let left = [Float](repeating: 0.5, count: rows * depth)
          let right = [Float](repeating: 0.25, count: depth * columns)
          var out = [Float](repeating: 0, count: rows * columns)
          for _ in 0..<rounds {
            cblas_sgemm(
              CblasRowMajor, CblasNoTrans, CblasNoTrans, Int32(rows), Int32(columns), Int32(depth),
              1, left, Int32(depth), right, Int32(columns), 0, &out, Int32(columns))
          }
        }
      }
      let work = 2.0 * Double(rows * depth * columns * rounds * threads)
      best = max(best, work / (seconds() - start))
    }
    return best
  }
}
