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
  /// A fresh encoder for one thread.
  var makeEncoder: @Sendable () -> any TokenEncoder
}
