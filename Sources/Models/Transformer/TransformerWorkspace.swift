internal import Kernels

/// The buffers of one pass, for one worker. They grow to the largest pass and are used again; pages that
/// a small pass does not reach are never touched.
///
/// For GPT-2 small at 1,024 rows: 3 + 3 + 9 + 12 + 0.5 MiB, and 16 MiB where logits are made.
final class TransformerWorkspace: @unchecked Sendable {
  typealias Floats = UnsafeMutablePointer<Float>

  /// Rows that the feed-forward block takes at a time.
  static let tileRows = 1024

  /// [rows, width]: the residual stream; a pass reads its input here and leaves its result here.
  private(set) var stream = Buffer()
  /// [rows, max(width, queryWidth)]: normed input of a linear layer, or attention's output.
  private(set) var normed = Buffer()
  /// [rows, projectedWidth]: queries, keys, values.
  private(set) var projected = Buffer()
  /// [tileRows, hiddenWidth], and whatever a head needs.
  private(set) var tile = Buffer()
  /// Attention scores of a block, for each piece of work that runs at once.
  private(set) var scores = Buffer()
  /// [positions, rotated pairs], for positions as far as passes went.
  private(set) var cosines = Buffer()
  private(set) var sines = Buffer()
  private var rotatedPositions = 0
  private var rounded = Buffer()

  /// Floats that grow.
  struct Buffer {
    private(set) var floats: Floats
    private(set) var count: Int

    init() {
      floats = Self.allocate(16)
      count = 16
    }

    static func allocate(_ count: Int) -> Floats {
      UnsafeMutableRawPointer.allocate(byteCount: count * 4, alignment: 64)
        .bindMemory(to: Float.self, capacity: count)
    }

    /// Room for `wanted` floats; what is there is lost when it grows.
    mutating func reserve(_ wanted: Int) {
      guard wanted > count else { return }
      floats.deallocate()
      floats = Self.allocate(wanted)
      count = wanted
    }
  }

  init() {}

  deinit {
    for buffer in [stream, normed, projected, tile, scores, cosines, sines, rounded] {
      buffer.floats.deallocate()
    }
  }

  /// Room for a pass; call it before the rows are written into `stream`.
  func reserve(_ configuration: TransformerConfiguration, _ plan: RowPlan, workers: Int = 1) {
    let rows = plan.rows
    stream.reserve(rows * configuration.width)
    normed.reserve(rows * max(configuration.width, configuration.queryWidth))
    projected.reserve(rows * configuration.projectedWidth)
    tile.reserve(min(rows, Self.tileRows) * configuration.hiddenWidth)
    scores.reserve(plan.scoreCount(configuration) * workers)
    if let rotary = configuration.rotary {
      reserve(rotary, Int(plan.positions.max() ?? 0) + 1, limit: configuration.context)
    }
  }

  /// Tables for these positions, made ahead of sequences that grow one by one.
  private func reserve(_ rotary: RotaryPositions, _ positions: Int, limit: Int) {
    guard positions > rotatedPositions else { return }
    rotatedPositions = max(positions, min(limit, max(256, rotatedPositions * 2)))
    cosines.reserve(rotatedPositions * rotary.frequencies.count)
    sines.reserve(rotatedPositions * rotary.frequencies.count)
    rotary.fill(rotatedPositions, cosines: cosines.floats, sines: sines.floats)
  }

  /// Room for rows that are rounded to bfloat16; what was there may be lost.
  func halves(_ count: Int) -> UnsafeMutablePointer<UInt16> {
    rounded.reserve((count + 1) / 2)
    return UnsafeMutableRawPointer(rounded.floats).assumingMemoryBound(to: UInt16.self)
  }

  /// Room in `tile` for a head's numbers.
  func reserveTile(_ count: Int) { tile.reserve(count) }

  /// Bytes that passes of so many rows over sequences of at most `keys` keys take.
  static func bytes(_ configuration: TransformerConfiguration, rows: Int, keys: Int, tile: Int = 0)
    -> Int
  {
    let pairs = configuration.rotary?.frequencies.count ?? 0
    let perRow =
      configuration.width + max(configuration.width, configuration.queryWidth)
      + configuration.projectedWidth
    let hidden = max(min(rows, tileRows) * configuration.hiddenWidth, tile)
    let tables = 2 * pairs * max(256, 2 * keys)
    return 4
      * (rows * perRow + hidden + max(
        min(rows, RowPlan.blockRows), configuration.heads / configuration.keyValueHeads) * keys
        + tables)
  }
}
