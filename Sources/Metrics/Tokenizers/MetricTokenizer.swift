public import Jieba

/// A tokenizer of a metric, frozen: the same tokens in every version of dsx, named in signatures.
///
/// Each rule gives the tokens of a reference tool, which its golden cases come from.
public struct MetricTokenizer: Sendable {
  /// How a text becomes tokens.
  enum Rule: Sendable {
    case v13a
    case chinese
    case character
    case everyCharacter
    case jiebaWithBlanks(JiebaDictionary)
    case international
    case blanks
    case jieba(JiebaDictionary)
    case rouge(stem: Bool, splitsEastAsian: Bool)
    case tercom(TercomOptions)
    case rebuiltChinese
  }

  /// Its name in signatures: `13a`, `zh`, `char`, `every-char`, `intl`, `none`, `jieba`, `rouge`,
  /// `rouge-stem`, `rouge-cjk`, `rouge-cjk-stem`, `tercom`, `modelscope`.
  public let name: String
  let rule: Rule

  init(_ name: String, _ rule: Rule) {
    self.name = name
    self.rule = rule
  }

  /// mteval-v13a as sacrebleu 2.6.0: ASCII punctuation apart, full stops and commas but between
  /// digits, dashes behind digits; the entities &quot; &amp; &lt; &gt; are resolved.
  public static let v13a = MetricTokenizer("13a", .v13a)
  /// sacrebleu's `zh`: Chinese characters one by one, the rest by 13a's rules without its entities.
  ///
  /// Characters of U+20000 and above stay together, and U+2001...2A6D are taken for Chinese: the
  /// ranges of extension B in sacrebleu are mistaken, and scores are published with them.
  public static let chinese = MetricTokenizer("zh", .chinese)
  /// sacrebleu's `char`: every code point but white space.
  public static let character = MetricTokenizer("char", .character)
  /// Every code point, white space too.
  public static let everyCharacter = MetricTokenizer("every-char", .everyCharacter)
  /// sacrebleu's `intl` (mteval-v14): Unicode punctuation but beside a digit, and symbols, apart.
  public static let international = MetricTokenizer("intl", .international)
  /// sacrebleu's `none`: split at white space, for texts that are tokenized already.
  public static let blanks = MetricTokenizer("none", .blanks)
  /// The words of jieba 0.42.1 (accurate mode, with its model) that are not white space.
  public static func jieba(_ dictionary: JiebaDictionary) -> MetricTokenizer {
    MetricTokenizer("jieba", .jieba(dictionary))
  }
  /// The same tokenizer with the words that are white space; others are as they are.
  var keepingBlanks: MetricTokenizer {
    guard case .jieba(let dictionary) = rule else { return self }
    return MetricTokenizer(name, .jiebaWithBlanks(dictionary))
  }
  /// rouge-score 0.1.2: lower case, runs of [a-z0-9]; `stem` takes words of more than three letters
  /// through Porter's stemmer with NLTK's extensions. A Chinese text has no token at all.
  public static func rouge(stem: Bool = false) -> MetricTokenizer {
    MetricTokenizer(
      stem ? "rouge-stem" : "rouge", .rouge(stem: stem, splitsEastAsian: false))
  }
  /// As `rouge`, and Chinese, Japanese and Korean characters one by one: the same tokens where a
  /// text has none of them.
  public static func rougeCJK(stem: Bool = false) -> MetricTokenizer {
    MetricTokenizer(
      stem ? "rouge-cjk-stem" : "rouge-cjk", .rouge(stem: stem, splitsEastAsian: true))
  }
  /// Tercom's normaliser as sacrebleu 2.6.0.
  public static func tercom(_ options: TercomOptions = TercomOptions()) -> MetricTokenizer {
    MetricTokenizer("tercom", .tercom(options))
  }
  /// ModelScope 1.40.2 `rebuild_chinese_str`: Chinese characters and punctuation apart, the rest at
  /// white space.
  public static let rebuiltChinese = MetricTokenizer("modelscope", .rebuiltChinese)

  /// The tokenizers without a dictionary, by name.
  public static let named: [String: MetricTokenizer] = Dictionary(
    uniqueKeysWithValues: [
      v13a, chinese, character, everyCharacter, international, blanks, rouge(), rouge(stem: true),
      rougeCJK(),
      rougeCJK(stem: true), tercom(), rebuiltChinese,
    ].map { ($0.name, $0) })

  /// The tokens of a text.
  public func tokens(of text: String) -> [String] {
    var splitter = TextSplitter(self)
    var list = TokenList()
    splitter.append(text, to: &list)
    return list.ranges.indices.map { list.string($0) }
  }
}
