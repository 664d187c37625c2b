public import DSXCore

extension Batch {
  /// The rows of these numbers, in this order. Linear in what is copied.
  public func rows(_ numbers: [Int]) -> Batch {
    Batch(schema: schema, columns: columns.map { $0.gather(numbers) }, firstRow: firstRow)
  }
}
