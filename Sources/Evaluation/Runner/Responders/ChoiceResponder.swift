internal import DSXCore
internal import Datasets
internal import Jieba
internal import Metrics
internal import Models
internal import Text

/// Choices by prompt: the log-likelihood of each choice's ids; the smallest loss is the answer, the
/// first one of equals.
struct ChoiceResponder: Responder {
  private let task: TaskDefinition
  private let rule: ScoringRule
  private let settings: LanguageSettings
  private let maker: ChoiceMaker
  private let prompt: PromptTemplate
  private let gold: String
  private let seed: UInt64
  private let wantsUnconditional: Bool
  private var demonstrations: Demonstrations?
  private var generator: PCG64
  private var encoder: any TokenEncoder
  private var cutter: JiebaCutter?
  private var frames: [Frame: (ids: Int, words: Int)] = [:]

  /// The choices of examples that are admitted and not answered yet, by row.
  private var drawn: [Int: (ChoiceList?, String?)] = [:]

  /// A prompt with empty data fields, by what is in front of it.
  private struct Frame: Hashable {
    let shots: String
    let word: String
  }

  /// The ids of one choice, and those that its loss is made of.
  private struct Prompt {
    var ids: [Int32]
    var scored: Range<Int>
  }

  let columns: [String]

  init(_ setup: ResponderSetup, _ settings: LanguageSettings) throws(DSXError) {
    task = setup.target.task
    self.settings = settings
    guard let prompt = task.prompt, let gold = task.gold, let rule = setup.rule else {
      throw DSXError(.internal, "a choice task without prompt, gold or rule")
    }
    self.prompt = prompt
    self.gold = gold
    self.rule = rule
    seed = setup.seed
    generator = PCG64(seed: seed)
    encoder = settings.model.tokenizer.makePlainTextEncoder()
    cutter =
      rule == .panguMask ? JiebaCutter(try JiebaDictionary.load(homes: setup.homes)) : nil
    wantsUnconditional = task.metrics.contains { $0.metric == "acc-mutual-info" }
    let templates = prompt.fields + (task.continuation?.fields ?? [])
    var names = templates.filter { $0 != "label" && $0 != "choice" } + [gold, task.text]
    names += task.choices?.columns ?? []
    columns = names + setup.sideColumns
    var pool: [Int] = []
    let fewShot = setup.fewShot
    if let fewShot {
      let source = try setup.target.demonstrationSplit(fewShot.spec.split)
      let all = try Self.demonstrations(source, task, setup.labels, fewShot.spec, gold)
      demonstrations = try Demonstrations(
        all, fewShot.spec, count: fewShot.count, &generator)
    }
    if let draw = task.candidates, let labels = setup.labels {
      pool = Array(labels.words.indices)
      if draw.onlyPresent {
        var present: Set<Int> = []
        var reader = try ExampleReader(setup.target.dataset, columns: [gold], id: nil)
        while let examples = try reader.next() {
          for example in examples {
            if let place = labels.place(of: example.text(gold) ?? "") { present.insert(place) }
          }
        }
        pool = present.sorted {
          labels.words[$0].utf8.lexicographicallyPrecedes(labels.words[$1].utf8)
        }
      }
      guard pool.count >= draw.count else {
        throw DSXError(
          .usage, "\(draw.count) candidates are asked for, the data has \(pool.count) labels")
      }
    }
    maker = ChoiceMaker(
      labels: setup.labels, source: task.choices, draw: task.candidates, pool: pool)
  }

  /// Every row of the split as a demonstration.
  private static func demonstrations(
    _ dataset: MsDataset, _ task: TaskDefinition, _ labels: LabelTable?, _ spec: FewShot,
    _ gold: String
  ) throws(DSXError) -> [Demonstration] {
    guard let prompt = spec.prompt ?? task.prompt else { return [] }
    let tail = spec.prompt == nil ? task.continuation : nil
    let fields = prompt.fields + (tail?.fields ?? [])
    var columns = fields.filter { $0 != "label" && $0 != "choice" } + [gold, task.text]
    columns += task.choices?.columns ?? []
    let maker = ChoiceMaker(labels: labels, source: task.choices, draw: nil)
    var reader = try ExampleReader(dataset, columns: columns, id: nil)
    var none = PCG64(seed: 0)
    var found: [Demonstration] = []
    while let examples = try reader.next() {
      for example in examples {
        let answer = example.text(gold) ?? ""
        guard let choices = maker.choices(example, gold: answer, &none).0 else { continue }
        var values = example.fields(columns)
        let word = choices.words[choices.gold]
        values["label"] = word
        values["choice"] = word
        let text = prompt.fill(values) + (tail?.fill(values) ?? "")
        found.append(
          Demonstration(
            key: example.text(task.text) ?? "", group: word,
            text: Demonstrations.cut(text, spec.cut)))
      }
    }
    return found
  }

  mutating func pass(_ example: Example) throws(DSXError) {
    guard task.candidates != nil else { return }
    _ = maker.choices(example, gold: example.text(gold) ?? "", &generator)
  }

  mutating func admit(_ example: Example) throws(DSXError) {
    drawn[example.row] = maker.choices(example, gold: example.text(gold) ?? "", &generator)
  }

  mutating func answer(_ examples: [Example]) throws(DSXError) -> [Answer] {
    var groups: [[LikelihoodRequest]] = []
    var plans: [Plan] = []
    for example in examples {
      let plan = plan(example)
      plans.append(plan)
      // Choices without an id to score are not asked for: their loss is 0, as in the original.
      groups.append(plan.prompts.filter { !$0.scored.isEmpty }.map(Self.request))
    }
    let results = try LikelihoodBatcher(
      scorer: settings.makeScorer(), budget: settings.batchTokens
    ).score(groups)
    return zip(zip(examples, plans), results).map { pair, result in
      judge(pair.0, pair.1, result)
    }
  }

  private static func request(_ prompt: Prompt) -> LikelihoodRequest {
    LikelihoodRequest(ids: prompt.ids, scored: prompt.scored)
  }

  /// What is asked for one example.
  private struct Plan {
    var choices: ChoiceList?
    var prompts: [Prompt] = []
    var hash = ""
    var answer: Answer?
  }

  private mutating func plan(_ example: Example) -> Plan {
    var plan = Plan()
    let right = example.text(gold) ?? ""
    let (made, problem) = drawn.removeValue(forKey: example.row) ?? (nil, nil)
    if task.skipGold.contains(where: { $0.utf8.elementsEqual(right.utf8) }) {
      plan.answer = Answer(status: .skipped, reason: "the right answer is '\(right)'")
      return plan
    }
    guard let choices = made else {
      plan.answer = .failed(problem ?? "the example has no choices")
      return plan
    }
    plan.choices = choices
    var values = example.fields(columns)
    let shots =
      demonstrations?.text(for: example.text(task.text) ?? "", row: example.row, seed: seed) ?? ""
    var hash = SHA256()
    for word in choices.words {
      values["label"] = word
      values["choice"] = word
      var one: Prompt
      if let tail = task.continuation {
        let context = shots + prompt.fill(values)
        let text = tail.fill(values)
        hash.update(context + text + "\n")
        one = continued(context, text)
      } else {
        let text = shots + prompt.fill(values)
        hash.update(text + "\n")
        one = whole(text, shots: shots, word: word)
      }
      if let failure = fit(&one) {
        plan.prompts = []
        plan.answer = .failed(failure, hash: hash.hexDigest())
        return plan
      }
      plan.prompts.append(one)
    }
    plan.hash = hash.hexDigest()
    if wantsUnconditional, let tail = task.continuation {
      for word in choices.words {
        values["label"] = word
        values["choice"] = word
        plan.prompts.append(continued("", tail.fill(values)))
      }
    }
    return plan
  }

  /// The ids of a whole prompt, scored as the rule says.
  private mutating func whole(_ text: String, shots: String, word: String) -> Prompt {
    let start = settings.bos == nil ? 0 : 1
    let ids = (settings.bos.map { [$0] } ?? []) + encoder.encode(text)
    var first = 1
    if rule.needsFrame {
      let frame = frame(shots, word)
      first = rule == .panguMask ? frame.words : frame.ids
    } else if !shots.isEmpty {
      // The demonstrations are the same for every choice; what follows them is scored.
      let common = zip(encoder.encode(shots), ids.dropFirst(start)).prefix { $0 == $1 }.count
      first = start + common
    }
    first = min(max(1, first), ids.count)
    return Prompt(ids: ids, scored: first..<ids.count)
  }

  /// Ids (bos included) and jieba words of a prompt with empty data fields.
  private mutating func frame(_ shots: String, _ word: String) -> (ids: Int, words: Int) {
    let key = Frame(shots: shots, word: word)
    if let known = frames[key] { return known }
    let empty = shots + prompt.fill(["label": word, "choice": word])
    let ids = encoder.encode(empty).count + (settings.bos == nil ? 0 : 1)
    let frame = (ids: ids, words: cutter?.words(empty).count ?? 0)
    // Demonstrations of every example's own would fill the memory.
    if frames.count > 4096 { frames = [:] }
    frames[key] = frame
    return frame
  }

  /// The ids of a context and its continuation, of which only the continuation is scored. As lm-eval,
  /// blanks at the end of the context belong to the continuation, and the two are encoded together.
  private mutating func continued(_ context: String, _ continuation: String) -> Prompt {
    var scalars = Array(context.unicodeScalars)
    while let last = scalars.last, last.properties.isWhitespace { scalars.removeLast() }
    let bare = String(String.UnicodeScalarView(scalars))
    let begin = settings.bos ?? (bare.isEmpty ? settings.model.bosID ?? settings.model.eosID : nil)
    let start = begin == nil ? 0 : 1
    let ids = (begin.map { [$0] } ?? []) + encoder.encode(context + continuation)
    let first = max(1, min(ids.count, start + (bare.isEmpty ? 0 : encoder.encode(bare).count)))
    return Prompt(ids: ids, scored: min(first, ids.count)..<ids.count)
  }

  /// Brings a prompt to the model's length, or says why it cannot be scored.
  private func fit(_ one: inout Prompt) -> String? {
    let longest = settings.context + 1
    if one.ids.count > longest {
      switch settings.onLong {
      case .truncateLeft:
        let cut = one.ids.count - longest
        one.ids.removeFirst(cut)
        one.scored = max(1, one.scored.lowerBound - cut)..<one.ids.count
      case .truncateRight:
        // The original rows have as many ids as the model has positions.
        one.ids.removeLast(one.ids.count - settings.context)
        one.scored = min(one.scored.lowerBound, one.ids.count)..<one.ids.count
      case .error, .window:
        return "a prompt has \(one.ids.count) ids, the model takes \(longest): "
          + "nothing is cut silently"
      }
    }
    if one.ids.count < 2 { return "a prompt has no id to predict" }
    if one.scored.isEmpty, rule != .panguMask { return "the text has no id to score" }
    return nil
  }

  private func judge(_ example: Example, _ plan: Plan, _ results: [Likelihoods]) -> Answer {
    guard let choices = plan.choices, plan.answer == nil else {
      var answer = plan.answer ?? .failed("the example has no choices")
      if answer.status != .skipped { answer.gold = .string(example.text(gold) ?? "") }
      answer.details = sideDetails(example)
      return answer
    }
    var totals: [Double] = []
    var losses: [Double] = []
    var greedy: [Bool] = []
    var unconditional: [Double] = []
    var tokens = 0
    var next = 0
    for (place, prompt) in plan.prompts.enumerated() {
      var total = 0.0
      var isGreedy = false
      if !prompt.scored.isEmpty {
        (total, isGreedy) = (results[next].total, results[next].isGreedy)
        next += 1
      }
      tokens += prompt.ids.count
      if place < choices.words.count {
        totals.append(total)
        greedy.append(isGreedy)
        losses.append(loss(total, prompt.scored.count, choices.words[place]))
      } else {
        unconditional.append(total)
      }
    }
    guard losses.allSatisfy(\.isFinite), let chosen = LabelScoringRule.choose(losses) else {
      return .failed("the model gave a loss that is not finite", hash: plan.hash)
    }
    let second = losses.indices.filter { $0 != chosen }.map { losses[$0] }.min()
    var answer = Answer(status: .ok, inputHash: plan.hash)
    answer.prediction = .string(choices.names[chosen])
    answer.gold = .string(choices.names[choices.gold])
    answer.tokens = tokens
    func numbers(_ values: [Double]) -> JSONValue { .array(values.map { .double($0) }) }
    answer.details = [
      .init("correct", .bool(chosen == choices.gold)),
      .init("margin", .double(second.map { $0 - losses[chosen] } ?? 0)),
      .init("gold_index", .int(Int64(choices.gold))),
      .init("prediction_index", .int(Int64(chosen))),
      .init("losses", .object(zip(choices.names, losses).map { .init($0, .double($1)) })),
      .init("log_likelihoods", numbers(totals)),
      .init("probabilities", numbers(MultipleChoice.shares(losses.map { -$0 }))),
      .init("scored_ids", .array(plan.prompts.map { .int(Int64($0.scored.count)) })),
    ]
    if settings.hasGreedy {
      answer.details.append(.init("greedy", .array(greedy.map { .bool($0) })))
    }
    if !unconditional.isEmpty {
      answer.details.append(.init("unconditional", numbers(unconditional)))
    }
    if task.choices != nil || task.candidates != nil {
      answer.details.append(.init("choices", .array(choices.words.map { .string($0) })))
    }
    answer.details.append(.init("text", .string(example.text(task.text) ?? "")))
    answer.details += sideDetails(example)
    return answer
  }

  private func loss(_ total: Double, _ count: Int, _ word: String) -> Double {
    switch rule {
    case .sum, .sentenceSum: -total
    case .mean, .sentenceMean: count == 0 ? 0 : -total / Double(count)
    case .panguMask: -total / (Double(count) + 1e-5)
    case .characters: -total / Double(max(1, word.unicodeScalars.count))
    case .bytes: -total / Double(max(1, word.utf8.count))
    }
  }

  private func sideDetails(_ example: Example) -> [JSONValue.Member] {
    task.sideDetails(example)
  }
}
