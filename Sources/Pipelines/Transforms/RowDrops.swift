/// The rows of one batch that a transform left out, with the reason of each.
public struct RowDrops: Sendable {
  /// The rows' numbers in the batch that came, rising.
  private(set) var rows: [Int] = []
  private(set) var reasons: [String: Int] = [:]

  /// Row `row` of the batch that came is not in the one that is given back. Call it in the rows' order.
  public mutating func drop(_ row: Int, reason: String) {
    rows.append(row)
    reasons[reason, default: 0] += 1
  }
}
