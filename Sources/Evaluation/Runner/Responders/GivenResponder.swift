internal import DSXCore

/// Answers that were made elsewhere: a task scores them without a model.
struct GivenResponder: Responder {
  private let task: TaskDefinition
  private let given: GivenPredictions
  private let labels: LabelTable?
  private let gold: String?

  let columns: [String]

  /// Fields of a given line that metrics read, with their names in predictions.jsonl.
  private static let taken: [(from: [String], to: String)] = [
    (["probabilities", "scores", "probs"], "probabilities"),
    (["log_likelihoods", "log-likelihoods", "lls"], "log_likelihoods"),
    (["unconditional"], "unconditional"), (["greedy", "is_greedy"], "greedy"),
    (["losses"], "losses"),
    (["no_answer_probability", "na_prob"], "no_answer_probability"),
  ]

  init(_ setup: ResponderSetup, _ given: GivenPredictions) throws(DSXError) {
    task = setup.task
    self.given = given
    labels = setup.labels
    gold = task.gold
    var names = [gold ?? "", task.text] + [task.pair].compactMap { $0 } + setup.sideColumns
    if task.request == .imageClassify || task.request == .tableClassify {
      names = [gold ?? ""] + setup.sideColumns
    }
    names += (task.choices?.columns ?? []) + task.roles.map(\.column)
    columns = names.filter { !$0.isEmpty }
    guard task.candidates == nil, task.ids == nil else {
      throw DSXError(
        .usage, "given predictions fit no task of drawn candidates or of token ids")
    }
  }

  mutating func answer(_ examples: [Example]) throws(DSXError) -> [Answer] {
    var answers: [Answer] = []
    for example in examples { answers.append(try answer(example)) }
    return answers
  }

  private func answer(_ example: Example) throws(DSXError) -> Answer {
    let text = example.text(task.text) ?? example.source
    let pair = task.pair.flatMap { example.text($0) }
    let hash = SHA256.hex(pair.map { text + "\n" + $0 } ?? text)
    let right = gold.flatMap { example.text($0) } ?? ""
    if task.skipGold.contains(right) {
      return Answer(status: .skipped, reason: "the right answer is '\(right)'")
    }
    guard let line = given.prediction(of: example), let said = line["prediction"], !said.isNull
    else {
      var answer = Answer(
        status: .missing, reason: "no prediction is given for this example", inputHash: hash)
      answer.details = task.sideDetails(example)
      return answer
    }
    var answer = Answer(status: .ok, inputHash: hash)
    var more: [JSONValue.Member] = []
    if let problem = fill(&answer, &more, example, right, pipelineAnswer(line) ?? said) {
      return .failed(problem, hash: hash)
    }
    if let shares = probabilities(line) { more.append(.init("probabilities", shares)) }
    for (names, field) in Self.taken where !more.contains(where: { $0.name == field }) {
      if let value = names.lazy.compactMap({ line[$0] }).first { more.append(.init(field, value)) }
    }
    try checkLengths(more, example)
    answer.details =
      more + [.init("text", .string(pair.map { text + "\n" + $0 } ?? text))]
      + task.sideDetails(example)
    return answer
  }

  /// What a line of `dsx predict` says beside its answer in one word: tags, where those are asked for.
  private func pipelineAnswer(_ line: JSONValue) -> JSONValue? {
    guard task.request == .tag else { return nil }
    return line["output"]?["tags"]
  }

  /// The probabilities of a line of `dsx predict` (`output`: labels with scores, highest first) in the
  /// order of the task's labels; nil for part of them, as `--top-k` gives.
  private func probabilities(_ line: JSONValue) -> JSONValue? {
    guard let labels, let names = line["output"]?["labels"]?.array,
      let scores = line["output"]?["scores"]?.array, names.count == scores.count,
      names.count == labels.names.count,
      let places = try? labels.places(of: names.map { $0.string ?? $0.text() })
    else { return nil }
    var shares = [JSONValue](repeating: .null, count: places.count)
    for (place, score) in zip(places, scores) { shares[place] = score }
    return .array(shares)
  }

  /// Throws `malformed` for a list of numbers of another length than there are labels or choices: a
  /// metric would read some of it, and be wrong without a sign.
  private func checkLengths(_ members: [JSONValue.Member], _ example: Example) throws(DSXError) {
    let choices = members.first { $0.name == "choices" }?.value.array?.count
    guard task.request.hasLabels, let wanted = choices ?? labels?.names.count else { return }
    for name in ["probabilities", "log_likelihoods", "unconditional", "greedy", "losses"] {
      guard let list = members.first(where: { $0.name == name })?.value.array,
        list.count != wanted
      else { continue }
      throw DSXError(
        .malformed,
        "the prediction of the id '\(example.id.string ?? example.id.text())' has \(list.count) "
          + "\(name), there are \(wanted) \(choices == nil ? "labels" : "choices")",
        file: given.path, row: example.row)
    }
  }

  /// Prediction and gold in the request's form; what is wrong, or nil.
  private func fill(
    _ answer: inout Answer, _ more: inout [JSONValue.Member], _ example: Example, _ right: String,
    _ said: JSONValue
  ) -> String? {
    func plain(_ value: JSONValue) -> String { value.string ?? value.text() }
    switch task.request {
    case .logLikelihood where task.choices != nil, .logLikelihood, .classify, .imageClassify,
      .tableClassify:
      if let source = task.choices {
        var none = PCG64(seed: 0)
        let maker = ChoiceMaker(labels: nil, source: source, draw: nil)
        let (choices, problem) = maker.choices(example, gold: right, &none)
        guard let choices else { return problem }
        let word = plain(said)
        guard let place = choices.names.firstIndex(of: word) ?? choices.words.firstIndex(of: word)
        else { return "'\(word)' is none of the choices" }
        answer.prediction = .string(choices.names[place])
        answer.gold = .string(choices.names[choices.gold])
        more = indexes(place, choices.gold)
        more.append(.init("choices", .array(choices.words.map { .string($0) })))
        return nil
      }
      guard let labels else {
        answer.prediction = .string(plain(said))
        answer.gold = .string(right)
        more = [.init("correct", .bool(plain(said) == right))]
        return nil
      }
      guard let gold = labels.place(of: right) else { return labels.problem(with: right) }
      let word = plain(said)
      guard let place = (try? labels.places(of: [word]))?.first else {
        return "the prediction '\(word)' is none of the labels"
      }
      answer.prediction = .string(labels.names[place])
      answer.gold = .string(labels.names[gold])
      more = indexes(place, gold)
    case .generateUntil, .span:
      var text = plain(said)
      for filter in task.filters { text = filter.apply(text, choices: labels?.words ?? []) }
      answer.prediction = .string(text)
      answer.gold = .array(task.goldTexts(example).map { .string($0) })
      more = [.init("raw", .string(plain(said)))]
    case .tag:
      guard let gold, let tags = example.words(gold) else { return "the row has no right tags" }
      let list =
        said.array?.map(plain)
        ?? plain(said).utf8.split { $0 == 0x20 || $0 == 0x09 }.map {
          String(decoding: $0, as: UTF8.self)
        }
      answer.prediction = .array(list.map { .string($0) })
      answer.gold = .array(tags.map { .string($0) })
      more = [.init("correct", .bool(list == tags))]
    case .embed:
      guard let number = said.double ?? said.string.flatMap({ Double($0) }), number.isFinite else {
        return "the prediction is no finite number"
      }
      guard let value = Double(right), value.isFinite else { return "the row has no finite number" }
      answer.prediction = .double(number)
      answer.gold = .double(value)
    case .given:
      answer.prediction = said
      answer.gold = gold.flatMap { example.values[$0] } ?? .null
      // The data's columns win: a file of predictions does not say what is right.
      var inputs: [JSONValue.Member] = []
      for role in task.roles {
        if let value = example.values[role.column] { inputs.append(.init(role.role, value)) }
      }
      let line = given.prediction(of: example)
      for member in line?.object ?? [] where !inputs.contains(where: { $0.name == member.name }) {
        if member.name != "id", member.name != "status" { inputs.append(member) }
      }
      more = [.init("inputs", .object(inputs))]
    case .rollingLogLikelihood: return "perplexity needs a model, not predictions"
    }
    return nil
  }

  private func indexes(_ place: Int, _ gold: Int) -> [JSONValue.Member] {
    [
      .init("correct", .bool(place == gold)), .init("gold_index", .int(Int64(gold))),
      .init("prediction_index", .int(Int64(place))),
    ]
  }
}
