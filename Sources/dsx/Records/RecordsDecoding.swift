internal import DSXCore
internal import Preparation
internal import Text

/// How `dsx records head --decode` gets from token ids to text.
enum RecordsDecoding {
  /// Token ids to text.
  typealias Decoder = ([Int32]) throws -> String

  /// The decoder for the options of `records head`: the vocabularies are those of `dsx prepare`.
  static func decoder(tokenizer: String?, vocab: String?) throws(DSXError) -> Decoder {
    let kind = PreparationVocabulary.Kind(tokenizer ?? "jieba")
    let vocabulary = try VocabularySource(kind, path: vocab, homes: .current()).load()
    guard kind == .jieba else { return { ids in try vocabulary.decode(ids) } }
    return { ids in PanGuText.restored(try vocabulary.decode(ids)) }
  }
}
