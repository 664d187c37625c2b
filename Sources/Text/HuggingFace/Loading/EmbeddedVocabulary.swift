/// A vocabulary as plain lists, as GGUF files carry it inside: one entry for each id.
public struct EmbeddedVocabulary: Sendable {
  /// How text becomes pieces.
  public enum Model: String, Sendable, CaseIterable {
    /// Byte-level BPE with merges; `preTokenizer` says how text is split.
    case bytePairs = "gpt2"
    /// SentencePiece's BPE with byte fallback: pairs join in the order of the pieces' scores.
    case sentencePieces = "llama"
  }

  /// What a token is, by its number in the file.
  public enum Kind: Int, Sendable {
    /// A piece of text.
    case normal = 1
    /// Stands for what the vocabulary lacks.
    case unknown = 2
    /// Never made from text: special.
    case control = 3
    /// Found in text before it is split.
    case userDefined = 4
    /// Not used.
    case unused = 5
    /// One byte: `<0x0A>`.
    case byte = 6
  }

  /// How text becomes pieces.
  public var model: Model
  /// The name of the splitting rule of `bytePairs`; nil where the file names none.
  public var preTokenizer: String?
  /// The spelling of each id.
  public var tokens: [String]
  /// What each id is; as many as tokens, or none: all normal.
  public var kinds: [Kind] = []
  /// Each piece's score for `sentencePieces`.
  public var scores: [Double] = []
  /// The merges of `bytePairs` in rank order, two pieces with a blank between them.
  public var merges: [String] = []
  /// The ids of the tokens that play a role.
  public var roles: [SpecialTokens.Role: Int] = [:]
  /// Whether a blank is put in front of a text.
  public var addsSpacePrefix = true
  /// What else is said.
  public var settings = TokenizerSettings()

  /// A vocabulary.
  public init(model: Model, tokens: [String]) {
    self.model = model
    self.tokens = tokens
  }

  func kind(_ id: Int) -> Kind { kinds.isEmpty ? .normal : kinds[id] }
}
