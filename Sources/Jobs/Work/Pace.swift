/// How quickly parts come, from the times at which they were finished.
struct Pace {
  /// Seconds between two parts, on average; nil when fewer than two came in a row.
  let secondsPerPart: Double?

  /// Times in seconds, in any order. The last 64 count, and of these what came since the last long pause:
  /// a job that was stopped for the night goes on at its pace of before.
  init(_ times: [Double]) {
    let recent = Array(times.sorted().suffix(64))
    var first = recent.count - 1
    while first > 0 {
      let gap = recent[first] - recent[first - 1]
      let kept = recent.count - first
      let usual = kept > 1 ? (recent[recent.count - 1] - recent[first]) / Double(kept - 1) : 0
      if gap > 60, kept > 2, gap > 10 * usual { break }
      first -= 1
    }
    let count = recent.count - max(first, 0)
    guard count > 1, let last = recent.last else {
      secondsPerPart = nil
      return
    }
    secondsPerPart = (last - recent[first]) / Double(count - 1)
  }
}
