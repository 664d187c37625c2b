internal import DSXCore
internal import Datasets
internal import Models
internal import Text

/// Answers that a language model writes behind a prompt: greedy, until a stop text or a number of ids.
struct GenerateResponder: Responder {
  private let task: TaskDefinition
  private let settings: LanguageSettings
  private let maximumTokens: Int
  private let seed: UInt64
  private let gold: String
  private let choices: [String]
  private let endings: [Int32]
  private var demonstrations: Demonstrations?
  private var encoder: any TokenEncoder

  let columns: [String]

  init(_ setup: ResponderSetup, _ settings: LanguageSettings) throws(DSXError) {
    task = setup.task
    self.settings = settings
    guard let gold = task.gold, let most = setup.options.maximumTokens ?? task.maximumTokens else {
      throw DSXError(.internal, "a generation task without gold or max_tokens")
    }
    self.gold = gold
    maximumTokens = most
    seed = setup.seed
    choices = setup.labels?.words ?? []
    endings = try settings.model.endOfTextIDs()
    encoder = settings.model.tokenizer.makePlainTextEncoder()
    guard most < settings.context else {
      throw DSXError(
        .usage, "\(most) new tokens leave no room for a prompt in \(settings.context) positions",
        hint: "give fewer with --max-tokens")
    }
    if let ids = task.ids {
      columns = [ids, gold] + [task.mask].compactMap { $0 } + setup.sideColumns
    } else {
      columns = (task.prompt?.fields ?? []) + [gold, task.text] + setup.sideColumns
    }
    if let fewShot = setup.fewShot {
      var generator = PCG64(seed: seed)
      demonstrations = try Demonstrations(
        try Self.demonstrations(
          setup.target.demonstrationSplit(fewShot.spec.split), task, fewShot.spec, gold),
        fewShot.spec, count: fewShot.count, &generator)
    }
  }

  private static func demonstrations(
    _ dataset: MsDataset, _ task: TaskDefinition, _ spec: FewShot, _ gold: String
  ) throws(DSXError) -> [Demonstration] {
    guard let prompt = spec.prompt ?? task.prompt else { return [] }
    let columns = prompt.fields.filter { $0 != "answer" } + [gold, task.text]
    var reader = try ExampleReader(dataset, columns: columns, id: nil)
    var found: [Demonstration] = []
    while let examples = try reader.next() {
      for example in examples {
        guard let answer = example.answers(gold).first else { continue }
        var values = example.fields(columns)
        values["answer"] = answer
        let text = prompt.fill(values) + (spec.prompt == nil ? answer : "")
        found.append(
          Demonstration(
            key: example.text(task.text) ?? "", group: "",
            text: Demonstrations.cut(text, spec.cut)))
      }
    }
    return found
  }

  private struct Plan {
    var ids: [Int32] = []
    var text = ""
    var problem: String?
    var skipped: String?
  }

  mutating func answer(_ examples: [Example]) throws(DSXError) -> [Answer] {
    var plans: [Plan] = []
    for example in examples { plans.append(plan(example)) }
    let asked = plans.indices.filter { plans[$0].problem == nil && plans[$0].skipped == nil }
    let writer = GreedyWriter(
      tokenizer: settings.model.tokenizer, endings: endings, until: task.until,
      maximumTokens: maximumTokens)
    // The longest first, so that a batch holds prompts of about one length.
    let order = asked.sorted { (plans[$1].ids.count, $0) < (plans[$0].ids.count, $1) }
    var written: [Int: GreedyWriter.Output] = [:]
    var start = 0
    while start < order.count {
      var end = start
      var tokens = 0
      while end < order.count {
        let own = plans[order[end]].ids.count + maximumTokens
        if end > start, tokens + own > settings.batchTokens { break }
        tokens += own
        end += 1
      }
      let batch = order[start..<end]
      let session = try settings.makeSession()
      let outputs = try writer.write(batch.map { plans[$0].ids }, session)
      for (place, output) in zip(batch, outputs) { written[place] = output }
      start = end
    }
    return examples.indices.map { judge(examples[$0], plans[$0], written[$0]) }
  }

  private mutating func plan(_ example: Example) -> Plan {
    var plan = Plan()
    if let right = example.text(gold), task.skipGold.contains(right) {
      plan.skipped = "the right answer is '\(right)'"
      return plan
    }
    if let column = task.ids {
      guard let ids = example.numbers[column] else {
        plan.problem = "the row has no token ids in '\(column)'"
        return plan
      }
      plan.ids = ids
      if let name = task.mask {
        guard let mask = example.numbers[name], mask.count == ids.count else {
          plan.problem = "the row's '\(name)' has another length than its ids"
          return plan
        }
        plan.ids = zip(ids, mask).filter { $0.1 != 0 }.map(\.0)
      }
      let size = settings.model.model.info.vocabularySize
      if let bad = plan.ids.first(where: { $0 < 0 || Int($0) >= size }) {
        plan.problem = "the id \(bad) is outside of the model's vocabulary of \(size)"
        return plan
      }
      plan.text = (try? settings.model.tokenizer.decode(plan.ids)) ?? ""
    } else {
      let shots =
        demonstrations?.text(for: example.text(task.text) ?? "", row: example.row, seed: seed)
        ?? ""
      plan.text = shots + (task.prompt?.fill(example.fields(columns)) ?? "")
      plan.ids = encoder.encode(plan.text)
    }
    fit(&plan)
    return plan
  }

  /// Brings a prompt to the room that is left beside the answer; the begin-of-text id stays.
  private func fit(_ plan: inout Plan) {
    let room = settings.context - maximumTokens - (settings.bos == nil ? 0 : 1)
    if plan.ids.count > room {
      switch settings.onLong {
      case .truncateLeft: plan.ids.removeFirst(plan.ids.count - room)
      case .truncateRight: plan.ids.removeLast(plan.ids.count - room)
      case .error, .window:
        plan.problem =
          "the prompt has \(plan.ids.count) ids, there is room for \(room) beside "
          + "\(maximumTokens) new ones: nothing is cut silently"
      }
    }
    if let bos = settings.bos { plan.ids.insert(bos, at: 0) }
    if plan.ids.isEmpty { plan.problem = "the prompt is empty" }
  }

  private func judge(_ example: Example, _ plan: Plan, _ output: GreedyWriter.Output?) -> Answer {
    if let skipped = plan.skipped { return Answer(status: .skipped, reason: skipped) }
    let hash = SHA256.hex(plan.text)
    guard let output else {
      var answer = Answer.failed(plan.problem ?? "there is no answer", hash: hash)
      answer.details = task.sideDetails(example)
      return answer
    }
    var text = output.text
    for filter in task.filters { text = filter.apply(text, choices: choices) }
    let answers = goldTexts(example)
    var answer = Answer(status: .ok, inputHash: hash)
    answer.prediction = .string(text)
    answer.gold = .array(answers.map { .string($0) })
    answer.tokens = plan.ids.count
    answer.details = [
      .init("raw", .string(output.text)),
      .init("new_ids", .array(output.ids.map { .int(Int64($0)) })),
      .init("finish", .string(output.finish.rawValue)),
      .init("minimum_margin", output.minimumMargin.map { .double($0) } ?? .null),
      .init("text", .string(example.text(task.text) ?? Demonstrations.cut(plan.text, 400))),
    ]
    answer.details += task.sideDetails(example)
    return answer
  }

  private func goldTexts(_ example: Example) -> [String] {
    if task.ids != nil {
      // Answers of prepared rows: JSON as bytes, or token ids.
      if let bytes = example.bytes[gold], let list = try? JSONParser.parse(bytes).array {
        return list.compactMap(\.string)
      }
      if let ids = example.numbers[gold] {
        return [(try? settings.model.tokenizer.decode(ids)) ?? ""]
      }
    }
    return task.goldTexts(example)
  }
}

extension TaskDefinition {
  /// The right answers of an example, through the filters where these take something out of a text,
  /// so that `#### 42` of the data is compared as `42`.
  func goldTexts(_ example: Example) -> [String] {
    let taken: [AnswerFilter] = [.finalNumber, .firstNumber, .lastNumber]
    let filter = filters.first { taken.contains($0) }
    let texts = gold.map { example.answers($0) } ?? []
    guard let filter else { return texts }
    return texts.map { text in
      let number = filter.apply(text)
      return number.isEmpty ? text : number
    }
  }
}
