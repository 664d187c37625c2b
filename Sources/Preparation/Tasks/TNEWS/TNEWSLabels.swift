internal import DSXCore

/// The labels of TNEWS and the Chinese words that prompts name them by.
struct TNEWSLabels: Sendable {
  /// One label.
  struct Label: Sendable {
    /// As the data names it, e.g. `news_tech`.
    var name: String
    /// As a prompt names it, e.g. `科技`.
    var word: String
  }

  /// In the order of the label file.
  let labels: [Label]

  /// The fifteen labels of the data set.
  static let standard = TNEWSLabels(labels: [
    Label(name: "news_story", word: "故事"), Label(name: "news_culture", word: "文化"),
    Label(name: "news_entertainment", word: "娱乐"), Label(name: "news_sports", word: "体育"),
    Label(name: "news_finance", word: "财经"), Label(name: "news_house", word: "房产"),
    Label(name: "news_car", word: "汽车"), Label(name: "news_edu", word: "教育"),
    Label(name: "news_tech", word: "科技"), Label(name: "news_military", word: "军事"),
    Label(name: "news_travel", word: "旅行"), Label(name: "news_world", word: "世界"),
    Label(name: "news_stock", word: "股票"), Label(name: "news_agriculture", word: "农业"),
    Label(name: "news_game", word: "游戏"),
  ])

  private init(labels: [Label]) { self.labels = labels }

  /// Reads a labels.json: JSON lines with `label_desc`, and `label_desc_ch` where words are given.
  ///
  /// Without any word the standard ones are taken. The original stops reading at the first line
  /// without one (`compatible`); else a file that gives words to some labels only is refused.
  init(path: String, compatible: Bool) throws(DSXError) {
    var found: [Label] = []
    var bare: (name: String, line: Int)?
    try ExampleLines.read(path, blankLines: compatible) { (value, line) throws(DSXError) in
      guard let name = value["label_desc"]?.string else {
        throw DSXError(.malformed, "the line has no string 'label_desc'", line: line)
      }
      if let word = value["label_desc_ch"]?.string {
        if bare == nil || !compatible { found.append(Label(name: name, word: word)) }
      } else if bare == nil {
        bare = (name, line)
      }
    }
    guard !found.isEmpty else {
      self = .standard
      return
    }
    if let bare, !compatible {
      throw DSXError(
        .malformed, "the label '\(bare.name)' has no 'label_desc_ch', others have one", file: path,
        line: bare.line, hint: "give every label a Chinese word, or none")
    }
    labels = found
  }

  /// The word of a label. Throws `malformed` for one that is not there.
  func word(of name: String, line: Int) throws(DSXError) -> String {
    // As in a Python dict, the last line of a name counts.
    guard let label = labels.last(where: { $0.name == name }) else {
      throw DSXError(
        .malformed, "the label '\(name)' is not in the label file", line: line,
        hint: "the labels are: " + labels.map(\.name).joined(separator: ", "))
    }
    return label.word
  }

  /// All words, each once, in the order of the file.
  var words: [String] {
    var seen: Set<String> = []
    return labels.map(\.word).filter { seen.insert($0).inserted }
  }
}
