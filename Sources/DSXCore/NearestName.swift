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

  /// Levenshtein distance, one row at a time.
  static func distance(_ left: [Unicode.Scalar], _ right: [Unicode.Scalar]) -> Int {
    var row = Array(0...right.count)
    for (i, a) in left.enumerated() {
      var diagonal = row[0]
      row[0] = i + 1
      for (j, b) in right.enumerated() {
        let above = row[j + 1]
        row[j + 1] = min(above + 1, row[j] + 1, diagonal + (a == b ? 0 : 1))
        diagonal = above
      }
    }
    return row[right.count]
  }
}
