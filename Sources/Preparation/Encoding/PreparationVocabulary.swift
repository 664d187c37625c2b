public import DSXCore
public import Text
internal import Jieba
internal import Jobs

/// The vocabulary of a preparation with everything that it decides: how text is encoded, the
/// end-of-text, padding and unknown ids, and a fingerprint for the plan.
public struct PreparationVocabulary: Sendable {
  /// How `--tokenizer` names them.
  public enum Kind: Hashable, Sendable {
    /// Words of jieba, then SentencePiece, as PanGu-alpha does it.
    case jieba
    /// SentencePiece on the text as it is.
    case sentencePiece
    /// Byte-level BPE of GPT-2.
    case gpt
    /// A vocabulary file of any kind, on the text as it is.
    case file(String)

    /// The kind of that name; anything else is a path.
    public init(_ name: String) {
      switch name {
      case "jieba": self = .jieba
      case "sentencepiece": self = .sentencePiece
      case "gpt": self = .gpt
      default: self = .file(name)
      }
    }

    /// Its name in the plan: a path does not stand there, the hash of its file does.
    var name: String {
      switch self {
      case .jieba: "jieba"
      case .sentencePiece: "sentencepiece"
      case .gpt: "gpt"
      case .file: "file"
      }
    }
  }

  /// The vocabulary itself.
  public let tokenizer: any Tokenizer
  /// The id after each document.
  public let endOfText: Int32
  /// The id of `<pad>`, if there is one.
  public let padding: Int32?
  /// The id of `<unk>` (or `[UNK]`), if there is one.
  public let unknown: Int32?
  /// For the plan: kind, and the hashes of vocabulary and dictionary.
  public let fingerprint: JSONValue
  let makeEncoder: @Sendable () -> any TokenEncoder

  /// Loads a vocabulary.
  ///
  /// `path` is `--vocab`: nil takes dsx's own for `jieba` and `sentencepiece`. `endOfText` is `--eot`:
  /// nil takes the id of the piece `<eot>`. Throws `usage` for options that do not fit the
  /// vocabulary, and what the readers throw.
  public init(_ kind: Kind, path: String?, endOfText: Int?, homes: Homes) throws(DSXError) {
    let file = try Self.file(kind, path, homes)
    let tokenizer = try TokenizerFile.load(path: file)
    self.tokenizer = tokenizer
    self.endOfText = try Self.endOfText(endOfText, tokenizer)
    padding = tokenizer.id(of: "<pad>")
    unknown = tokenizer.id(of: "<unk>") ?? tokenizer.id(of: "[UNK]")
    var members = [JSONValue.Member("kind", .string(kind.name))]
    var vocabulary: [JSONValue] = []
    for part in try Self.parts(file) {
      vocabulary.append(.string(try FileFingerprint.of(path: part).sha256))
    }
    members.append(JSONValue.Member("vocabulary_sha256", .array(vocabulary)))
    if kind == .jieba {
      let dictionary = try JiebaDictionary.load(homes: homes)
      makeEncoder = { PanGuEncoder(dictionary: dictionary, tokenizer: tokenizer) }
      let words = try FileFingerprint.of(path: try homes.resource("Jieba", "dict.txt"))
      members.append(JSONValue.Member("dictionary_sha256", .string(words.sha256)))
    } else {
      makeEncoder = { tokenizer.makePlainTextEncoder() }
    }
    fingerprint = .object(members)
  }

  private static func file(_ kind: Kind, _ path: String?, _ homes: Homes) throws(DSXError)
    -> String
  {
    switch kind {
    case .jieba, .sentencePiece:
      if let path { return path }
      return try homes.resource("Text", "dsx_zh_en_16k.model")
    case .gpt:
      guard let path else {
        throw DSXError(
          .usage, "--tokenizer gpt needs --vocab",
          hint: "--vocab names a folder with vocab.json and merges.txt, or that vocab.json")
      }
      return path
    case .file(let file):
      guard path == nil else {
        throw DSXError(
          .usage, "--tokenizer names the vocabulary '\(file)', and --vocab another",
          hint: "give one of them; --tokenizer takes jieba, sentencepiece, gpt or a path")
      }
      guard FilePath.exists(file) else {
        throw DSXError(
          .missingFile, "there is no such vocabulary", file: file,
          hint: "--tokenizer takes jieba, sentencepiece, gpt or the path of a vocabulary")
      }
      return file
    }
  }

  /// The files that make up a vocabulary: of a folder, those that tokenizers are read from.
  private static func parts(_ file: String) throws(DSXError) -> [String] {
    let (folder, name) = FilePath.split(file)
    if FilePath.isFolder(file) {
      let known = ["merges.txt", "tokenizer.json", "tokenizer.model", "vocab.json"]
      return known.map { FilePath.join(file, $0) }.filter { FilePath.exists($0) }
    }
    let merges = FilePath.join(folder, "merges.txt")
    return name == "vocab.json" && FilePath.exists(merges) ? [merges, file] : [file]
  }

  private static func endOfText(_ wanted: Int?, _ tokenizer: any Tokenizer) throws(DSXError)
    -> Int32
  {
    let size = tokenizer.vocabularySize
    guard let wanted else {
      if let id = tokenizer.id(of: "<eot>") { return id }
      var hint = "give --eot, the id that ends a document"
      for piece in ["<|endoftext|>", "</s>", "<eod>"] {
        if let id = tokenizer.id(of: piece) { hint += "; '\(piece)' is \(id)" }
      }
      throw DSXError(.usage, "the vocabulary has no piece '<eot>'", hint: hint)
    }
    guard wanted >= 0, wanted < size, let id = Int32(exactly: wanted) else {
      var hint = "ids are 0 to \(size - 1)"
      if let eot = tokenizer.id(of: "<eot>") { hint += "; '<eot>' is \(eot)" }
      throw DSXError(.usage, "--eot \(wanted) is outside of the vocabulary", hint: hint)
    }
    return id
  }
}
