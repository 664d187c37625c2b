/// Levenshtein distances of many variants of one hypothesis to one reference: each starts behind
/// the words that it shares with the hypothesis it was made from.
struct ShiftDistance: ~Copyable {
  typealias Tokens = UnsafeBufferPointer<Int32>
  private var masks = GrowingBuffer<UInt64>()
  private var blocks = 0
  private var columns = 0
  /// Positive and negative differences by turns, `2 * blocks` words behind each hypothesis word.
  private var states = GrowingBuffer<UInt64>()
  /// The distance of each beginning of the hypothesis to the whole reference.
  private var scores = GrowingBuffer<Int32>()
  private var work = GrowingBuffer<UInt64>()

  init() {}

  /// The words of the reference, as bits of the words 0..<distinct.
  mutating func start(_ reference: Tokens, distinct: Int) {
    blocks = (reference.count + 63) / 64
    columns = reference.count
    masks.reserve(distinct * blocks)
    masks.base.update(repeating: 0, count: distinct * blocks)
    for (index, token) in reference.enumerated() {
      masks[Int(token) * blocks + index / 64] |= 1 << UInt64(index % 64)
    }
    work.reserve(2 * blocks)
  }

  /// Keeps the state behind every word of a hypothesis.
  mutating func prepare(_ hypothesis: Tokens, _ reference: Tokens) {
    states.reserve(2 * blocks * (hypothesis.count + 1))
    scores.reserve(hypothesis.count + 1)
    let states = states.base
    for block in 0..<blocks {
      states[2 * block] = .max
      states[2 * block + 1] = 0
    }
    scores[0] = Int32(columns)
    for (index, token) in hypothesis.enumerated() {
      let from = states + 2 * blocks * index
      let to = from + 2 * blocks
      to.update(from: from, count: 2 * blocks)
      scores[index + 1] = scores[index] + step(to, Int(token))
    }
  }

  /// The distance of a variant that equals the prepared hypothesis before word `first`; nil where
  /// Tercom's beam might hold another one.
  ///
  /// A best path of d edits to a length that differs by k leaves the line from corner to corner by
  /// no more than (d + k) / 2 cells: where that is inside the beam, the beam holds it.
  mutating func distance(_ hypothesis: Tokens, _ reference: Tokens, from first: Int) -> Int? {
    let work = work.base
    work.update(from: states.base + 2 * blocks * first, count: 2 * blocks)
    var score = scores[first]
    if blocks == 1 {
      score = single(hypothesis, first, score)
    } else {
      for index in first..<hypothesis.count { score += step(work, Int(hypothesis[index])) }
    }
    let difference = abs(hypothesis.count - columns)
    let isInside =
      columns < BeamDistance.width || Int(score) + difference <= 2 * (BeamDistance.width - 3)
    return isInside ? Int(score) : nil
  }

  @inline(__always)
  private func single(_ hypothesis: Tokens, _ first: Int, _ start: Int32) -> Int32 {
    let masks = masks.base
    let last = UInt64(columns - 1)
    var (vp, vn, score) = (work.base[0], work.base[1], start)
    for index in first..<hypothesis.count {
      let x = masks[Int(hypothesis[index])]
      let d0 = (((x & vp) &+ vp) ^ vp) | x | vn
      let hp = vn | ~(d0 | vp)
      let hn = d0 & vp
      score += Int32(truncatingIfNeeded: hp >> last & 1) - Int32(truncatingIfNeeded: hn >> last & 1)
      let shifted = hp << 1 | 1
      vp = hn << 1 | ~(d0 | shifted)
      vn = shifted & d0
    }
    return score
  }

  /// Adds one hypothesis word to a state; returns the change of the distance.
  @inline(__always)
  private func step(_ state: UnsafeMutablePointer<UInt64>, _ token: Int) -> Int32 {
    let masks = masks.base + token * blocks
    var (up, down): (UInt64, UInt64) = (1, 0)
    var change: Int32 = 0
    for block in 0..<blocks {
      let (vp, vn) = (state[2 * block], state[2 * block + 1])
      let x = masks[block] | down
      let d0 = (((x & vp) &+ vp) ^ vp) | x | vn
      let hp = vn | ~(d0 | vp)
      let hn = d0 & vp
      if block == blocks - 1 {
        let last = UInt64((columns - 1) % 64)
        change =
          Int32(truncatingIfNeeded: hp >> last & 1) - Int32(truncatingIfNeeded: hn >> last & 1)
      }
      let shifted = hp << 1 | up
      state[2 * block] = hn << 1 | down | ~(d0 | shifted)
      state[2 * block + 1] = shifted & d0
      (up, down) = (hp >> 63, hn >> 63)
    }
    return change
  }
}
