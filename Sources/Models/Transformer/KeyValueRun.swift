/// The keys and values of consecutive tokens of a sequence, in all layers; sequences share runs.
///
/// | part | content |
/// | --- | --- |
/// | layer | `capacity` tokens |
/// | token | keys of all heads, then values of all heads: 2 * `width` floats |
///
/// Each token is written once, by the pass that computes it; who holds the run knows how many are there.
final class KeyValueRun: @unchecked Sendable {
  /// Tokens that it has room for.
  let capacity: Int
  /// Floats of the keys of one token, and of its values.
  private let width: Int
  private let layers: Int
  private let memory: UnsafeMutablePointer<Float>

  init(capacity: Int, configuration: TransformerConfiguration, layers: Int) {
    self.capacity = capacity
    self.layers = layers
    width = configuration.keyValueWidth
    memory = UnsafeMutableRawPointer.allocate(
      byteCount: max(64, layers * capacity * 2 * width * 4), alignment: 64
    ).assumingMemoryBound(to: Float.self)
  }

  deinit { memory.deallocate() }

  /// Bytes of a run.
  static func bytes(
    capacity: Int, configuration: TransformerConfiguration, layers: Int
  ) -> Int {
    layers * capacity * 2 * configuration.keyValueWidth * 4
  }

  /// A run of its own with the same first `count` tokens.
  func copy(_ count: Int, capacity: Int, configuration: TransformerConfiguration) -> KeyValueRun {
    let other = KeyValueRun(capacity: capacity, configuration: configuration, layers: layers)
    for layer in 0..<layers {
      (other.memory + layer * capacity * 2 * width).update(
        from: memory + layer * self.capacity * 2 * width,
        count: min(count, capacity) * 2 * width)
    }
    return other
  }

  /// Keeps the keys and values of one layer: `rows` rows, `step` floats apart, as tokens from `first`.
  func store(
    layer: Int, _ rows: UnsafePointer<Float>, step: Int, count rowCount: Int, at first: Int
  ) {
    let target = memory + (layer * capacity + first) * 2 * width
    for row in 0..<rowCount {
      (target + row * 2 * width).update(from: rows + row * step, count: 2 * width)
    }
  }

  /// Its first `count` tokens as keys to look at; valid while the run lives.
  func span(_ count: Int) -> KeySpan {
    KeySpan(
      place: .kept(memory, layerStep: capacity * 2 * width, rowStep: 2 * width), count: count)
  }
}
