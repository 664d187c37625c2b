internal import DSXCore

extension ExactSum {
  /// A sum that starts with one number.
  init(_ value: Double) {
    self.init()
    add(value)
  }

  /// The sum as doubles that add up to it exactly, the largest first: at most 40 of them.
  var parts: [Double] {
    var rest = self
    var parts: [Double] = []
    while parts.count < 40 {
      let part = rest.value
      guard part != 0, part.isFinite else { break }
      parts.append(part)
      rest.add(-part)
    }
    return parts
  }

  /// Adds factor * left * right without rounding; `factor` is a small whole number.
  mutating func add(_ factor: Double, _ left: ExactSum, _ right: ExactSum) {
    let rights = right.parts
    for a in left.parts {
      for b in rights { add(product: factor * a, b) }
    }
  }

  /// Adds factor * sum without rounding.
  mutating func add(_ factor: Double, _ sum: ExactSum) {
    for part in sum.parts { add(product: factor, part) }
  }

  /// n * sum of products - sum * sum: n times the (co)variation, without cancellation. `count` is below
  /// 2^53.
  static func variation(
    _ count: Int, products: ExactSum, _ left: ExactSum, _ right: ExactSum
  ) -> Double {
    var sum = ExactSum()
    sum.add(Double(count), products)
    sum.add(-1, left, right)
    return sum.value
  }
}
