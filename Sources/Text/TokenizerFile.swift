public import DSXCore

/// Finds and opens a vocabulary of any kind that dsx knows, by its path.
///
/// | path | kind |
/// | --- | --- |
/// | `tokenizer.json`, any other `.json` | Hugging Face byte-level BPE |
/// | `vocab.json` or `merges.txt` | GPT-2 byte-level BPE: both files of that folder |
/// | a folder | its `vocab.json` with `merges.txt`, else `tokenizer.json`, else `tokenizer.model` |
/// | any other file | SentencePiece `.model` |
public struct TokenizerFile: Sendable {
  /// What is in the files.
  public enum Format: Sendable {
    /// A SentencePiece model.
    case sentencePiece
    /// A Hugging Face `tokenizer.json`.
    case tokenizerJSON
    /// `vocab.json` and `merges.txt`, in this order.
    case vocabularyAndMerges
  }
  /// What is in the files.
  public let format: Format
  /// The files that the vocabulary is read from: two for `vocabularyAndMerges`, else one.
  public let files: [String]

  /// Finds the files behind `path`. Throws `missingFile` when there is no vocabulary.
  public init(path: String) throws(DSXError) {
    (format, files) = try Self.find(path)
  }

  /// Reads the vocabulary.
  public func load() throws(DSXError) -> any Tokenizer {
    switch format {
    case .sentencePiece: try SentencePieceTokenizer(path: files[0])
    case .tokenizerJSON: try ByteLevelTokenizer.open(tokenizerJSON: files[0])
    case .vocabularyAndMerges: try ByteLevelTokenizer.open(vocabulary: files[0], merges: files[1])
    }
  }

  private static func find(_ path: String) throws(DSXError) -> (Format, [String]) {
    guard FilePath.exists(path) else {
      throw DSXError(
        .missingFile, "there is no such vocabulary", file: path,
        hint: "a vocabulary is a SentencePiece model, a tokenizer.json or a model folder")
    }
    guard FilePath.isFolder(path) else {
      switch FilePath.split(path).name {
      case "vocab.json", "merges.txt": return try pair(in: FilePath.split(path).folder)
      case let name where name.utf8.count > 5 && name.hasSuffix(".json"):
        return (.tokenizerJSON, [path])
      default: return (.sentencePiece, [path])
      }
    }
    func has(_ name: String) -> Bool { FilePath.exists(FilePath.join(path, name)) }
    if has("vocab.json") { return try pair(in: path) }
    if has("tokenizer.json") { return (.tokenizerJSON, [FilePath.join(path, "tokenizer.json")]) }
    if has("tokenizer.model") { return (.sentencePiece, [FilePath.join(path, "tokenizer.model")]) }
    throw DSXError(
      .missingFile, "the folder has no vocabulary", file: path,
      hint: "it needs vocab.json with merges.txt, tokenizer.json or tokenizer.model")
  }

  private static func pair(in folder: String) throws(DSXError) -> (Format, [String]) {
    let pair = ["vocab.json", "merges.txt"].map { FilePath.join(folder, $0) }
    for path in pair where !FilePath.exists(path) {
      throw DSXError(
        .missingFile, "the vocabulary is not complete", file: path,
        hint: "byte-level BPE needs vocab.json and merges.txt in one folder")
    }
    return (.vocabularyAndMerges, pair)
  }
}
