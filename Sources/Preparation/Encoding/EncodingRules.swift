internal import DSXCore
internal import Text

/// How a worker turns documents into ids. Shared by all workers.
struct EncodingRules: Sendable {
  var task: PreparationTask
  var compatibility: Compatibility?
  /// Appended to each document.
  var endOfText: Int32
  /// The id that is counted as unknown, where the vocabulary has one.
  var unknown: Int32?
  /// How raw documents become text.
  var decoding: DocumentDecoder.Settings
  /// Which documents go to the validation set; nil: none.
  var split: ValidationSplit?
  /// Drops documents; nil: none.
  var quality: QualityStage?
  /// Which texts of the shard were dropped by a selection over all shards.
  var drops: DropList?
  /// Whether statistics for the card are kept.
  var card: Bool
  /// `chat`: template and vocabulary.
  var chat: ChatRules?
  /// A fresh encoder for one thread.
  var makeEncoder: @Sendable () -> any TokenEncoder
}
