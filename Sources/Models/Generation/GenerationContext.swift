internal import DSXCore
internal import Text

/// What all sequences of a generator share.
struct GenerationContext {
  let session: any GenerationSession
  let tokenizer: any Tokenizer
  let options: GenerationOptions
  /// The model's end-of-text ids, when they end a text.
  let endOfText: [Int32]
  /// Positions that a sequence may take.
  let positions: Int

  /// Ids that end a text.
  var endings: [Int32] { endOfText + options.stopIDs }

  /// Why a text ends with `id`, its `count`-th new one after a prompt of `promptTokens`; nil when it goes on.
  ///
  /// The last id needs no position of its own, so that a context of n positions takes n + 1 ids.
  func finish(_ id: Int32, count: Int, promptTokens: Int) -> FinishReason? {
    if endOfText.contains(id) { return .endOfText }
    if options.stopIDs.contains(id) { return .stop }
    if count >= options.maxNewTokens { return .length }
    return promptTokens + count > positions ? .context : nil
  }

  /// Whether an id that ended a text is no part of it.
  func isEnding(_ id: Int32) -> Bool { endOfText.contains(id) || options.stopIDs.contains(id) }
}

/// Something under way in a generator: one sequence, or the hypotheses of one prompt.
protocol GenerationTask: AnyObject {
  /// The slots that it holds in the session.
  var slots: [Int] { get }
  /// Takes the next step: ids that the session has to append before the step after; none when it ended.
  func step(
    _ chooser: TokenChooser, _ report: (GenerationEvent) throws(DSXError) -> Void
  ) throws(DSXError) -> [(id: Int32, slot: Int)]
}
