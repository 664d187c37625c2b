internal import DSXCore
internal import Models

/// Choices of rows that were encoded already: each row holds the padded ids of all candidates, one
/// after the other, a mask of the same form, and the right candidate's place.
///
/// The loss is that of the rows' own mask: sum(mask * nll) / (sum(mask) + 1e-5), over ids after the first
/// of each candidate, as MindFormers' PromptAccMetric.
struct RecordChoiceResponder: Responder {
  private let task: TaskDefinition
  private let settings: LanguageSettings
  private let count: Int
  private let names: (ids: String, mask: String, gold: String)

  let columns: [String]

  init(_ setup: ResponderSetup, _ settings: LanguageSettings) throws(DSXError) {
    task = setup.task
    self.settings = settings
    guard let ids = task.ids, let mask = task.mask, let gold = task.gold,
      let draw = task.candidates
    else { throw DSXError(.internal, "a task of encoded choices without its columns") }
    names = (ids, mask, gold)
    count = setup.options.candidates ?? draw.count
    columns = [ids, mask, gold] + setup.sideColumns
  }

  private struct Row {
    var requests: [LikelihoodRequest] = []
    /// For each candidate, which of its ids count; empty ones are not asked for.
    var masks: [[Bool]] = []
    var gold = 0
    var problem: String?
  }

  mutating func answer(_ examples: [Example]) throws(DSXError) -> [Answer] {
    let rows = examples.map(row)
    let results = try LikelihoodBatcher(
      scorer: settings.makeScorer(), budget: settings.batchTokens
    ).score(rows.map(\.requests))
    return zip(zip(examples, rows), results).map { pair, result in
      judge(pair.0, pair.1, result)
    }
  }

  private func row(_ example: Example) -> Row {
    var row = Row()
    guard let ids = example.numbers[names.ids], let mask = example.numbers[names.mask],
      ids.count == mask.count, !ids.isEmpty
    else {
      row.problem = "the row has no ids, or a mask of another length"
      return row
    }
    guard ids.count % count == 0 else {
      row.problem = "\(ids.count) ids are not \(count) candidates of one length; see --candidates"
      return row
    }
    guard let gold = example.numbers[names.gold]?.first, gold >= 0, Int(gold) < count else {
      row.problem = "the row names none of its \(count) candidates as the right one"
      return row
    }
    row.gold = Int(gold)
    let length = ids.count / count
    for candidate in 0..<count {
      let part = Array(ids[candidate * length..<(candidate + 1) * length])
      let own = mask[candidate * length..<(candidate + 1) * length].map { $0 != 0 }
      let end = (own.lastIndex(of: true) ?? -1) + 1
      // Only ids after the first are predicted.
      let start = own.indices.first { $0 >= 1 && own[$0] } ?? end
      guard start < end else {
        row.masks.append([])
        continue
      }
      let size = settings.model.model.info.vocabularySize
      if let bad = part[..<end].first(where: { $0 < 0 || Int($0) >= size }) {
        row.problem = "the id \(bad) is outside of the model's vocabulary of \(size)"
        row.requests = []
        return row
      }
      guard end <= settings.context + 1 else {
        row.problem = "a candidate has \(end) ids, the model takes \(settings.context + 1)"
        row.requests = []
        return row
      }
      row.requests.append(LikelihoodRequest(ids: Array(part[..<end]), scored: start..<end))
      row.masks.append(Array(own[start..<end]))
    }
    return row
  }

  private func judge(_ example: Example, _ row: Row, _ results: [Likelihoods]) -> Answer {
    var hash = SHA256()
    for id in example.numbers[names.ids] ?? [] { hash.update("\(id) ") }
    let digest = hash.hexDigest()
    if let problem = row.problem { return .failed(problem, hash: digest) }
    var losses: [Double] = []
    var next = 0
    for mask in row.masks {
      guard !mask.isEmpty else {
        losses.append(0)
        continue
      }
      let values = zip(results[next].values, mask).filter(\.1).map(\.0)
      next += 1
      losses.append(-values.reduce(0, +) / (Double(values.count) + 1e-5))
    }
    guard losses.allSatisfy(\.isFinite), let chosen = LabelScoringRule.choose(losses) else {
      return .failed("the model gave a loss that is not finite", hash: digest)
    }
    let second = losses.indices.filter { $0 != chosen }.map { losses[$0] }.min()
    var answer = Answer(status: .ok, inputHash: digest)
    answer.prediction = .string(String(chosen))
    answer.gold = .string(String(row.gold))
    answer.tokens = row.requests.reduce(0) { $0 + $1.ids.count }
    let text = row.requests.indices.contains(chosen) ? row.requests[chosen].ids : []
    answer.details = [
      .init("correct", .bool(chosen == row.gold)),
      .init("margin", .double(second.map { $0 - losses[chosen] } ?? 0)),
      .init("gold_index", .int(Int64(row.gold))),
      .init("prediction_index", .int(Int64(chosen))),
      .init(
        "losses",
        .object(losses.enumerated().map { .init(String($0), .double($1)) })),
      .init("probabilities", .array(ChoiceShares.of(losses))),
      .init("scored_ids", .array(row.masks.map { .int(Int64($0.count { $0 })) })),
      .init(
        "text",
        .string(
          Demonstrations.cut((try? settings.model.tokenizer.decode(text)) ?? "", 400))),
    ]
    return answer
  }
}
