internal import DSXCore

/// Tercom's edits of one hypothesis to one reference: shifts and word edits, as sacrebleu 2.6.0
/// counts them.
///
/// Each round tries to move a run of words that also stands in the reference, and keeps the move
/// that saves most; ties go to the longer run, the earlier start, the earlier target. Distances are
/// those of a beam of 25 cells around the diagonal. Where no path can leave the beam the distance
/// is found 64 reference words at a time (Hyyrö 2003), from the first word that the move changes
/// on; else cell by cell.
///
/// Source: M. Snover et al., A Study of Translation Edit Rate, 2006; the limits are Tercom's.
struct TranslationEdits: ~Copyable {
  typealias Tokens = UnsafeBufferPointer<Int32>
  private static let longestShift = 10
  private static let farthestShift = 50
  private static let mostCandidates = 1000

  private var beam = BeamDistance()
  private var states = ShiftDistance()
  private var words = GrowingBuffer<Int32>()
  private var shifted = GrowingBuffer<Int32>()
  private var best = GrowingBuffer<Int32>()

  init() {}

  /// The number of edits; tokens are numbered from 0 to below `distinct`.
  mutating func count(
    _ hypothesis: Tokens, _ reference: Tokens, distinct: Int
  ) throws(DSXError) -> Int {
    guard !reference.isEmpty else { return hypothesis.count }
    try BeamDistance.checkSize(hypothesis.count, reference.count)
    let count = hypothesis.count
    words.reserve(count)
    shifted.reserve(count)
    best.reserve(count)
    for index in 0..<count { words[index] = hypothesis[index] }
    states.start(reference, distinct: distinct)
    var shifts = 0
    var candidates = 0
    while true {
      let before = try beam.align(Tokens(start: words.base, count: count), reference)
      let gain = findShift(count, reference, before, &candidates)
      if candidates >= Self.mostCandidates || gain <= 0 { return shifts + before }
      shifts += 1
      swap(&words, &best)
    }
  }

  /// The best move of a round in `best`, and what it saves; 0 when there is none.
  private mutating func findShift(
    _ count: Int, _ reference: Tokens, _ before: Int, _ candidates: inout Int
  ) -> Int {
    let words = Tokens(start: self.words.base, count: count)
    states.prepare(words, reference)
    var chosen: (gain: Int, length: Int, start: Int, target: Int)?
    for start in 0..<count {
      let first = max(0, start - Self.farthestShift)
      let last = min(reference.count - 1, start + Self.farthestShift)
      guard first <= last else { continue }
      for place in first...last {
        var length = 0
        while length < Self.longestShift, start + length < count,
          place + length < reference.count, words[start + length] == reference[place + length]
        {
          length += 1
          guard beam.hasHypothesisError(start, length), beam.hasReferenceError(place, length)
          else { continue }
          let aligned = beam.alignment(place)
          if start <= aligned, aligned < start + length { continue }
          var previous = -1
          for offset in -1..<length {
            let target = place + offset < 0 ? 0 : beam.alignment(place + offset) + 1
            if target == previous { continue }
            previous = target
            shift(words, start, length, target)
            candidates += 1
            let moved = Tokens(start: shifted.base, count: count)
            let after =
              states.distance(moved, reference, from: min(start, target))
              ?? beam.distance(moved, reference)
            let candidate = (before - after, length, start, target)
            if let best = chosen, !Self.isBetter(candidate, best) { continue }
            chosen = candidate
            swap(&shifted, &best)
          }
          if candidates >= Self.mostCandidates { return chosen?.gain ?? 0 }
        }
      }
    }
    return chosen?.gain ?? 0
  }

  private static func isBetter(
    _ left: (gain: Int, length: Int, start: Int, target: Int),
    _ right: (gain: Int, length: Int, start: Int, target: Int)
  ) -> Bool {
    if left.gain != right.gain { return left.gain > right.gain }
    if left.length != right.length { return left.length > right.length }
    if left.start != right.start { return left.start < right.start }
    return left.target < right.target
  }

  /// Writes the words with a run moved into `shifted`. A target inside the run moves it behind as
  /// many of the words that follow it, as far as there are any, as sacrebleu does.
  private mutating func shift(_ words: Tokens, _ start: Int, _ length: Int, _ target: Int) {
    let out = shifted.base
    let place = min(target > start + length ? target - length : target, words.count - length)
    guard let base = words.baseAddress else { return }
    if place <= start {
      out.update(from: base, count: place)
      (out + place).update(from: base + start, count: length)
      (out + place + length).update(from: base + place, count: start - place)
      let end = start + length
      (out + end).update(from: base + end, count: words.count - end)
    } else {
      out.update(from: base, count: start)
      (out + start).update(from: base + start + length, count: place - start)
      (out + place).update(from: base + start, count: length)
      let end = place + length
      (out + end).update(from: base + end, count: words.count - end)
    }
  }
}
