internal import DSXCore
internal import Text

/// How a worker turns documents into ids. Shared by all workers.
struct EncodingRules: Sendable {
  var task: PreparationTask
  var compatibility: Compatibility?
  var badUTF8: BadUTF8Policy
  /// Appended to each document.
  var endOfText: Int32
  /// The id that is counted as unknown, where the vocabulary has one.
  var unknown: Int32?
  /// The paths of the inputs, for messages.
  var paths: [String]
  /// A fresh encoder for one thread.
  var makeEncoder: @Sendable () -> any TokenEncoder
}
