internal import DSXCore

/// How `dsx records head --decode` gets from token ids to text.
enum RecordsDecoding {
  /// Token ids to text.
  typealias Decoder = ([Int32]) throws -> String

  /// The decoder for the options of `records head`.
  static func decoder(tokenizer: String?, vocab: String?) throws(DSXError) -> Decoder {
    throw DSXError(
      .unsupported, "token ids cannot be turned into text yet",
      hint: "leave out --decode to see the ids")
  }
}
