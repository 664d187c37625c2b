internal import DSXCore

/// Rows of statistics without vectors, equal ones together, so that a resample adds each kind of example
/// once and not each example.
///
/// A kind that was drawn 13 times adds its 8-, 4- and 1-fold sums; the multiples are made when they are
/// first needed. With k kinds a resample of n rows takes at most k log2(n) additions: for labels k is
/// the number of different pairs.
final class GroupedRows {
  private let metric: AnyMetric
  /// The kind of each row.
  private let kinds: [Int]
  /// For each kind its 1-, 2-, 4-, ... fold sums, as far as they were needed.
  private var multiples: [[AnyStatistics]] = []
  private var counts: [Int]

  /// Groups rows by the JSON of their statistics.
  init(_ metric: AnyMetric, _ rows: [AnyStatistics]) throws(DSXError) {
    self.metric = metric
    var places: [ExactText: Int] = [:]
    var kinds: [Int] = []
    kinds.reserveCapacity(rows.count)
    for row in rows {
      let key = ExactText(try metric.encode(row).text())
      let place = places[key] ?? multiples.count
      if place == multiples.count {
        places[key] = place
        multiples.append([row])
      }
      kinds.append(place)
    }
    self.kinds = kinds
    counts = [Int](repeating: 0, count: multiples.count)
  }

  /// The score of the rows that `drawn` names; nil when it is not defined.
  func score(_ drawn: [UInt32]) -> Double? {
    for kind in counts.indices { counts[kind] = 0 }
    for row in drawn { counts[kinds[Int(row)]] += 1 }
    let sum = metric.accumulator()
    for kind in counts.indices {
      var left = counts[kind]
      var power = 0
      while left > 0 {
        if left & 1 == 1 {
          guard let multiple = multiple(kind, power), (try? sum.merge(multiple)) != nil else {
            return nil
          }
        }
        left >>= 1
        power += 1
      }
    }
    return metric.score(from: sum.statistics)
  }

  private func multiple(_ kind: Int, _ power: Int) -> AnyStatistics? {
    while multiples[kind].count <= power {
      guard let last = multiples[kind].last, let twice = try? metric.sum(last, last) else {
        return nil
      }
      multiples[kind].append(twice)
    }
    return multiples[kind][power]
  }
}
