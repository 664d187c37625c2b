internal import Kernels

/// The weights of one direction of a resize: for each new pixel, which old ones it is made of.
///
/// Computed as Pillow does it (Resample.c, `precompute_coeffs`): the middle of the new pixel in old
/// pixels (half-pixel rule), the filter stretched by the scale when the image gets smaller, weights
/// summing to 1, as whole numbers with 22 bits behind the point.
final class ResamplePlan {
  /// The size of the old and of the new image in this direction.
  let from: Int
  let to: Int
  let filter: ResampleFilter
  /// The most old pixels that a new one is made of.
  let taps: Int
  private let start: [Int32]
  private let weights: [Int32]
  private let packed: [Int16]

  init(from: Int, to: Int, _ filter: ResampleFilter) {
    (self.from, self.to, self.filter) = (from, to, filter)
    let scale = Double(from) / Double(to)
    let filterScale = max(scale, 1)
    let support = filter.support * filterScale
    var start: [Int32] = []
    var rows: [[Int32]] = []
    var taps = 1
    for index in 0..<to {
      let middle = (Double(index) + 0.5) * scale
      let first = max(0, Int(middle - support + 0.5))
      let end = min(from, Int(middle + support + 0.5))
      var row: [Double] = []
      for position in first..<max(first, end) {
        row.append(filter.weight((Double(position) - middle + 0.5) * (1 / filterScale)))
      }
      let sum = row.reduce(0, +)
      if sum != 0 { for position in row.indices { row[position] /= sum } }
      start.append(Int32(first))
      rows.append(
        row.map { weight in
          Int32(weight < 0 ? -0.5 + weight * Double(1 << 22) : 0.5 + weight * Double(1 << 22))
        })
      taps = max(taps, row.count)
    }
    self.taps = taps
    // Every pixel gets the same number of weights. Near the end they begin earlier, with zeros, so that
    // none lies beyond the image.
    var weights: [Int32] = []
    weights.reserveCapacity(to * taps)
    for (index, row) in rows.enumerated() {
      let shift = max(0, Int(start[index]) + taps - from)
      start[index] -= Int32(shift)
      weights += [Int32](repeating: 0, count: shift) + row
      weights += [Int32](repeating: 0, count: taps - row.count - shift)
    }
    self.start = start
    self.weights = weights
    packed = [Int16](
      unsafeUninitializedCapacity: dsx_resize_packed_size(to, taps)
    ) { buffer, used in
      if let base = buffer.baseAddress { dsx_resize_pack(weights, to, taps, base) }
      used = dsx_resize_packed_size(to, taps)
    }
  }

  /// Runs `body` with the plan as the kernels take it. `isPlain`: without the quick paths, for tests.
  func withKernel(isPlain: Bool = false, _ body: (UnsafePointer<dsx_resize>) -> Void) {
    start.withUnsafeBufferPointer { start in
      weights.withUnsafeBufferPointer { weights in
        packed.withUnsafeBufferPointer { packed in
          var plan = dsx_resize(
            count: to, taps: taps, start: start.baseAddress, weights: weights.baseAddress,
            packed: isPlain ? nil : packed.baseAddress)
          body(&plan)
        }
      }
    }
  }
}
