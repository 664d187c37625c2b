/// What becomes of the matches that a text is split at; the raw value is the name in `tokenizer.json`.
enum SplitBehavior: String, Sendable, CaseIterable {
  /// They are dropped.
  case removed = "Removed"
  /// Each is a piece.
  case isolated = "Isolated"
  /// Each ends the piece before it.
  case mergedWithPrevious = "MergedWithPrevious"
  /// Each begins the piece behind it.
  case mergedWithNext = "MergedWithNext"
  /// Matches side by side are one piece, as is what lies between.
  case contiguous = "Contiguous"

  /// Appends the pieces that parts of a text make; the parts cover it without gaps.
  func collect(
    _ parts: [(range: Range<Int>, isMatch: Bool)], into output: inout [Range<Int>]
  ) {
    let first = output.count
    var previous = false
    func put(_ range: Range<Int>) { output.append(range) }
    switch self {
    case .removed: for part in parts where !part.isMatch { put(part.range) }
    case .isolated: for part in parts { put(part.range) }
    case .contiguous:
      for part in parts {
        if part.isMatch == previous, output.count > first {
          let last = output.count - 1
          output[last] = output[last].lowerBound..<part.range.upperBound
        } else {
          put(part.range)
        }
        previous = part.isMatch
      }
    case .mergedWithPrevious:
      for part in parts {
        if part.isMatch, !previous, output.count > first {
          let last = output.count - 1
          output[last] = output[last].lowerBound..<part.range.upperBound
        } else {
          put(part.range)
        }
        previous = part.isMatch
      }
    case .mergedWithNext:
      for part in parts.reversed() {
        if part.isMatch, !previous, output.count > first {
          let last = output.count - 1
          output[last] = part.range.lowerBound..<output[last].upperBound
        } else {
          put(part.range)
        }
        previous = part.isMatch
      }
      output[first...].reverse()
    }
    if output[first...].contains(where: \.isEmpty) {
      let kept = output[first...].filter { !$0.isEmpty }
      output.replaceSubrange(first..., with: kept)
    }
  }
}
