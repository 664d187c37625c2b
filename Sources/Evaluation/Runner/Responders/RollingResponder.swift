internal import DSXCore
internal import Metrics
internal import Models
internal import Text

/// Perplexity: each document on its own, every id exactly once, in rolling windows.
struct RollingResponder: Responder {
  private let task: TaskDefinition
  private let settings: LanguageSettings
  private let stride: Int
  private var encoder: any TokenEncoder

  let columns: [String]

  init(_ setup: ResponderSetup, _ settings: LanguageSettings, stride: Int) throws(DSXError) {
    task = setup.task
    self.settings = settings
    self.stride = stride
    encoder = settings.model.tokenizer.makePlainTextEncoder()
    columns = [task.ids ?? task.text] + [task.mask].compactMap { $0 } + setup.sideColumns
    // A wrong stride is told before any work.
    _ = try RollingWindows(count: 0, context: settings.context, stride: stride)
  }

  /// One document's ids and which of them count.
  private struct Document {
    var ids: [Int32] = []
    var counts: [Bool] = []
    var text: String?
    var windows: [RollingWindows.Window] = []
    var problem: String?
  }

  mutating func answer(_ examples: [Example]) throws(DSXError) -> [Answer] {
    var documents: [Document] = []
    var groups: [[LikelihoodRequest]] = []
    for example in examples {
      var document = document(example)
      if document.problem == nil {
        document.windows = try RollingWindows(
          count: document.ids.count, context: settings.context, stride: stride
        ).windows
      }
      documents.append(document)
      // The windows of a document stay in one group: they share nothing, but need no more than that.
      for window in document.windows { groups.append([request(document, window)]) }
    }
    let results = try LikelihoodBatcher(
      scorer: settings.makeScorer(), budget: settings.batchTokens
    ).score(groups)
    var next = 0
    var answers: [Answer] = []
    for (example, document) in zip(examples, documents) {
      let own = results[next..<next + document.windows.count].flatMap { $0[0].values }
      next += document.windows.count
      answers.append(judge(example, document, own))
    }
    return answers
  }

  private func request(_ document: Document, _ window: RollingWindows.Window)
    -> LikelihoodRequest
  {
    let start = window.ids.lowerBound
    return LikelihoodRequest(
      ids: Array(document.ids[window.ids]),
      scored: window.targets.lowerBound - start..<window.targets.upperBound - start)
  }

  private mutating func document(_ example: Example) -> Document {
    var document = Document()
    guard let column = task.ids else {
      let text = example.text(task.text) ?? ""
      document.text = text
      document.ids = (settings.bos.map { [$0] } ?? []) + encoder.encode(text)
      document.counts = [Bool](repeating: true, count: document.ids.count)
      return document
    }
    guard let ids = example.numbers[column] else {
      document.problem = "the row has no token ids in '\(column)'"
      return document
    }
    let size = settings.model.model.info.vocabularySize
    if let bad = ids.first(where: { $0 < 0 || Int($0) >= size }) {
      document.problem = "the id \(bad) is outside of the model's vocabulary of \(size)"
      return document
    }
    document.ids = (settings.bos.map { [$0] } ?? []) + ids
    document.counts = [Bool](repeating: true, count: document.ids.count)
    if let name = task.mask {
      guard let mask = example.numbers[name], mask.count == ids.count else {
        document.problem = "the row's '\(name)' has another length than its ids"
        return document
      }
      let shift = document.ids.count - ids.count
      for (place, value) in mask.enumerated() where value == 0 {
        document.counts[shift + place] = false
      }
      // Padding at the end is never computed.
      let end = (document.counts.lastIndex(of: true) ?? -1) + 1
      document.ids.removeLast(document.ids.count - end)
      document.counts.removeLast(document.counts.count - end)
    }
    return document
  }

  private func judge(_ example: Example, _ document: Document, _ values: [Double]) -> Answer {
    var hash = SHA256()
    if let text = document.text {
      hash.update(text)
    } else {
      for id in document.ids { hash.update("\(id) ") }
    }
    let digest = hash.hexDigest()
    var answer = Answer(status: .ok, inputHash: digest)
    let counted = zip(values, document.counts.dropFirst()).filter(\.1).map(\.0)
    if let problem = document.problem
      ?? (counted.isEmpty ? "the text has no token to predict" : nil)
    {
      answer = .failed(problem, hash: digest)
      answer.details = task.sideDetails(example)
      return answer
    }
    let nll = -counted.reduce(0, +)
    guard nll.isFinite else {
      return .failed("the model gave a likelihood that is not finite", hash: digest)
    }
    let text =
      document.text ?? (try? settings.model.tokenizer.decode(document.ids)) ?? ""
    answer.tokens = document.ids.count
    answer.details = [
      .init("nll", .double(nll)), .init("scored_ids", .int(Int64(counted.count))),
      .init("words", .int(Int64(WordCount.words(in: text)))),
      .init("bytes", .int(Int64(text.utf8.count))),
      .init("windows", .int(Int64(document.windows.count))),
      .init("token_nll", .array(counted.map { .double(-$0) })),
      .init("input_ids", .array(document.ids.map { .int(Int64($0)) })),
      .init("text", .string(Demonstrations.cut(text, 400))),
    ]
    answer.details += task.sideDetails(example)
    return answer
  }
}
