internal import DSXCore

/// A file of CMRC2018 in SQuAD's form: articles with paragraphs, questions and answers.
struct CMRCFile: Sendable {
  /// A question about a paragraph.
  struct Question: Sendable {
    var context: String
    var text: String
    /// At least one.
    var answers: [String]
  }

  /// The questions of each article, in order. Empty articles stay, as they count.
  let articles: [[Question]]
  /// All questions, in order.
  var questions: [Question] { articles.flatMap { $0 } }

  /// Reads a file. The original takes the first paragraph of an article only (`firstParagraphOnly`).
  /// Throws `malformed` with the place in the JSON for what is not of that form.
  init(path: String, firstParagraphOnly: Bool) throws(DSXError) {
    let json = try JSONParser.parse(file: path)
    do {
      articles = try Self.articles(json, firstParagraphOnly)
    } catch { throw error.inFile(path) }
  }

  private static func articles(_ json: JSONValue, _ firstOnly: Bool) throws(DSXError)
    -> [[Question]]
  {
    guard let data = json["data"]?.array else {
      throw DSXError(
        .malformed, "there is no array 'data'",
        hint: "CMRC2018's train.json and dev.json have the form of SQuAD: {\"data\": [...]}")
    }
    var articles: [[Question]] = []
    for (number, article) in data.enumerated() {
      guard let paragraphs = article["paragraphs"]?.array, !paragraphs.isEmpty else {
        throw fault("data[\(number)]", "has no 'paragraphs'")
      }
      var questions: [Question] = []
      for (index, paragraph) in paragraphs.prefix(firstOnly ? 1 : paragraphs.count).enumerated() {
        let place = "data[\(number)].paragraphs[\(index)]"
        guard let context = paragraph["context"]?.string, let qas = paragraph["qas"]?.array else {
          throw fault(place, "has no string 'context' or no array 'qas'")
        }
        for (at, qa) in qas.enumerated() {
          questions.append(try question(qa, context, "\(place).qas[\(at)]"))
        }
      }
      articles.append(questions)
    }
    return articles
  }

  private static func question(_ qa: JSONValue, _ context: String, _ place: String)
    throws(DSXError) -> Question
  {
    guard let text = qa["question"]?.string else { throw fault(place, "has no string 'question'") }
    let answers = (qa["answers"]?.array ?? []).compactMap { $0["text"]?.string }
    guard !answers.isEmpty, answers.count == qa["answers"]?.array?.count else {
      throw fault(place, "has no answer, or one without a string 'text'")
    }
    return Question(context: context, text: text, answers: answers)
  }

  private static func fault(_ place: String, _ message: String) -> DSXError {
    DSXError(.malformed, place + " " + message)
  }
}
