internal import DSXCore
internal import Text

/// One sequence under way: greedy or sampled.
final class SequenceTask: GenerationTask {
  private let context: GenerationContext
  private let request: GenerationRequest
  private let slot: Int
  private var history: [Int32]
  /// The ids of `history`, each once; kept for the repetition penalty only.
  private var distinct: [Int32] = []
  private var known: Set<Int32> = []
  private var logProbabilities: [Double] = []
  private var decoder: IncrementalText
  private var text: StopText
  private var generator: PCG64

  var slots: [Int] { [slot] }

  init(_ request: GenerationRequest, slot: Int, _ context: GenerationContext) {
    self.context = context
    self.request = request
    self.slot = slot
    history = request.ids
    decoder = IncrementalText(context.tokenizer)
    text = StopText(context.options.stopStrings)
    if case .sample(let sampling) = context.options.strategy {
      generator = sampling.generator(index: request.index)
    } else {
      generator = PCG64(seed: 0)
    }
    if context.options.repetitionPenalty != 1 { for id in history { remember(id) } }
  }

  func step(
    _ chooser: TokenChooser, _ report: (GenerationEvent) throws(DSXError) -> Void
  ) throws(DSXError) -> [(id: Int32, slot: Int)] {
    var choice: TokenChooser.Choice?
    var failure: DSXError?
    context.session.withLogits(of: slot) { logits in
      do throws(DSXError) {
        choice = try chooser.choose(
          logits, history: history, newTokens: logProbabilities.count, distinct: distinct,
          generator: &generator)
      } catch { failure = error }
    }
    if let failure { throw failure }
    guard let choice else {
      try end(.blocked, report)
      return []
    }
    history.append(choice.id)
    logProbabilities.append(choice.logProbability)
    if context.options.repetitionPenalty != 1 { remember(choice.id) }
    var reason = context.finish(
      choice.id, count: logProbabilities.count, promptTokens: request.ids.count)
    if !context.isEnding(choice.id) {
      text.append(try decoder.append(choice.id))
      if text.isStopped { reason = .stop }
    }
    if let reason {
      try end(reason, report)
      return []
    }
    try show(all: false, report)
    return [(choice.id, slot)]
  }

  private func remember(_ id: Int32) {
    if known.insert(id).inserted { distinct.append(id) }
  }

  private func show(
    all: Bool, _ report: (GenerationEvent) throws(DSXError) -> Void
  ) throws(DSXError) {
    let piece = text.take(all: all)
    guard !piece.isEmpty else { return }
    try report(.piece(index: request.index, text: String(decoding: piece, as: UTF8.self)))
  }

  private func end(
    _ reason: FinishReason, _ report: (GenerationEvent) throws(DSXError) -> Void
  ) throws(DSXError) {
    let wasStopped = text.isStopped
    if !wasStopped { text.append(try decoder.finish()) }
    try show(all: true, report)
    try report(
      .finished(
        GenerationResult(
          index: request.index, promptTokens: request.ids.count,
          ids: Array(history[request.ids.count...]), logProbabilities: logProbabilities,
          text: String(decoding: text.text, as: UTF8.self),
          finish: text.isStopped ? .stop : reason)))
  }
}
