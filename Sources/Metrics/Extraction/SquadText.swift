/// Answers as the SQuAD scripts compare them.
public enum SquadText {
  /// Lower case, without ASCII punctuation, the words a, an and the, and superfluous blanks:
  /// `normalize_answer` of the official scripts.
  public static func normalised(_ answer: String) -> String {
    words(answer).joined(separator: " ")
  }

  /// The words of the normalised answer.
  static func words(_ answer: String) -> [String] {
    let text = PythonText.lowered(answer).filter {
      !PythonText.isASCIIPunctuation($0)
    }
    // An article is a whole run of word characters; it becomes a blank.
    var kept: [Unicode.Scalar] = []
    var start = 0
    while start < text.count {
      guard PythonText.isWord(text[start]) else {
        kept.append(text[start])
        start += 1
        continue
      }
      var end = start
      while end < text.count, PythonText.isWord(text[end]) { end += 1 }
      let run = text[start..<end]
      if end - start <= 3, ["a", "an", "the"].contains(PythonText.string(run)) {
        kept.append(" ")
      } else {
        kept += run
      }
      start = end
    }
    return PythonText.words(kept).map(PythonText.string)
  }
}
