/// Finds what a user probably meant.
public enum NearestName {
  /// The known name with the smallest edit distance, when that is at most a third of its length; else
  /// the only known name that begins with at least three characters of `name`.
  public static func find(_ name: String, in known: [String]) -> String? {
    let wanted = Array(name.lowercased().unicodeScalars)
    let ranked = known.map { ($0, distance(wanted, Array($0.lowercased().unicodeScalars))) }
    guard let best = ranked.min(by: { ($0.1, $0.0) < ($1.1, $1.0) }) else { return nil }
    if best.1 <= max(1, min(wanted.count, best.0.unicodeScalars.count) / 3) { return best.0 }
    let longer = known.filter { $0.lowercased().hasPrefix(name.lowercased()) }
    return wanted.count >= 3 && longer.count == 1 ? longer[0] : nil
  }

  /// Letters put in, left out, changed, or two neighbours exchanged (optimal string alignment), one row at a
  /// time.
  static func distance(_ left: [Unicode.Scalar], _ right: [Unicode.Scalar]) -> Int {
    var (before, above) = ([Int](), Array(0...right.count))
    for (i, a) in left.enumerated() {
      var row = [i + 1]
      for (j, b) in right.enumerated() {
        var best = min(above[j + 1] + 1, row[j] + 1, above[j] + (a == b ? 0 : 1))
        if i > 0, j > 0, a == right[j - 1], left[i - 1] == b { best = min(best, before[j - 1] + 1) }
        row.append(best)
      }
      (before, above) = (above, row)
    }
    return above[right.count]
  }
}
