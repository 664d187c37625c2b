/// The three ways in which jieba cuts.
public enum JiebaMode: String, CaseIterable, Sendable {
  /// The most probable words, without overlaps: `jieba.cut`.
  case accurate
  /// Every word of the dictionary that the text holds, overlaps too: `jieba.cut(text, cut_all=True)`.
  case full
  /// The accurate words, and before each long one the shorter words inside: `jieba.cut_for_search`.
  case search
}
