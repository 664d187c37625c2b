import DSXCore
import Foundation
import Metrics

/// `lm.jsonl` against lm-eval 0.4.13 and restated formulas, and NumPy's generator.
enum LikelihoodGolden {
  @Sendable static func rolling(_ golden: MetricCase) throws -> String? {
    let texts = (golden.inputs["texts"]?.array ?? []).map { $0.string ?? "" }
    let likelihoods = (golden.inputs["loglikelihoods"]?.array ?? []).map { $0.double ?? .nan }
    let documents = zip(texts, likelihoods).map {
      ScoredDocument(negativeLogLikelihood: -$1, tokens: 1, text: $0)
    }
    for (name, ours) in [("words", documents.map(\.words)), ("bytes", documents.map(\.bytes))] {
      let theirs = (golden.expected[name]?.array ?? []).map { $0.int ?? -1 }
      if ours != theirs { return "\(name): \(ours) instead of \(theirs)" }
    }
    let sums = try BitsPerByte().statistics(of: documents)
    let mean = sums.negativeLogLikelihood / Double(sums.count)
    return golden.differs(["word_perplexity"], Perplexity(.word).score(from: sums))
      ?? golden.differs(["byte_perplexity"], Perplexity(.byte).score(from: sums))
      ?? golden.differs(["bits_per_byte"], BitsPerByte().score(from: sums))
      ?? golden.differs(["doc_perplexity"], exp(mean / 10))
  }

  @Sendable static func fromLogProbabilities(_ golden: MetricCase) throws -> String? {
    let sentences = (golden.inputs["token_logprobs"]?.array ?? []).map { line in
      (line.array ?? []).map { $0.double ?? .nan }
    }
    let documents = sentences.map {
      ScoredDocument(
        negativeLogLikelihood: -$0.reduce(0, +), tokens: $0.count, words: 1, bytes: 1)
    }
    let sums = try Perplexity(.token).statistics(of: documents)
    let means = documents.map { $0.negativeLogLikelihood / Double($0.tokens) }
    return golden.differs(["token_ppl"], Perplexity(.token).score(from: sums))
      ?? golden.differs(["bits_per_token"], sums.rate(.token).map { $0 / M_LN2 })
      ?? golden.differs(["mean_sentence_ppl"], Moments.mean(means.map { exp($0) }))
      ?? golden.differs(["exp_mean_sentence_loss"], Moments.mean(means).map { exp($0) })
  }

  /// Raw words, bounded draws, doubles and a permutation of NumPy's `default_rng`.
  @Sendable static func generator(_ golden: MetricCase) throws -> String? {
    guard let seed = golden.parameters["seed"]?.string.flatMap({ UInt64($0) }) else {
      return "no seed of 64 bits"
    }
    var raw = PCG64(seed: seed)
    for word in golden.expected["raw_u64_decimal"]?.array ?? [] {
      let ours = raw.next()
      if String(ours) != word.string { return "raw: \(ours) instead of \(word.string ?? "")" }
    }
    func draws(_ bound: UInt32, _ name: String, _ generator: inout PCG64) -> String? {
      for row in golden.expected[name]?.array ?? [] {
        for value in row.array ?? [row] {
          let ours = generator.bounded(bound)
          if Int(ours) != value.int { return "\(name): \(ours) instead of \(value.text())" }
        }
      }
      return nil
    }
    var choice = PCG64(seed: seed)
    if let difference = draws(37, "choice37", &choice) { return difference }
    var thousand = PCG64(seed: seed)
    if let difference = draws(1000, "choice1000", &thousand) { return difference }
    for value in golden.expected["random_after"]?.array ?? [] {
      let ours = thousand.unit()
      if ours != value.double { return "random_after: \(ours) instead of \(value.text())" }
    }
    // NumPy's shuffle: from the end, each element against one at or before it, drawn by masking.
    var permuting = PCG64(seed: seed)
    var order = Array(0..<12)
    for last in (1..<12).reversed() {
      let mask = UInt32.max >> UInt32(last).leadingZeroBitCount
      var place = permuting.next32() & mask
      while place > last { place = permuting.next32() & mask }
      order.swapAt(last, Int(place))
    }
    let theirs = (golden.expected["permutation12"]?.array ?? []).map { $0.int ?? -1 }
    return order == theirs ? nil : "permutation12: \(order) instead of \(theirs)"
  }
}
