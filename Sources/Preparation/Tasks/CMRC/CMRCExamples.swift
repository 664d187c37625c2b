internal import DSXCore

/// The rows of a CMRC2018 file in order, with everything that is drawn at random.
///
/// Compatible: NumPy's legacy generator with seed 666. For every question one whole demonstration and
/// then five of one sentence are drawn, with replacement, whatever `shots` is; a demonstration is left out
/// when it would bring the prompt to `length` - 10 code points. 500 articles, their first paragraphs,
/// 100 questions each.
///
/// Else PCG64 draws for the asked number only, without replacement, and never from the paragraph that
/// the question is about; how many fit is decided by ids, when the row is encoded.
struct CMRCExamples {
  /// One row to come.
  struct Example: Sendable {
    var demonstrations: [String]
    var question: CMRCFile.Question
  }

  private let questions: [CMRCFile.Question]
  private let whole: [CMRCPrompt.Demonstration]
  private let sentences: [CMRCPrompt.Demonstration]
  private let shots: Int
  private let length: Int
  private let compatible: Bool
  private var legacy: MT19937
  private var generator: PCG64
  private var next = 0

  /// The names of `--shots`.
  static let shotNames = ["zero": 0, "one": 1, "five": 5]

  init(path: String, _ options: ExampleOptions, length: Int, compatible: Bool) throws(DSXError) {
    shots = options.shots ?? 0
    self.length = length
    self.compatible = compatible
    let articles = options.articles ?? (compatible ? 500 : Int.max)
    let each = options.questions ?? (compatible ? 100 : Int.max)
    let file = try CMRCFile(path: path, firstParagraphOnly: compatible)
    questions = file.articles.prefix(articles).flatMap { $0.prefix(each) }
    guard !questions.isEmpty else {
      throw DSXError(.nothingToDo, "the file has no questions", file: path)
    }
    legacy = MT19937(seed: UInt32(truncatingIfNeeded: options.seed ?? 666))
    generator = PCG64(seed: options.seed ?? 666)
    guard let train = options.train else {
      guard shots == 0, !compatible else {
        throw DSXError(
          .usage, "the demonstrations come from the training file, which is not given",
          hint: "add --train train.json"
            + (compatible ? "; under --compat they are drawn even for zero shots" : ""))
      }
      (whole, sentences) = ([], [])
      return
    }
    let known = try CMRCFile(path: train, firstParagraphOnly: compatible).questions
    whole = CMRCPrompt.whole(known)
    sentences = CMRCPrompt.sentences(known)
    guard !compatible || (!whole.isEmpty && !sentences.isEmpty) else {
      throw DSXError(
        .malformed, "no question of the file is short enough for a demonstration", file: train)
    }
  }

  /// Number of rows.
  var count: Int { questions.count }

  /// The next row, or nil after the last.
  mutating func nextExample() -> Example? {
    guard next < questions.count else { return nil }
    let question = questions[next]
    next += 1
    guard compatible else { return Example(demonstrations: drawn(question), question: question) }
    let own = CodePoints.count(CMRCPrompt.text(question.context, question.text))
    let one = legacyDrawn(whole, 1, own)
    let five = legacyDrawn(sentences, 5, own)
    return Example(demonstrations: shots == 0 ? [] : shots == 1 ? one : five, question: question)
  }

  private mutating func legacyDrawn(
    _ pool: [CMRCPrompt.Demonstration], _ count: Int, _ own: Int
  ) -> [String] {
    var taken: [String] = []
    var size = 0
    for index in legacy.choice(UInt32(truncatingIfNeeded: pool.count), count) {
      let more = CodePoints.count(pool[index].text)
      if size + more < length - own - 10 {
        taken.append(pool[index].text)
        size += more
      }
    }
    return taken
  }

  /// `shots` different demonstrations of other paragraphs; fewer when there are no more.
  private mutating func drawn(_ question: CMRCFile.Question) -> [String] {
    guard shots > 0 else { return [] }
    let pool = shots == 1 ? whole : sentences
    var taken: [String] = []
    var seen: Set<Int> = []
    // Rejection keeps the cost small for large pools; the bound keeps it finite for small ones.
    for _ in 0..<(shots * 50 + 50) where taken.count < shots && !pool.isEmpty {
      let index = Int(generator.bounded(UInt32(truncatingIfNeeded: pool.count)))
      guard pool[index].context != question.context, seen.insert(index).inserted else { continue }
      taken.append(pool[index].text)
    }
    return taken
  }
}
