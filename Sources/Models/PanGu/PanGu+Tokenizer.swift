internal import DSXCore
internal import Text

extension PanGu {
  /// The vocabulary's usual names: that of the release first.
  private static let vocabularies = ["vocab.model", "tokenizer.model", "sentencepiece.model"]

  /// jieba's words with the folder's SentencePiece vocabulary.
  ///
  /// Throws `missingFile` when there is none, `unsupported` for a file of another kind.
  static func tokenizer(_ description: ModelDescription) throws(DSXError) -> any Tokenizer {
    var names = vocabularies
    if let value = description.preprocessor["tokenizer"], !value.isNull {
      guard let name = value.string, FilePath.isPlainName(name) else {
        throw DSXError(
          .malformed,
          "'preprocessor.tokenizer' must name a file of this folder, not \(value.text())",
          file: description.file("configuration.json"))
      }
      names = [name]
    }
    guard let path = names.map(description.file).first(where: FilePath.exists) else {
      throw DSXError(
        .missingFile, "the model's tokenizer is missing", file: description.file(names[0]),
        hint: "put the SentencePiece vocabulary into the folder")
    }
    return try PanGuTokenizer(path: path, homes: .current())
  }
}
