/// Counts of one optimal alignment of a hypothesis with its reference.
struct EditCounts: Equatable {
  var hits = 0
  var substitutions = 0
  var deletions = 0
  var insertions = 0
  /// The Levenshtein distance.
  var errors: Int { substitutions + deletions + insertions }
}

/// Levenshtein distances and alignments, 64 reference tokens at a time.
///
/// Hyyrö's bit-parallel columns (H. Hyyrö, A bit-vector algorithm for computing Levenshtein and
/// Damerau edit distances, 2003) in blocks of 64 reference tokens, carries kept per hypothesis
/// token. Where several alignments are optimal the one of RapidFuzz 3.14 is counted, as jiwer 4
/// does: common ends first, then from the end a deletion before an insertion before a match or
/// substitution; above four million cells Hirschberg's halving of the hypothesis, at the first best
/// place of the reference.
///
/// Tokens are numbered from 0 to below `distinct`. Time m n / 64; memory m n / 4 bytes up to 1 MiB,
/// linear above.
struct EditAlignment: ~Copyable {
  typealias Tokens = UnsafeBufferPointer<Int32>
  private var masks = GrowingBuffer<UInt64>()
  /// Per hypothesis token: bit 0 the positive, bit 1 the negative carry.
  private var carries = GrowingBuffer<UInt8>()
  private var positive = GrowingBuffer<UInt64>()
  private var negative = GrowingBuffer<UInt64>()

  init() {}

  /// The least number of edits between both.
  mutating func distance(_ reference: Tokens, _ hypothesis: Tokens, distinct: Int) -> Int {
    let (prefix, suffix) = Self.commonEnds(reference, hypothesis)
    let inner = Tokens(rebasing: reference[prefix..<(reference.count - suffix)])
    let other = Tokens(rebasing: hypothesis[prefix..<(hypothesis.count - suffix)])
    if inner.isEmpty || other.isEmpty { return max(inner.count, other.count) }
    masks.reserve(distinct)
    masks.base.update(repeating: 0, count: distinct)
    return columns(inner, other, isReversed: false, keeps: false)
  }

  /// The counts of the alignment.
  mutating func counts(_ reference: Tokens, _ hypothesis: Tokens, distinct: Int) -> EditCounts {
    masks.reserve(distinct)
    masks.base.update(repeating: 0, count: distinct)
    var counts = EditCounts()
    align(
      reference, hypothesis, limit: max(reference.count, hypothesis.count), into: &counts)
    return counts
  }

  private static func commonEnds(_ left: Tokens, _ right: Tokens) -> (prefix: Int, suffix: Int) {
    let shorter = min(left.count, right.count)
    var prefix = 0
    while prefix < shorter, left[prefix] == right[prefix] { prefix += 1 }
    var suffix = 0
    while suffix < shorter - prefix,
      left[left.count - 1 - suffix] == right[right.count - 1 - suffix]
    {
      suffix += 1
    }
    return (prefix, suffix)
  }

  private mutating func align(
    _ reference: Tokens, _ hypothesis: Tokens, limit: Int, into counts: inout EditCounts
  ) {
    let (prefix, suffix) = Self.commonEnds(reference, hypothesis)
    counts.hits += prefix + suffix
    let reference = Tokens(rebasing: reference[prefix..<(reference.count - suffix)])
    let hypothesis = Tokens(rebasing: hypothesis[prefix..<(hypothesis.count - suffix)])
    if reference.isEmpty || hypothesis.isEmpty {
      counts.deletions += reference.count
      counts.insertions += hypothesis.count
      return
    }
    let limit = min(limit, max(reference.count, hypothesis.count))
    let band = min(reference.count, 2 * limit + 1)
    if 2 * band * hypothesis.count / 8 < 1 << 20 || reference.count < 65 || hypothesis.count < 10 {
      traceBack(reference, hypothesis, into: &counts)
      return
    }
    let half = halve(reference, hypothesis)
    align(
      Tokens(rebasing: reference[..<half.place]), Tokens(rebasing: hypothesis[..<half.middle]),
      limit: half.left, into: &counts)
    align(
      Tokens(rebasing: reference[half.place...]), Tokens(rebasing: hypothesis[half.middle...]),
      limit: half.right, into: &counts)
  }

  private mutating func traceBack(
    _ reference: Tokens, _ hypothesis: Tokens, into counts: inout EditCounts
  ) {
    let words = (reference.count + 63) / 64
    _ = columns(reference, hypothesis, isReversed: false, keeps: true)
    let (positive, negative) = (positive.base, negative.base)
    func isSet(_ bits: UnsafeMutablePointer<UInt64>, _ row: Int, _ column: Int) -> Bool {
      bits[row * words + column / 64] >> UInt64(column % 64) & 1 == 1
    }
    var (row, column) = (hypothesis.count, reference.count)
    while row > 0, column > 0 {
      if isSet(positive, row - 1, column - 1) {
        counts.deletions += 1
        column -= 1
        continue
      }
      row -= 1
      if row > 0, isSet(negative, row - 1, column - 1) {
        counts.insertions += 1
      } else {
        column -= 1
        if reference[column] == hypothesis[row] {
          counts.hits += 1
        } else {
          counts.substitutions += 1
        }
      }
    }
    counts.deletions += column
    counts.insertions += row
  }

  /// Where an optimal alignment passes the middle of the hypothesis, and the distances on both
  /// sides.
  private mutating func halve(
    _ reference: Tokens, _ hypothesis: Tokens
  ) -> (place: Int, middle: Int, left: Int, right: Int) {
    let middle = hypothesis.count / 2
    _ = columns(
      reference, Tokens(rebasing: hypothesis[middle...]), isReversed: true, keeps: false)
    let right = scores(reference.count, first: hypothesis.count - middle)
    _ = columns(
      reference, Tokens(rebasing: hypothesis[..<middle]), isReversed: false, keeps: false)
    let left = scores(reference.count, first: middle)
    var place = 0
    for index in 1...reference.count
    where left[index] + right[reference.count - index]
      < left[place] + right[reference.count - place]
    {
      place = index
    }
    return (place, middle, left[place], right[reference.count - place])
  }

  /// Distances of all beginnings of the reference, from the last column.
  private func scores(_ count: Int, first: Int) -> [Int] {
    var scores = [first]
    scores.reserveCapacity(count + 1)
    var score = first
    for index in 0..<count {
      let bit = UInt64(index % 64)
      score += positive.base[index / 64] >> bit & 1 == 1 ? 1 : 0
      score -= negative.base[index / 64] >> bit & 1 == 1 ? 1 : 0
      scores.append(score)
    }
    return scores
  }

  /// Runs over all hypothesis tokens; leaves the vertical differences of every token (`keeps`) or
  /// of the last one in `positive` and `negative`, and returns the distance.
  private mutating func columns(
    _ reference: Tokens, _ hypothesis: Tokens, isReversed: Bool, keeps: Bool
  ) -> Int {
    let words = (reference.count + 63) / 64
    carries.reserve(hypothesis.count)
    positive.reserve(keeps ? words * hypothesis.count : words)
    negative.reserve(keeps ? words * hypothesis.count : words)
    let (masks, carries) = (masks.base, carries.base)
    let (positive, negative) = (positive.base, negative.base)
    // Above the first block every step costs one more: a positive carry.
    carries.update(repeating: 1, count: hypothesis.count)
    var distance = reference.count
    for word in 0..<words {
      let first = word * 64
      let count = min(64, reference.count - first)
      func token(_ index: Int) -> Int {
        Int(isReversed ? reference[reference.count - 1 - index] : reference[index])
      }
      for bit in 0..<count { masks[token(first + bit)] |= 1 << UInt64(bit) }
      let last = UInt64(count - 1)
      var vp = UInt64.max
      var vn: UInt64 = 0
      for row in hypothesis.indices {
        let other = isReversed ? hypothesis[hypothesis.count - 1 - row] : hypothesis[row]
        let carry = UInt64(carries[row])
        let x = masks[Int(other)] | carry >> 1
        let d0 = (((x & vp) &+ vp) ^ vp) | x | vn
        let hp = vn | ~(d0 | vp)
        let hn = d0 & vp
        carries[row] = UInt8(truncatingIfNeeded: hp >> last & 1 | (hn >> last & 1) << 1)
        let shifted = hp << 1 | carry & 1
        vp = hn << 1 | carry >> 1 | ~(d0 | shifted)
        vn = shifted & d0
        if keeps {
          positive[row * words + word] = vp
          negative[row * words + word] = vn
        }
      }
      if !keeps {
        positive[word] = vp
        negative[word] = vn
      }
      for bit in 0..<count { masks[token(first + bit)] = 0 }
    }
    for row in hypothesis.indices {
      distance += Int(carries[row] & 1)
      distance -= Int(carries[row] >> 1)
    }
    return distance
  }
}
