/// The prompts of CMRC2018 in the form of PanGu-alpha's evaluation.
enum CMRCPrompt {
  /// What the model is asked.
  static func text(_ context: String, _ question: String) -> String {
    "阅读文章：\(context)\n问：\(question)\n答："
  }

  /// A question with its first answer.
  static func demonstration(_ context: String, _ question: CMRCFile.Question) -> String {
    text(context, question.text) + question.answers[0] + "\n"
  }

  /// Demonstrations with whole paragraphs: those shorter than 400 code points.
  static func whole(_ questions: [CMRCFile.Question]) -> [Demonstration] {
    questions.map { Demonstration(text: demonstration($0.context, $0), context: $0.context) }
      .filter { CodePoints.count($0.text) < 400 }
  }

  /// Demonstrations with one sentence that holds the answer: those shorter than 80 code points.
  static func sentences(_ questions: [CMRCFile.Question]) -> [Demonstration] {
    var found: [Demonstration] = []
    var cutFor = ""
    var sentences: [String] = []
    for question in questions {
      if question.context != cutFor || sentences.isEmpty {
        cutFor = question.context
        sentences = CMRCSentences.cut(cutFor)
      }
      for sentence in sentences where CodePoints.contains(sentence, question.answers[0]) {
        let text = demonstration(sentence, question)
        if CodePoints.count(text) < 80 {
          found.append(Demonstration(text: text, context: question.context))
        }
      }
    }
    return found
  }

  /// A demonstration, with the paragraph that it is taken from.
  struct Demonstration: Sendable {
    var text: String
    var context: String
  }
}
