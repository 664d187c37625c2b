/// A word and where it stands: `jieba.tokenize`.
public struct JiebaWord: Equatable, Sendable {
  /// The word.
  public var word: String
  /// Its place in the text, in code points.
  public var range: Range<Int>
}
