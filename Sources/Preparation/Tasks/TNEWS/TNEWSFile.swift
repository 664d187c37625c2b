internal import DSXCore

/// A file of TNEWS: JSON lines with `label_desc` and `sentence`.
struct TNEWSFile: Sendable {
  /// One piece of news.
  struct News: Sendable {
    /// The word of its label.
    var word: String
    /// The headline.
    var sentence: String
  }

  let news: [News]

  /// Reads a file. Throws `malformed` with file and line for a line without label or sentence.
  init(path: String, labels: TNEWSLabels, compatible: Bool) throws(DSXError) {
    var found: [News] = []
    try ExampleLines.read(path, blankLines: compatible) { (value, line) throws(DSXError) in
      guard let name = value["label_desc"]?.string else {
        throw DSXError(
          .malformed, "the line has no string 'label_desc'", line: line,
          hint: "a test file without labels cannot be evaluated; take dev.json")
      }
      guard let sentence = value["sentence"]?.string else {
        throw DSXError(.malformed, "the line has no string 'sentence'", line: line)
      }
      found.append(News(word: try labels.word(of: name, line: line), sentence: sentence))
    }
    guard !found.isEmpty else {
      throw DSXError(.nothingToDo, "the file has no examples", file: path)
    }
    news = found
  }

  /// The positions of `count` pieces of news, as evenly over the labels as it goes: from each label, in
  /// the order of their words, the first few of a shuffle; all of them shuffled; the first `count`.
  func balanced(_ count: Int, _ generator: inout PCG64) -> [Int] {
    let words = Set(news.map(\.word)).sorted(by: CodePoints.precedes)
    var groups: [[Int]] = []
    for word in words {
      // The shuffles come label by label, before any other draw.
      var group = news.indices.filter { news[$0].word == word }
      generator.shuffle(&group)
      groups.append(group)
    }
    let each = (max(1, count) - 1) / max(1, groups.count) + 1
    var chosen = groups.flatMap { $0.prefix(each) }
    generator.shuffle(&chosen)
    return Array(chosen.prefix(count))
  }
}
