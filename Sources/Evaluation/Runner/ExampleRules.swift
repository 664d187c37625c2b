internal import DSXCore

/// What an example must have to be asked about, and to be scored: its texts and a right answer.
///
/// A text that is not there is no empty text, and an answer that nobody gave is no empty answer: such
/// examples fail, and say why.
struct ExampleRules {
  private let task: TaskDefinition
  private let required: [String]
  private let mustHaveText: [String]
  private let allowsNoAnswer: Bool

  /// The rules. `emptyIsMissing`: the data is CSV or lines, where nothing tells an empty text from a
  /// missing one: then the text that is asked about (and its pair) must not be empty.
  init(_ task: TaskDefinition, isGiven: Bool, emptyIsMissing: Bool = false) {
    self.task = task
    allowsNoAnswer = task.allowsNoAnswer
    required = isGiven || task.ids != nil ? [] : Self.texts(task)
    mustHaveText =
      emptyIsMissing && task.request != .rollingLogLikelihood
      ? required.filter { $0 == task.text || $0 == task.pair } : []
  }

  /// The columns that a model is shown as text.
  private static func texts(_ task: TaskDefinition) -> [String] {
    switch task.request {
    case .logLikelihood, .generateUntil:
      var names: [String] = []
      for name in (task.prompt?.fields ?? []) + (task.continuation?.fields ?? [])
      where !["label", "choice", "answer"].contains(name) && !names.contains(name) {
        names.append(name)
      }
      return names
    case .rollingLogLikelihood: return task.documents == .row ? [task.text] : []
    case .classify, .span, .embed: return [task.text] + [task.pair].compactMap { $0 }
    case .tag: return [task.text]
    case .imageClassify, .tableClassify, .given: return []
    }
  }

  /// Why an example cannot be asked about; nil when it can. A text that JSON or records say is empty is
  /// there, and may be so.
  func problem(_ example: Example) -> String? {
    if let gold = task.gold, let right = example.text(gold), task.skipGold.contains(right) {
      return nil
    }
    if let name = required.first(where: { example.text($0) == nil }) {
      return "the row has no text in '\(name)'"
    }
    return mustHaveText.first { example.text($0) == "" }.map { "the row's cell '\($0)' is empty" }
  }

  /// An answer with what only the example knows: no right answer makes it a failed one, and its hash
  /// covers the right answer too, since a corrected one changes the scores as a changed question does.
  func checked(_ given: Answer, _ example: Example) -> Answer {
    var answer = given
    guard let gold = task.gold, task.request != .rollingLogLikelihood else { return answer }
    if let hash = answer.inputHash { answer.inputHash = Self.hash(hash, example, gold) }
    guard answer.status == .ok, isMissing(answer.gold, example, gold) else { return answer }
    var failed = Answer.failed("the row has no right answer in '\(gold)'", hash: answer.inputHash)
    failed.details = answer.details.filter { ["raw", "text"].contains($0.name) }
    return failed
  }

  private func isMissing(_ right: JSONValue, _ example: Example, _ gold: String) -> Bool {
    if example.bytes[gold] == nil, example.numbers[gold] == nil,
      (example.values[gold] ?? .null).isNull
    {
      return true
    }
    if allowsNoAnswer { return false }
    if let text = right.string { return text.isEmpty }
    // An empty list is an answer only where anything may be one.
    guard task.request != .given, let texts = right.array else { return false }
    return texts.allSatisfy { $0.string == "" }
  }

  /// SHA-256 of a question's hash and the right answer as it is in the data.
  private static func hash(_ question: String, _ example: Example, _ gold: String) -> String {
    var hash = SHA256()
    hash.update(question + "\n")
    if let bytes = example.bytes[gold] {
      hash.update(bytes)
    } else if let numbers = example.numbers[gold] {
      for number in numbers { hash.update("\(number) ") }
    } else {
      hash.update((example.values[gold] ?? .null).text())
    }
    return hash.hexDigest()
  }
}

extension TaskDefinition {
  /// Whether "there is no answer" is one of the answers, as in SQuAD 2.0.
  var allowsNoAnswer: Bool { metrics.contains { $0.metric.hasPrefix("squad-v2") } }
}
