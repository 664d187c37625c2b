public import DSXCore

/// What a generator reports, as it happens.
public enum GenerationEvent: Sendable {
  /// More text of a prompt that is under way: whole characters, never part of a stop string. The pieces of
  /// a prompt side by side are its result's text. Beam search has none before the end.
  case piece(index: Int, text: String)
  /// A prompt is finished.
  case finished(GenerationResult)
  /// A prompt was refused: empty, too long, or with ids that the model does not have.
  case refused(index: Int, DSXError)
}
