internal import DSXCore
internal import Jobs
internal import Preparation
internal import Text

/// How `dsx records head --decode` gets from token ids to text.
enum RecordsDecoding {
  /// Token ids to text.
  typealias Decoder = ([Int32]) throws -> String

  /// The decoder for the options of `records head`: the vocabularies are those of `dsx prepare`. What
  /// the options leave open comes from the manifest beside the file, and a vocabulary that is not the
  /// one of the manifest is refused: its text would be wrong without a word.
  static func decoder(for file: String, tokenizer: String?, vocab: String?) throws(DSXError)
    -> Decoder
  {
    let manifest = RecordsManifest(for: file)
    let made = manifest?.tokenizer ?? "jieba"
    guard tokenizer != nil || vocab != nil || made != "file" else {
      throw DSXError(
        .usage, "these ids were made with a vocabulary of the user's", file: file,
        hint: "name it: --tokenizer PATH")
    }
    // A path given for ids of `file` kind stands for the vocabulary itself.
    let name = tokenizer ?? (made == "file" ? vocab : made) ?? made
    let path = tokenizer == nil && made == "file" ? nil : vocab
    let kind = PreparationVocabulary.Kind(name)
    let source = try VocabularySource(kind, path: path, homes: .current())
    if let expected = manifest?.vocabulary {
      var found: [String] = []
      for part in source.files { found.append(try FileFingerprint.of(path: part).sha256) }
      guard found == expected else {
        throw DSXError(
          .usage, "the ids were made with another vocabulary (\(made)) than this one",
          file: source.files.first,
          hint: "name the one that they were made with: --tokenizer, --vocab")
      }
    }
    let vocabulary = try source.load()
    // The words' blanks are undone for ids that were made from words, whatever names the vocabulary.
    let fromWords = manifest?.tokenizer.map { $0 == "jieba" } ?? (kind == .jieba)
    guard fromWords else { return { ids in try vocabulary.decode(ids) } }
    return { ids in PanGuText.restored(try vocabulary.decode(ids)) }
  }
}
