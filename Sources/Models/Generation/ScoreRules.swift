/// What changes an id's score before it is chosen, whatever the strategy: the penalty for repetition, the
/// n-grams that may not repeat, the minimum of new tokens; in this order, as transformers has it.
struct ScoreRules {
  private let penalty: Float
  private let ngram: Int
  private let minimum: Int
  /// Ids that would end the text.
  private let endings: [Int32]

  init(_ options: GenerationOptions, endings: [Int32]) {
    penalty = Float(options.repetitionPenalty)
    ngram = options.noRepeatNGram
    minimum = options.minNewTokens
    self.endings = endings
  }

  /// Changes the scores of the id that follows `history`, whose last `newTokens` ids are new.
  ///
  /// `distinct` are the ids of `history`, each once; only looked at where there is a penalty.
  func apply(
    _ scores: UnsafeMutableBufferPointer<Float>, history: [Int32], newTokens: Int,
    distinct: [Int32]
  ) {
    if penalty != 1 {
      for id in distinct {
        let score = scores[Int(id)]
        scores[Int(id)] = score < 0 ? score * penalty : score / penalty
      }
    }
    if ngram > 0, history.count >= ngram { forbidRepeats(scores, history) }
    if newTokens < minimum {
      for id in endings { scores[Int(id)] = -.infinity }
    }
  }

  /// Forbids each id that followed what the last `ngram` - 1 ids are now. Linear in `history`.
  private func forbidRepeats(_ scores: UnsafeMutableBufferPointer<Float>, _ history: [Int32]) {
    let tail = ngram - 1
    history.withUnsafeBufferPointer { ids in
      let suffix = ids.count - tail
      for start in 0..<(ids.count - tail) {
        var length = 0
        while length < tail, ids[start + length] == ids[suffix + length] { length += 1 }
        if length == tail { scores[Int(ids[start + tail])] = -.infinity }
      }
    }
  }
}
