internal import DSXCore
internal import Datasets

/// One text that may stand before a prompt, with the example that it is made of.
struct Demonstration {
  /// What identifies the example it came from.
  var key: String
  /// The label's word; empty where there are no labels.
  var group: String
  /// As it stands in the prompt, without the separator.
  var text: String
}

/// The demonstrations of a run: chosen once, or for every example, never the example itself.
struct Demonstrations {
  private let spec: FewShot
  private let count: Int
  private var pool: [Demonstration] = []
  private let all: [Demonstration]

  /// `all`: every possible demonstration in the order of its split. Draws from `generator`.
  init(_ all: [Demonstration], _ spec: FewShot, count: Int, _ generator: inout PCG64)
    throws(DSXError)
  {
    self.spec = spec
    self.count = count
    self.all = all
    guard count <= all.count else {
      throw DSXError(
        .usage, "\(count) demonstrations are asked for, the split has \(all.count) examples")
    }
    // Two more than needed: an example that is in the pool takes the next one.
    let spare = spec.allowsSelf ? 0 : 2
    let wanted = max(spec.pool, count == 0 ? 0 : count + spare)
    switch spec.draw {
    case .first: pool = Array(all.prefix(wanted))
    case .balanced: pool = Self.balanced(all, wanted, &generator).map { all[$0] }
    case .random where spec.per == .run && wanted > 0:
      pool = generator.permutation(all.count).prefix(wanted).map { all[$0] }
    case .random: break
    }
  }

  /// The text in front of an example's prompt.
  func text(for key: String, row: Int, seed: UInt64) -> String {
    guard count > 0 else { return "" }
    var candidates = pool
    if spec.per == .example {
      // A stream of its own for each row, so that a subset of the rows gives the same.
      var own = PCG64(seed: seed &+ UInt64(row) &* 0x9e37_79b9_7f4a_7c15)
      var order = Array(all.indices)
      let wanted = min(all.count, count + 8)
      for place in 0..<wanted {
        let bound = UInt32(truncatingIfNeeded: order.count - place)
        order.swapAt(place, place + Int(own.bounded(bound)))
      }
      candidates = order.prefix(wanted).map { all[$0] }
    }
    let usable = spec.allowsSelf ? candidates : candidates.filter { $0.key != key }
    return usable.prefix(count).map { $0.text + spec.separator }.joined()
  }

  /// Places as evenly over the groups as it goes: of each group, in the order of their names' bytes,
  /// the first few of a shuffle; all of them shuffled; the first `count`. The order of draws is that of
  /// PanGu-alpha's script.
  static func balanced(_ all: [Demonstration], _ count: Int, _ generator: inout PCG64) -> [Int] {
    var groups: [String: [Int]] = [:]
    for (place, one) in all.enumerated() { groups[one.group, default: []].append(place) }
    let names = groups.keys.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    let each = (max(1, count) - 1) / max(1, names.count) + 1
    var chosen: [Int] = []
    for name in names {
      var group = groups[name] ?? []
      generator.shuffle(&group)
      chosen += group.prefix(each)
    }
    generator.shuffle(&chosen)
    return Array(chosen.prefix(count))
  }

  /// A text cut to so many code points.
  static func cut(_ text: String, _ count: Int?) -> String {
    guard let count else { return text }
    return String(String.UnicodeScalarView(text.unicodeScalars.prefix(count)))
  }
}
