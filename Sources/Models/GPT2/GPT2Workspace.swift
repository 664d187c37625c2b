/// The buffers of one sequence under way. Allocated once for a worker, for the longest sequence;
/// pages that a short sequence does not reach are never touched.
///
/// For GPT-2 small at 1,024 positions: 3 + 3 + 9 + 16 + 0.5 MiB.
final class GPT2Workspace: @unchecked Sendable {
  typealias Floats = UnsafeMutablePointer<Float>

  /// Rows that the MLP and the head take at a time.
  static let tileRows = 1024
  /// Words of the vocabulary that the head takes at a time.
  static let headBlock = 4096
  /// Query rows that attention takes at a time: their scores stay in the second-level cache.
  static let queryRows = 128

  /// [positions, width]: the residual stream.
  let stream: Floats
  /// [positions, width]: normed input of a linear layer, or attention's output.
  let normed: Floats
  /// [positions, 3 * width]: query, key, value.
  let qkv: Floats
  /// [tileRows, max(inner, headBlock)]: the MLP's inside, or a block of logits.
  let tile: Floats
  /// [queryRows, positions]: attention scores.
  let scores: Floats
  /// [positions]: running maximum and sum of the logits, and each target's logit.
  let maximum: Floats
  let sum: UnsafeMutablePointer<Double>
  let target: Floats

  init(_ configuration: GPT2Configuration) {
    let (positions, width) = (configuration.positions, configuration.width)
    let tileRows = min(Self.tileRows, positions)
    stream = Self.allocate(positions * width)
    normed = Self.allocate(positions * width)
    qkv = Self.allocate(positions * width * 3)
    tile = Self.allocate(
      tileRows * max(configuration.inner, min(Self.headBlock, configuration.vocabulary)))
    scores = Self.allocate(min(Self.queryRows, positions) * positions)
    maximum = Self.allocate(positions)
    target = Self.allocate(positions)
    sum = .allocate(capacity: positions)
  }

  private static func allocate(_ count: Int) -> Floats {
    UnsafeMutableRawPointer.allocate(byteCount: count * MemoryLayout<Float>.stride, alignment: 64)
      .bindMemory(to: Float.self, capacity: count)
  }

  deinit {
    for floats in [stream, normed, qkv, tile, scores, maximum, target] { floats.deallocate() }
    sum.deallocate()
  }
}
