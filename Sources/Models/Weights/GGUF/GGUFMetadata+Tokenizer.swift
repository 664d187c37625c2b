public import DSXCore
public import Text

extension GGUFMetadata {
  /// The tokenizer that the file carries, from these keys (each after `tokenizer.`):
  ///
  /// | key | |
  /// | --- | --- |
  /// | `ggml.model` | `gpt2`: byte-level BPE; `llama`: SentencePiece's BPE |
  /// | `ggml.pre` | how byte-level BPE splits text |
  /// | `ggml.tokens`, `ggml.token_type`, `ggml.scores` | one for each id |
  /// | `ggml.merges` | pairs of pieces in rank order |
  /// | `ggml.bos_token_id`, `eos_`, `unknown_`, `padding_`, `seperator_`, `cls_`, `mask_` | |
  /// | `ggml.add_bos_token`, `add_eos_token`, `add_space_prefix` | |
  /// | `chat_template` | |
  ///
  /// Returns nil for a file without a vocabulary (`no_vocab`, or no such keys). Throws `malformed` for
  /// lists that do not fit together, `unsupported` for another model or splitting rule.
  /// Source: the format's page in the ggml repository and llama.cpp's converter.
  public func tokenizer() throws(DSXError) -> (any Tokenizer)? {
    guard let name = try string("tokenizer.ggml.model"), name != "no_vocab" else { return nil }
    do throws(DSXError) {
      guard let model = EmbeddedVocabulary.Model(rawValue: name) else {
        throw DSXError(
          .unsupported, "the file's tokenizer is of the kind '\(name)'",
          hint: "known: "
            + EmbeddedVocabulary.Model.allCases.map(\.rawValue).joined(separator: ", ")
            + "; put a tokenizer.json beside the file")
      }
      guard let tokens = try strings("tokenizer.ggml.tokens") else {
        throw DSXError(.malformed, "'tokenizer.ggml.tokens' is missing")
      }
      var lists = EmbeddedVocabulary(model: model, tokens: tokens)
      lists.preTokenizer = try string("tokenizer.ggml.pre")
      let merges = try strings("tokenizer.ggml.merges")
      guard merges != nil || model != .bytePairs else {
        throw DSXError(
          .malformed, "'tokenizer.ggml.merges' is missing, which the kind '\(name)' needs",
          hint: "convert the model again, or put a tokenizer.json beside the file")
      }
      lists.merges = merges ?? []
      lists.scores = try doubles("tokenizer.ggml.scores") ?? []
      for (id, number) in (try ints("tokenizer.ggml.token_type") ?? []).enumerated() {
        guard let kind = EmbeddedVocabulary.Kind(rawValue: number) else {
          throw DSXError(.malformed, "the token \(id) has the type \(number)")
        }
        lists.kinds.append(kind)
      }
      for (role, key) in Self.roleKeys {
        // -1 and 2^32 - 1 stand for none.
        guard let id = try int("tokenizer.ggml." + key), id != -1, id != Int(UInt32.max) else {
          continue
        }
        lists.roles[role] = id
      }
      lists.addsSpacePrefix = try bool("tokenizer.ggml.add_space_prefix") ?? true
      lists.settings = try settings(model)
      return try HuggingFaceTokenizer(lists)
    } catch { throw error.inFile(source) }
  }

  private static let roleKeys: [(SpecialTokens.Role, String)] = [
    (.bos, "bos_token_id"), (.eos, "eos_token_id"), (.unknown, "unknown_token_id"),
    (.padding, "padding_token_id"), (.separator, "seperator_token_id"),
    (.classification, "cls_token_id"), (.mask, "mask_token_id"),
  ]

  /// llama.cpp adds `<s>` in front of texts for SentencePiece vocabularies where the file does not say.
  private func settings(_ model: EmbeddedVocabulary.Model) throws(DSXError) -> TokenizerSettings {
    var settings = TokenizerSettings()
    settings.addsBOS =
      try bool("tokenizer.ggml.add_bos_token") ?? (model == .sentencePieces)
    settings.addsEOS = try bool("tokenizer.ggml.add_eos_token") ?? false
    // Byte-level vocabularies put no blank in front unless they say so.
    settings.addsPrefixSpace =
      try bool("tokenizer.ggml.add_space_prefix") ?? (model == .sentencePieces)
    if let template = try string("tokenizer.chat_template") {
      settings.chatTemplates = [.init(name: "default", source: template)]
    }
    return settings
  }
}
