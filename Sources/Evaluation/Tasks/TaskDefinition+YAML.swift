public import DSXCore
internal import Models
internal import Settings

extension TaskDefinition {
  /// Reads a `task.yaml`. Every key must be known; errors name file, line and the nearest key.
  ///
  /// Keys for every task: `task`, `version`, `request`, `text`, `id`, `filter`, `metrics`, `layout`,
  /// `note`. For `log_likelihood` also `prompt`, `gold`, `rule` and `labels` (`attachment`, `id`,
  /// `word`, `name`, `words`). docs/eval.md explains them.
  public init(path: String) throws(DSXError) {
    let yaml = try StrictYAML(file: path)
    try yaml.allow([
      "task", "version", "request", "text", "id", "prompt", "gold", "labels", "rule", "filter",
      "metrics", "layout", "note",
    ])
    name = try yaml.required("task")
    version = try yaml.integer("version")
    _ = try yaml.required("request")
    request = try yaml.choice("request", RequestKind.self) ?? .logLikelihood
    text = try yaml.required("text")
    id = try yaml.text("id")
    filter = try yaml.choice("filter", AnswerFilter.self) ?? .none
    metrics = try yaml.list("metrics")
    note = try yaml.text("note")
    layout = []
    for (name, text) in try yaml.mapping("layout")?.texts() ?? [] { layout.append((name, text)) }
    rule = try yaml.choice("rule", LabelScoringRule.self)
    gold = try yaml.text("gold")
    if let template = try yaml.text("prompt") {
      do { prompt = try PromptTemplate(template) } catch {
        throw yaml.fault("prompt", error.message, hint: error.hint)
      }
    }
    labels = try yaml.mapping("labels").map(Self.labels)
    try check(yaml)
    for metric in metrics {
      do { try MetricNames.check(metric, request) } catch {
        var copy = error
        copy.location = yaml.fault("metrics", "").location
        throw copy
      }
    }
  }

  private static func labels(_ yaml: StrictYAML) throws(DSXError) -> LabelSource {
    try yaml.allow(["attachment", "id", "word", "name", "words"])
    var words: [(name: String, word: String)] = []
    for (name, text) in try yaml.mapping("words")?.texts() ?? [] { words.append((name, text)) }
    return LabelSource(
      attachment: try yaml.required("attachment"), id: try yaml.required("id"),
      word: try yaml.required("word"), name: try yaml.required("name"), words: words)
  }

  /// The keys that belong to the request kind must be there, the others must not.
  private func check(_ yaml: StrictYAML) throws(DSXError) {
    let classified = ["prompt", "gold", "labels", "rule"]
    switch request {
    case .logLikelihood:
      for key in classified where !yaml.keys.contains(key) {
        throw yaml.fault(key, "the file lacks the key '\(key)'")
      }
      guard let fields = prompt?.fields, fields.contains("label"), fields.count > 1 else {
        throw yaml.fault("prompt", "the prompt needs {label} and a field of the data")
      }
      guard filter == .argmin else {
        throw yaml.fault("filter", "the request log_likelihood needs the filter argmin")
      }
    case .rollingLogLikelihood:
      for key in classified where yaml.keys.contains(key) {
        throw yaml.fault(key, "the key '\(key)' means nothing for rolling_log_likelihood")
      }
      guard filter == .none else {
        throw yaml.fault("filter", "the request rolling_log_likelihood takes no filter")
      }
    }
  }
}
