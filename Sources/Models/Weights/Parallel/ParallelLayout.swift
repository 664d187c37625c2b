internal import DSXCore

/// How one tensor lies over the devices of a pipeline stage, in MindSpore's terms.
///
/// A rank's coordinates are its digits in the matrix of devices, the last dimension fastest. Each
/// dimension of the tensor is cut by the device dimensions that its entry in the tensor map names, counted
/// from the last one; ranks that differ elsewhere hold copies. The optimizer's sharding cuts each part
/// once more along dimension 0, over ranks that would hold copies. Of a tensor that no device dimension
/// cuts, neighbouring ranks hold neighbouring parts, whatever step is stated: MindSpore ignores it there.
///
/// Source: mindspore 2.10, `parallel/_tensor.py` (`_construct_tensor_layout_for_opt_shard`).
public struct ParallelLayout: Sendable, Hashable {
  /// Sizes of the matrix of devices, slowest first.
  let devices: [Int]
  /// For each dimension of the tensor the device dimensions that cut it, slowest first; none: whole.
  let cuts: [[Int]]
  /// Parts that the optimizer's sharding cuts each part into; 1 for none.
  let optimizerParts: Int
  /// Ranks from one of these parts to the next.
  let optimizerStep: Int
  /// The part of the optimizer's sharding that each rank holds.
  private let optimizerIndex: [Int]

  /// The most devices of one stage.
  static let mostDevices = 1 << 16

  /// Devices of one stage.
  var deviceCount: Int { devices.reduce(1, *) }

  /// Parts along each dimension, without the optimizer's.
  let parts: [Int]

  /// Throws `corrupt` for a matrix or map that cannot be; the caller adds the tensor's name.
  init(devices: [Int], cuts: [[Int]], optimizerParts: Int = 0, optimizerStep: Int = 0)
    throws(DSXError)
  {
    guard devices.count <= 32, cuts.count <= 64, devices.allSatisfy({ $0 > 0 }),
      let total = TensorShape.count(devices), total <= Self.mostDevices
    else { throw DSXError(.corrupt, "the matrix of devices \(devices) cannot be") }
    var used = Set<Int>()
    var parts: [Int] = []
    for axes in cuts {
      var size = 1
      for axis in axes {
        guard (0..<devices.count).contains(axis) else {
          throw DSXError(
            .corrupt, "the tensor map names dimension \(axis) of \(devices.count) of the devices")
        }
        guard used.insert(axis).inserted else {
          throw DSXError(.corrupt, "the tensor map names dimension \(axis) of the devices twice")
        }
        size *= devices[devices.count - 1 - axis]
      }
      parts.append(size)
    }
    self.devices = devices
    self.cuts = cuts
    self.parts = parts
    let step = optimizerStep
    let isUncut = parts.allSatisfy { $0 == 1 }
    guard optimizerParts != 0, optimizerParts != 1, step != 0 else {
      (self.optimizerParts, self.optimizerStep) = (1, 0)
      optimizerIndex = [Int](repeating: 0, count: total)
      return
    }
    guard !cuts.isEmpty, step > 0, optimizerParts >= -1, optimizerParts <= total else {
      throw DSXError(
        .corrupt, "an optimizer sharding of \(optimizerParts) parts and step \(step) cannot be")
    }
    let places = (0..<total).map { Self.place($0, devices, cuts) }
    let copies = total / parts.reduce(1, *)
    let count = optimizerParts == -1 ? copies : optimizerParts
    guard count > 0, copies % count == 0 else {
      throw DSXError(
        .corrupt, "\(copies) copies cannot hold \(optimizerParts) parts of the optimizer's sharding"
      )
    }
    self.optimizerParts = count
    self.optimizerStep = isUncut ? 1 : step
    optimizerIndex =
      isUncut
      ? (0..<total).map { $0 % count }
      : Self.stepped(places, count, step) ?? Self.ordered(devices, cuts, count)
  }

  /// Equal steps between the ranks that share a part: right where those ranks hold the same part.
  private static func stepped(_ places: [[Int]], _ count: Int, _ step: Int) -> [Int]? {
    var indices: [Int] = []
    for (rank, place) in places.enumerated() {
      let index = rank / step % count
      guard index == 0 || places[rank - step] == place else { return nil }
      indices.append(index)
    }
    return indices
  }

  /// By the device dimensions that cut nothing, the fastest ones first, until there are enough.
  private static func ordered(_ devices: [Int], _ cuts: [[Int]], _ count: Int) -> [Int] {
    let used = Set(cuts.joined())
    let total = devices.reduce(1, *)
    return (0..<total).map { rank in
      var (rest, index, weight, left) = (rank, 0, 1, count)
      for dimension in devices.indices.reversed() {
        let size = devices[dimension]
        let digit = rest % size
        rest /= size
        if used.contains(devices.count - 1 - dimension) || left == 1 { continue }
        let taken = size <= left ? size : left
        index += digit % taken * weight
        weight *= taken
        left = max(1, left / taken)
      }
      return index
    }
  }

  private static func place(_ rank: Int, _ devices: [Int], _ cuts: [[Int]]) -> [Int] {
    var digits = [Int](repeating: 0, count: devices.count)
    var rest = rank
    for axis in 0..<devices.count {
      let size = devices[devices.count - 1 - axis]
      digits[axis] = rest % size
      rest /= size
    }
    return cuts.map { axes in
      axes.reduce(0) { $0 * devices[devices.count - 1 - $1] + digits[$1] }
    }
  }

  /// Parts along each dimension, the optimizer's among those of dimension 0.
  var allParts: [Int] {
    var all = parts
    if !all.isEmpty { all[0] *= optimizerParts }
    return all
  }

  /// Which part of each dimension a rank of the stage holds.
  func place(of rank: Int) -> [Int] {
    var place = Self.place(rank, devices, cuts)
    if !place.isEmpty { place[0] = place[0] * optimizerParts + optimizerIndex[rank] }
    return place
  }
}
