internal import DSXCore
internal import Metrics
internal import Models

extension ChoiceResponder {
  /// The answer to an example by the likelihoods of its choices.
  func judge(_ example: Example, _ plan: Plan, _ results: [Likelihoods]) -> Answer {
    guard let choices = plan.choices, plan.answer == nil else {
      var answer = plan.answer ?? .failed("the example has no choices")
      if answer.status != .skipped { answer.gold = .string(example.text(gold) ?? "") }
      answer.details = task.sideDetails(example)
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
    answer.details += task.sideDetails(example)
    return answer
  }

  /// What a choice costs by the rule; the smallest is the answer.
  private func loss(_ total: Double, _ count: Int, _ word: String) -> Double {
    switch rule {
    case .sum, .sentenceSum: -total
    case .mean, .sentenceMean: count == 0 ? 0 : -total / Double(count)
    case .panguMask: -total / (Double(count) + 1e-5)
    case .characters: -total / Double(max(1, word.unicodeScalars.count))
    case .bytes: -total / Double(max(1, word.utf8.count))
    }
  }
}
