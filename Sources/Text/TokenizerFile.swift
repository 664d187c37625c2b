public import DSXCore

/// Finds and opens a vocabulary of any kind that dsx knows, by its path.
///
/// | path | kind |
/// | --- | --- |
/// | `tokenizer.json`, any other `.json` | Hugging Face tokenizers |
/// | `vocab.json` or `merges.txt` | GPT-2 byte-level BPE: both files of that folder |
/// | `vocab.txt`, any other `.txt` | BERT's WordPiece |
/// | a `.tiktoken` file, or a `tokenizer.model` that is one | tiktoken's ranks |
/// | any other file | SentencePiece `.model` |
/// | a folder | the first of these that it has: `tokenizer.json`, `vocab.json` with `merges.txt`, `vocab.txt`, `tokenizer.model`, `sentencepiece.bpe.model`, `spiece.model`, `*.tiktoken` |
///
/// A folder's `tokenizer_config.json`, `special_tokens_map.json` and `chat_template.jinja` count too.
public struct TokenizerFile: Sendable {
  /// What is in the files.
  public enum Format: Sendable {
    /// A SentencePiece model.
    case sentencePiece
    /// A Hugging Face `tokenizer.json`.
    case tokenizerJSON
    /// `vocab.json` and `merges.txt`, in this order.
    case vocabularyAndMerges
    /// BERT's `vocab.txt`.
    case wordPieces
    /// tiktoken's ranks.
    case ranks
  }
  /// What is in the files.
  public let format: Format
  /// What the names of the files say of how they are read, where the same bytes could be read in another way.
  public var reading: String? {
    switch format {
    case .sentencePiece: nil
    case .tokenizerJSON: "tokenizer.json"
    case .vocabularyAndMerges: "vocab.json, merges.txt"
    case .wordPieces: "wordpiece"
    case .ranks:
      files.first.flatMap { TiktokenEncoding(fileName: FilePath.split($0).name) }?.rawValue
    }
  }
  /// The files that decide about ids: the vocabulary (for `vocabularyAndMerges` two files), then the
  /// configuration beside it, when a folder was named.
  public let files: [String]
  /// The folder that was named; nil for a file.
  public let folder: String?

  /// Finds the files behind `path`. Throws `missingFile` when there is no vocabulary.
  public init(path: String) throws(DSXError) {
    guard FilePath.exists(path) else {
      throw DSXError(
        .missingFile, "there is no such vocabulary", file: path,
        hint: "a vocabulary is a SentencePiece model, a tokenizer.json or a model folder")
    }
    guard FilePath.isFolder(path) else {
      folder = nil
      (format, files) = try Self.find(path)
      return
    }
    folder = path
    let (format, found) = try Self.findIn(path)
    self.format = format
    files =
      found
      + ["tokenizer_config.json", "special_tokens_map.json"].map { FilePath.join(path, $0) }
      .filter(FilePath.exists)
  }

  /// Reads the vocabulary.
  public func load() throws(DSXError) -> any Tokenizer {
    guard let folder else { return try loadFile() }
    let config = try TokenizerConfig(folder: folder)
    guard config.isThere else { return try loadFile() }
    guard var parts = try parts(config) else {
      return try SentencePieceTokenizer(path: files[0])
    }
    parts.apply(config, isWhole: format == .tokenizerJSON)
    let added = AddedVocabulary(parts.addedTokens, parts.model.vocabulary, parts.normalizer)
    let vocabulary = parts.model.vocabulary
    let special = config.special({ added.id(of: $0) ?? vocabulary.id(of: $0) }, added.tokens)
    return HuggingFaceTokenizer(parts, special: special, settings: config.settings)
  }

  private func loadFile() throws(DSXError) -> any Tokenizer {
    switch format {
    case .sentencePiece: return try SentencePieceTokenizer(path: files[0])
    case .tokenizerJSON: return try HuggingFaceTokenizer(tokenizerJSON: files[0])
    case .vocabularyAndMerges:
      return try HuggingFaceTokenizer(vocabulary: files[0], merges: files[1])
    case .wordPieces:
      let rules = BertNormalizer(
        cleansText: true, spacesChinese: true, stripsAccents: true, lowercases: true)
      return HuggingFaceTokenizer(
        try HuggingFaceTokenizer.wordPieces(
          vocabulary: files[0], special: Self.bertTokens, rules))
    case .ranks: return try HuggingFaceTokenizer(ranks: files[0])
    }
  }

  /// BERT's tokens where no configuration names others.
  private static let bertTokens: [SpecialTokens.Role: String] = [
    .unknown: "[UNK]", .separator: "[SEP]", .padding: "[PAD]", .classification: "[CLS]",
    .mask: "[MASK]",
  ]

  /// The parts of a Hugging Face tokenizer before the configuration is worked in; nil for SentencePiece.
  private func parts(_ config: TokenizerConfig) throws(DSXError) -> HuggingFaceTokenizer.Parts? {
    switch format {
    case .sentencePiece:
      let name = config.settings.tokenizerClass ?? ""
      guard ["LlamaTokenizer", "CodeLlamaTokenizer"].contains(name) else { return nil }
      return try HuggingFaceTokenizer.llama(model: files[0], config)
    case .tokenizerJSON:
      let root = try JSONParser.parse(file: files[0])
      do throws(DSXError) { return try TokenizerJSON(root).parts() } catch {
        throw error.inFile(files[0])
      }
    case .vocabularyAndMerges:
      let names = config.roles.values.map(\.content).sorted()
      return try HuggingFaceTokenizer.bytePairs(
        vocabulary: files[0], merges: files[1], special: ["<|endoftext|>"] + names,
        addsPrefixSpace: config.settings.addsPrefixSpace ?? false)
    case .wordPieces:
      let named = config.roles.mapValues(\.content)
      return try HuggingFaceTokenizer.wordPieces(
        vocabulary: files[0], special: Self.bertTokens.merging(named) { $1 }, config.bert)
    case .ranks:
      var encoding = TiktokenEncoding(fileName: FilePath.split(files[0]).name)
      if config.settings.tokenizerClass?.hasPrefix("QWen") ?? false { encoding = .qwen }
      return try HuggingFaceTokenizer.ranks(files[0], encoding)
    }
  }

  private static func find(_ path: String) throws(DSXError) -> (Format, [String]) {
    switch FilePath.split(path).name {
    case "vocab.json", "merges.txt": return try pair(in: FilePath.split(path).folder)
    case let name where name.utf8.count > 5 && name.hasSuffix(".json"):
      return (.tokenizerJSON, [path])
    case let name where name.hasSuffix(".txt"): return (.wordPieces, [path])
    case let name where name.hasSuffix(".tiktoken"): return (.ranks, [path])
    default: return (try isRankFile(path) ? .ranks : .sentencePiece, [path])
    }
  }

  /// Whether a file begins like tiktoken's ranks (`IQ== 0`): no SentencePiece model does.
  private static func isRankFile(_ path: String) throws(DSXError) -> Bool {
    let file = try MappedFile(path: path)
    return file.withBytes { bytes in
      guard let end = bytes.prefix(256).firstIndex(of: 0x0a),
        let blank = bytes[..<end].firstIndex(of: 0x20), blank > 0
      else { return false }
      return bytes[(blank + 1)..<end].allSatisfy { (0x30...0x39).contains($0) }
        && Base64.decode(bytes[..<blank]) != nil
    }
  }

  private static func findIn(_ folder: String) throws(DSXError) -> (Format, [String]) {
    func path(_ name: String) -> String { FilePath.join(folder, name) }
    func has(_ name: String) -> Bool { FilePath.exists(path(name)) }
    if has("tokenizer.json") { return (.tokenizerJSON, [path("tokenizer.json")]) }
    if has("vocab.json") { return try pair(in: folder) }
    if has("vocab.txt") { return (.wordPieces, [path("vocab.txt")]) }
    for name in ["tokenizer.model", "sentencepiece.bpe.model", "spiece.model"] where has(name) {
      return (try isRankFile(path(name)) ? .ranks : .sentencePiece, [path(name)])
    }
    if let name = try FilePath.list(folder).first(where: { $0.hasSuffix(".tiktoken") }) {
      return (.ranks, [path(name)])
    }
    throw DSXError(
      .missingFile, "the folder has no vocabulary", file: folder,
      hint: "it needs tokenizer.json, vocab.json with merges.txt, vocab.txt or tokenizer.model")
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
