public import DSXCore
public import Models

/// What a task asks of the model.
public enum RequestKind: String, CaseIterable, Sendable {
  /// The log-likelihood of the prompt filled with each label; the label with the smallest loss wins.
  case logLikelihood = "log_likelihood"
  /// The log-likelihood of every token of a document, in windows of the model's context.
  case rollingLogLikelihood = "rolling_log_likelihood"
}

/// How answers are made from what the model gave.
public enum AnswerFilter: String, CaseIterable, Sendable {
  /// The label with the smallest loss, the first one of equals.
  case argmin
  /// Nothing: the numbers are the answer.
  case none
}

/// An evaluation task: data, not code. Read from `datasets/<name>/task.yaml`.
public struct TaskDefinition: Sendable {
  /// Its name.
  public var name: String
  /// Its version; a change that can change a score makes a new one.
  public var version: Int
  /// What it asks of the model.
  public var request: RequestKind
  /// The column with the text: the document, or what a reader sees of an example.
  public var text: String
  /// The column that identifies an example; nil: its row number.
  public var id: String?
  /// The prompt; only for `logLikelihood`.
  public var prompt: PromptTemplate?
  /// The column with the right label's id; only for `logLikelihood`.
  public var gold: String?
  /// Where the labels come from; only for `logLikelihood`.
  public var labels: LabelSource?
  /// The scoring rule that is used unless the user names one; only for `logLikelihood`.
  public var rule: LabelScoringRule?
  /// How answers are made.
  public var filter: AnswerFilter
  /// The metrics, in the order in which they are reported.
  public var metrics: [String]
  /// The files of a folder in the benchmark's original layout: split -> file, and `labels`.
  public var layout: [(name: String, file: String)]
  /// Where a user can get the data, for messages.
  public var note: String?

  /// Hash of everything above: results of tasks with other hashes do not compare.
  public var hash: String { SHA256.hex(json.text()) }

  /// The task as JSON, as `report.json` states it.
  public var json: JSONValue {
    var members: [JSONValue.Member] = [
      .init("name", .string(name)), .init("version", .int(Int64(version))),
      .init("request", .string(request.rawValue)), .init("text", .string(text)),
    ]
    if let id { members.append(.init("id", .string(id))) }
    if let prompt { members.append(.init("prompt", .string(prompt.source))) }
    if let gold { members.append(.init("gold", .string(gold))) }
    if let labels { members.append(.init("labels", labels.json)) }
    if let rule { members.append(.init("default_rule", .string(rule.rawValue))) }
    members.append(.init("filter", .string(filter.rawValue)))
    members.append(.init("metrics", .array(metrics.map { .string($0) })))
    return .object(members)
  }

  /// The file of the original layout for a split, or for `labels`.
  public func layoutFile(_ name: String) -> String? { layout.first { $0.name == name }?.file }
}

/// Where the labels of a classification task come from.
public struct LabelSource: Sendable {
  /// The descriptor's argument that names the file with the labels (JSON lines).
  public var attachment: String
  /// The column with a label's id, as the gold column holds it.
  public var id: String
  /// The column with the word that is put into the prompt; the file may lack it.
  public var word: String
  /// The column that `words` is keyed by.
  public var name: String
  /// Words for files that have no `word` column.
  public var words: [(name: String, word: String)]

  var json: JSONValue {
    .object([
      .init("attachment", .string(attachment)), .init("id", .string(id)),
      .init("word", .string(word)), .init("name", .string(name)),
      .init("words", .object(words.map { .init($0.name, .string($0.word)) })),
    ])
  }
}
