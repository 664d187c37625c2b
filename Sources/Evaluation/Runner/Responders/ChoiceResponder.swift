internal import DSXCore
internal import Datasets
internal import Models
internal import Text

/// Choices by prompt: the log-likelihood of each choice's ids; the smallest loss is the answer, the
/// first one of equals.
struct ChoiceResponder: Responder {
  let task: TaskDefinition
  let rule: ScoringRule
  let settings: LanguageSettings
  private let maker: ChoiceMaker
  private let prompt: PromptTemplate
  let gold: String
  private let seed: UInt64
  private let wantsUnconditional: Bool
  private var demonstrations: Demonstrations?
  private var generator: PCG64
  private var prompter: ChoicePrompter

  /// The choices of examples that are admitted and not answered yet, by row.
  private var drawn: [Int: (ChoiceList?, String?)] = [:]

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
    prompter = try ChoicePrompter(prompt, rule, settings, homes: setup.homes)
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

  private static func request(_ prompt: ChoicePrompt) -> LikelihoodRequest {
    LikelihoodRequest(ids: prompt.ids, scored: prompt.scored)
  }

  /// What is asked for one example.
  struct Plan {
    var choices: ChoiceList?
    var prompts: [ChoicePrompt] = []
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
      var one: ChoicePrompt
      if let tail = task.continuation {
        let context = shots + prompt.fill(values)
        let text = tail.fill(values)
        hash.update(context + text + "\n")
        one = prompter.continued(context, text)
      } else {
        let text = shots + prompt.fill(values)
        hash.update(text + "\n")
        one = prompter.whole(text, shots: shots, word: word)
      }
      if let failure = prompter.fit(&one) {
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
        var one = prompter.continued("", tail.fill(values))
        if let failure = prompter.fit(&one) {
          plan.prompts = []
          plan.answer = .failed("without its question: " + failure, hash: plan.hash)
          return plan
        }
        plan.prompts.append(one)
      }
    }
    return plan
  }
}
