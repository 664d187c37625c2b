public import DSXCore
public import Text
internal import Jieba
internal import Jobs
internal import Pipelines

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
  /// Makes counters of jieba's words in a text, for one thread each; nil without jieba.
  private(set) var makeWordCounter: (@Sendable () -> ((String) -> Int))?

  /// Loads a vocabulary.
  ///
  /// `path` is `--vocab`: nil takes dsx's own for `jieba` and `sentencepiece`. `endOfText` is `--eot`:
  /// nil takes the id of the piece `<eot>`; `padding` is `--pad`: nil takes that of `<pad>`. Throws `usage` for options that do not fit the
  /// vocabulary, and what the readers throw.
  ///
  /// Without `needsEndOfText`, which conversations do not use, a vocabulary without `<eot>` is fine.
  ///
  /// With more `workers` than one, jieba's dictionary and the table of characters that statistics and
  /// filters use are made beside the vocabulary.
  ///
  /// A special token's spelling in a text is ordinary text, but under `compatibility` it becomes that
  /// token, as in the original.
  public init(
    _ kind: Kind, path: String?, endOfText: Int?, padding: Int? = nil,
    compatibility: Compatibility? = nil, needsEndOfText: Bool = true, homes: Homes,
    workers: Int = 1
  ) throws(DSXError) {
    // Half of the time before the first document; what is wrong with the vocabulary is told first.
    let ahead: Background<Words?>? =
      workers > 1
      ? Background { () throws(DSXError) in
        let words = kind == .jieba ? try Words(homes) : nil
        CharacterTable.prepare()
        return words
      } : nil
    let source = try VocabularySource(kind, path: path, homes: homes)
    let tokenizer = try source.load()
    self.tokenizer = tokenizer
    self.endOfText =
      needsEndOfText || endOfText != nil
      ? try Self.endOfText(endOfText, tokenizer) : tokenizer.specialTokens.id(.eos) ?? 0
    self.padding = try Self.padding(padding, tokenizer)
    unknown = tokenizer.id(of: "<unk>") ?? tokenizer.id(of: "[UNK]")
    var members = [JSONValue.Member("kind", .string(kind.name))]
    var vocabulary: [JSONValue] = []
    for part in source.files {
      vocabulary.append(.string(try FileFingerprint.of(path: part).sha256))
    }
    members.append(JSONValue.Member("vocabulary_sha256", .array(vocabulary)))
    if let reading = source.reading { members.append(JSONValue.Member("format", .string(reading))) }
    let prepared: Words? = if let ahead { try ahead.wait() } else { nil }
    if kind == .jieba {
      let words = if let prepared { prepared } else { try Words(homes) }
      let dictionary = words.dictionary
      makeEncoder = { PanGuEncoder(dictionary: dictionary, tokenizer: tokenizer) }
      makeWordCounter = {
        var cutter = JiebaCutter(dictionary)
        return { cutter.words($0).count }
      }
      members.append(JSONValue.Member("dictionary_sha256", .string(words.sha256)))
    } else if compatibility == nil {
      makeEncoder = { tokenizer.makePlainTextEncoder() }
    } else {
      makeEncoder = { tokenizer.makeEncoder() }
    }
    fingerprint = .object(members)
  }

  /// jieba's dictionary, and the hash of what it is made of.
  private struct Words: Sendable {
    let dictionary: JiebaDictionary
    let sha256: String

    init(_ homes: Homes) throws(DSXError) {
      dictionary = try JiebaDictionary.load(homes: homes)
      sha256 = try FileFingerprint.of(path: try homes.resource("Jieba", "dict.txt")).sha256
    }
  }

  /// A vocabulary that is at hand already. `makeEncoder` is called once on each thread.
  public init(
    tokenizer: any Tokenizer, endOfText: Int32, padding: Int32? = nil, unknown: Int32? = nil,
    fingerprint: JSONValue, makeEncoder: @escaping @Sendable () -> any TokenEncoder
  ) {
    self.tokenizer = tokenizer
    self.endOfText = endOfText
    self.padding = padding
    self.unknown = unknown
    self.fingerprint = fingerprint
    self.makeEncoder = makeEncoder
  }

  private static func padding(_ wanted: Int?, _ tokenizer: any Tokenizer) throws(DSXError) -> Int32?
  {
    guard let wanted else {
      return tokenizer.specialTokens.id(.padding) ?? tokenizer.id(of: "<pad>")
    }
    guard wanted >= 0, wanted < tokenizer.vocabularySize, let id = Int32(exactly: wanted) else {
      throw DSXError(
        .usage, "--pad \(wanted) is outside of the vocabulary",
        hint: "ids are 0 to \(tokenizer.vocabularySize - 1)")
    }
    return id
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
