/// The prompt of TNEWS: `这是关于{label}的文章：{sentence}`.
enum TNEWSPrompt {
  /// The prompt of one label.
  static func text(_ word: String, _ sentence: String) -> String { "这是关于\(word)的文章：\(sentence)" }

  /// A demonstration: cut to 150 code points, as the original does it.
  static func demonstration(_ news: TNEWSFile.News) -> String {
    CodePoints.prefix(text(news.word, news.sentence), 150)
  }
}
