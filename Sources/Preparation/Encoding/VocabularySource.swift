public import DSXCore
public import Text

/// Where a vocabulary comes from: the files behind `--tokenizer` and `--vocab`.
public struct VocabularySource: Sendable {
  private enum Format: Sendable {
    case sentencePiece
    case tokenizerJSON
    case vocabularyAndMerges
  }
  private let format: Format
  /// The files that the vocabulary is read from; their hashes stand in the plan.
  public let files: [String]

  /// Finds the files. Throws `usage` for options that contradict each other, `missingFile` for a path
  /// without a vocabulary.
  public init(_ kind: PreparationVocabulary.Kind, path: String?, homes: Homes) throws(DSXError) {
    switch kind {
    case .jieba, .sentencePiece:
      let standard = "dsx_zh_en_16k.model"
      let file: String
      if let path { file = path } else { file = try homes.resource("Text", standard) }
      (format, files) = try Self.find(file)
    case .gpt:
      guard let path else {
        throw DSXError(
          .usage, "--tokenizer gpt needs --vocab",
          hint: "--vocab names a folder with vocab.json and merges.txt, or that vocab.json")
      }
      (format, files) = try Self.find(path)
      guard format != .sentencePiece else {
        throw DSXError(
          .usage, "--tokenizer gpt takes no SentencePiece model", file: path,
          hint: "--vocab names a folder with vocab.json and merges.txt, or that vocab.json")
      }
    case .file(let file):
      guard path == nil else {
        throw DSXError(
          .usage, "--tokenizer names the vocabulary '\(file)', and --vocab another",
          hint: "give one of them; --tokenizer takes jieba, sentencepiece, gpt or a path")
      }
      (format, files) = try Self.find(file)
    }
  }

  /// Reads the vocabulary.
  public func load() throws(DSXError) -> any Tokenizer {
    switch format {
    case .sentencePiece: try TokenizerFile.load(path: files[0])
    case .tokenizerJSON: try ByteLevelTokenizer.open(tokenizerJSON: files[0])
    case .vocabularyAndMerges:
      try ByteLevelTokenizer.open(vocabulary: files[0], merges: files[1])
    }
  }

  private static func find(_ path: String) throws(DSXError) -> (Format, [String]) {
    guard FilePath.exists(path) else {
      throw DSXError(
        .missingFile, "there is no such vocabulary", file: path,
        hint: "--tokenizer takes jieba, sentencepiece, gpt or the path of a vocabulary")
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
