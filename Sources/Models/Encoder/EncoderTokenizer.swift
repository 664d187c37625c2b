internal import DSXCore
internal import Text

/// A text, or a pair of texts, as an encoder computes it.
struct EncoderSequence: Sendable, Equatable {
  /// The ids, special tokens included.
  var ids: [Int32]
  /// The token types, one for each id.
  var types: [Int32]

  init(ids: [Int32], types: [Int32]) {
    self.ids = ids
    self.types = types
  }

  init(_ encoding: Encoding) { self.init(ids: encoding.ids, types: encoding.typeIDs) }
}

/// Turns texts into what an encoder takes: special tokens, token types and truncation as transformers'
/// tokenizers do it.
///
/// The spelling of a special token inside a text (`[SEP]`) becomes that token, as it does there.
struct EncoderTokenizer: Sendable {
  let tokenizer: HuggingFaceTokenizer
  /// Tokens that a text may have, special tokens included.
  let maximum: Int
  /// Whether texts are put into lower case first (`sentence_bert_config.json`).
  var lowercases = false

  /// The tokenizer of a model folder.
  ///
  /// `limits` are what the folder says of the length; the smallest counts, `context` at most. Throws
  /// `unsupported` for a vocabulary without special tokens around texts, `corrupt` for one with more ids
  /// than the model.
  init(folder: String, vocabulary: Int, context: Int, limits: [Int] = []) throws(DSXError) {
    let file = try TokenizerFile(path: folder)
    let path = file.files.first ?? folder
    guard let tokenizer = try file.load() as? HuggingFaceTokenizer else {
      throw DSXError(
        .unsupported, "an encoder needs a tokenizer that puts special tokens around texts",
        file: path, hint: "put the model's tokenizer.json into the folder")
    }
    guard tokenizer.vocabularySize <= vocabulary else {
      throw DSXError(
        .corrupt,
        "the tokenizer has \(tokenizer.vocabularySize) ids, the model only \(vocabulary)",
        file: path, hint: "the tokenizer does not belong to this model")
    }
    guard tokenizer.specialTokenCount(isPair: false) > 0 else {
      throw DSXError(
        .unsupported, "the tokenizer puts no special tokens around texts", file: path,
        hint: "put the model's tokenizer.json, or tokenizer_config.json, into the folder")
    }
    let stated = limits + [tokenizer.settings?.modelMaxLength].compactMap { $0 }
    let maximum = min(context, stated.min() ?? context)
    let needed = tokenizer.specialTokenCount(isPair: true) + 1
    guard maximum >= needed else {
      throw DSXError(
        .malformed, "\(maximum) tokens leave no room: special tokens alone are \(needed - 1)",
        file: path)
    }
    self.tokenizer = tokenizer
    self.maximum = maximum
  }

  /// Each input as a sequence, or why it is none.
  func encode(_ inputs: [TextInput], onLong: LongInput) -> [Result<EncoderSequence, DSXError>] {
    var encoder = HuggingFaceEncoder(tokenizer, plain: false)
    let rule = TruncationRule(maximum: maximum, cutsLeft: onLong == .truncateLeft)
    return inputs.enumerated().map { index, input in
      do throws(DSXError) {
        let encoding = try encoder.encode(
          prepared(input.text), pair: input.pair.map(prepared), cutTo: rule)
        if !encoding.overflowing.isEmpty { try refuse(encoding, index, onLong) }
        return .success(EncoderSequence(encoding))
      } catch { return .failure(error) }
    }
  }

  /// Throws where a text that is too long is not to be cut.
  private func refuse(_ encoding: Encoding, _ index: Int, _ onLong: LongInput) throws(DSXError) {
    switch onLong {
    case .truncateLeft, .truncateRight: break
    case .error:
      throw DSXError(
        .usage, "input \(index) has more than the \(maximum) tokens that the model takes",
        hint: "cut it with --on-long truncate-right or truncate-left")
    case .window:
      throw DSXError(
        .usage,
        "input \(index) has more than the \(maximum) tokens that the model takes, and one answer "
          + "for a whole text cannot be joined from windows",
        hint: "cut it with --on-long truncate-right or truncate-left")
    }
  }

  /// The text as the tokenizer takes it.
  func prepared(_ text: String) -> String { lowercases ? text.lowercased() : text }
}
