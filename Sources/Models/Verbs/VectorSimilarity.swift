/// How alike two vectors are, in float64: sentence-transformers' functions by their names there.
public enum VectorSimilarity: String, CaseIterable, Sendable {
  /// The cosine of the angle between them; 0 where one is all zeros.
  case cosine
  /// Their product.
  case dot
  /// Their distance, negative: nearer is more.
  case euclidean
  /// The sum of their differences, negative.
  case manhattan

  /// Of two vectors of the same length.
  public func of(_ left: [Float], _ right: [Float]) -> Double {
    switch self {
    case .cosine:
      let length = (Self.product(left, left) * Self.product(right, right)).squareRoot()
      return length > 0 ? Self.product(left, right) / length : 0
    case .dot: return Self.product(left, right)
    case .euclidean:
      return -zip(left, right).reduce(0) { sum, pair in
        let difference = Double(pair.0) - Double(pair.1)
        return sum + difference * difference
      }.squareRoot()
    case .manhattan:
      return -zip(left, right).reduce(0) { $0 + abs(Double($1.0) - Double($1.1)) }
    }
  }

  private static func product(_ left: [Float], _ right: [Float]) -> Double {
    zip(left, right).reduce(0) { $0 + Double($1.0) * Double($1.1) }
  }
}
