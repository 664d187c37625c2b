internal import DSXCore
internal import Models
internal import Text

/// Writes greedy answers behind prompts, all of a batch together; sequences end apart.
struct GreedyWriter {
  /// Why an answer ended.
  enum Finish: String {
    /// The end-of-text id, which is not part of the answer.
    case end
    /// A stop text, which is not part of the answer either.
    case stop
    /// The most ids that were allowed.
    case length
  }

  /// One answer.
  struct Output {
    var ids: [Int32] = []
    var text = ""
    var finish = Finish.length
    /// The smallest lead of a chosen id over the next likely one: below about 1e-3, another machine's
    /// rounding may choose otherwise.
    var minimumMargin: Double?
  }

  let tokenizer: any Tokenizer
  /// The ids that end a text.
  let endings: [Int32]
  let until: [String]
  let maximumTokens: Int

  /// The answers, in the order of the prompts.
  func write(_ prompts: [[Int32]], _ session: any GenerationSession) throws(DSXError) -> [Output] {
    var outputs = [Output](repeating: Output(), count: prompts.count)
    guard !prompts.isEmpty else { return outputs }
    let slots = try session.start(prompts)
    var texts = prompts.map { _ in GeneratedText(tokenizer, stops: until) }
    var active = Array(prompts.indices)
    while !active.isEmpty {
      var ids: [Int32] = []
      var going: [Int] = []
      for place in active {
        let (id, margin) = session.withLogits(of: slots[place]) { Self.best($0) }
        guard margin.isFinite || session.vocabularySize == 1 else {
          throw DSXError(.corrupt, "the model gave logits that are not finite")
        }
        if endings.contains(id) {
          outputs[place].finish = .end
        } else {
          outputs[place].ids.append(id)
          outputs[place].minimumMargin = min(outputs[place].minimumMargin ?? margin, margin)
          if try texts[place].append(id) {
            outputs[place].finish = .stop
          } else if outputs[place].ids.count < maximumTokens {
            going.append(place)
            ids.append(id)
            continue
          }
        }
        if try texts[place].finish() { outputs[place].finish = .stop }
        outputs[place].text = texts[place].text
        session.release(slots[place])
      }
      if !going.isEmpty { try session.append(ids, to: going.map { slots[$0] }) }
      active = going
    }
    return outputs
  }

  /// The likeliest id, the first of equals, and its lead over the next.
  static func best(_ logits: UnsafeBufferPointer<Float>) -> (id: Int32, margin: Double) {
    var (best, first, second) = (0, -Float.infinity, -Float.infinity)
    for place in logits.indices {
      let value = logits[place]
      if value > first {
        (second, first, best) = (first, value, place)
      } else if value > second {
        second = value
      }
    }
    return (Int32(truncatingIfNeeded: best), Double(first) - Double(second))
  }
}
