import DSXCore
import Foundation
import Testing

@testable import Models

/// Top-k and top-p against transformers' rules written plainly, with sorts over everything.
@Suite struct CandidateSetTests {
  private func scores(_ count: Int, _ random: inout PCG64, levels: UInt32) -> [Float] {
    (0..<count).map { _ in
      // Few levels give many ties; some ids are forbidden.
      if random.bounded(20) == 0 { return -Float.infinity }
      return levels > 0 ? Float(random.bounded(levels)) / 4 : Float(random.unit() * 12 - 6)
    }
  }

  /// `TopKLogitsWarper`: everything below the k-th best goes.
  private func topK(_ scores: [Float], _ k: Int) -> [Int32] {
    let sorted = scores.sorted(by: >)
    let threshold = sorted[min(k, sorted.count) - 1]
    return scores.indices.filter { scores[$0] >= threshold && scores[$0] > -.infinity }.map(
      Int32.init)
  }

  /// `TopPLogitsWarper`: a stable rising sort, sums from below, everything up to 1 - p goes but the last.
  private func topP(_ scores: [Float], _ ids: [Int32], _ p: Double) -> [Int32] {
    let order = ids.sorted { (scores[Int($0)], $0) < (scores[Int($1)], $1) }
    let best = ids.map { scores[Int($0)] }.max() ?? 0
    let weights = order.map { exp(Double(scores[Int($0)] - best)) }
    let total = weights.reduce(0, +)
    var sum = 0.0
    var kept: [Int32] = []
    for (place, id) in order.enumerated() {
      sum += weights[place]
      if sum / total > 1 - p || place == order.count - 1 { kept.append(id) }
    }
    return kept.sorted()
  }

  @Test(arguments: [0, 5, 40] as [UInt32])
  func agreesWithThePlainForm(levels: UInt32) {
    var random = PCG64(seed: UInt64(levels) + 3)
    var candidates = CandidateSet()
    for round in 0..<120 {
      let all = scores(1 + Int(random.bounded(200)), &random, levels: levels)
      guard all.contains(where: { $0 > -.infinity }) else { continue }
      let k = 1 + Int(random.bounded(60))
      all.withUnsafeBufferPointer { candidates.fill(best: k, of: $0) }
      #expect(candidates.ids == topK(all, k), "round \(round)")
      // A share that is no sum of probabilities, so that rounding cannot decide.
      let p = round % 7 == 0 ? 0 : random.unit()
      candidates.keep(topP: p)
      #expect(candidates.ids == topP(all, topK(all, k), p), "round \(round)")
      all.withUnsafeBufferPointer { candidates.fill($0) }
      let everything = candidates.ids
      #expect(everything == topK(all, all.count))
      candidates.keep(topP: p)
      #expect(candidates.ids == topP(all, everything, p), "round \(round)")
    }
  }

  @Test func farBelowTheBest() {
    // More than the histogram spans.
    let all: [Float] = [0, -100, -200, -100, -50, -300]
    var candidates = CandidateSet()
    for k in 1...6 {
      all.withUnsafeBufferPointer { candidates.fill(best: k, of: $0) }
      #expect(candidates.ids == topK(all, k))
    }
  }

  @Test func minP() {
    var candidates = CandidateSet()
    let all: [Float] = [0, -1, -2, -3].map { Float($0) }
    all.withUnsafeBufferPointer { candidates.fill($0) }
    candidates.keep(minP: 0.2)
    #expect(candidates.ids == [0, 1])
  }

  @Test func drawsInProportion() {
    var candidates = CandidateSet()
    let all: [Float] = [log(1), log(2), -.infinity, log(5)]
    all.withUnsafeBufferPointer { candidates.fill($0) }
    #expect(candidates.draw(0) == 0)
    #expect(candidates.draw(0.124) == 0)
    #expect(candidates.draw(0.126) == 1)
    #expect(candidates.draw(0.374) == 1)
    #expect(candidates.draw(0.376) == 3)
    #expect(candidates.draw(0.999_999) == 3)
    [Float](repeating: -.infinity, count: 3).withUnsafeBufferPointer { candidates.fill($0) }
    #expect(candidates.draw(0.5) == nil)
  }
}
