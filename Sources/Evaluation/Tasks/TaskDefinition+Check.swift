internal import DSXCore
internal import Metrics
internal import Models

extension TaskDefinition {
  /// The metrics exist, have the settings that are given, and no name comes twice.
  func checkMetrics() throws(DSXError) {
    let registry = try Builtins.registry()
    var seen: [String] = []
    guard !metrics.isEmpty else { throw DSXError(.malformed, "'metrics' is empty") }
    for metric in metrics {
      guard !seen.contains(metric.key) else {
        throw DSXError(
          .malformed, "the metric '\(metric.key)' is named twice",
          hint: "'as' gives one of them another name")
      }
      seen.append(metric.key)
      let entry = try registry.find(metric.metric)
      var values: [String: JSONValue] = [:]
      for member in metric.settings { values[member.name] = member.value }
      _ = try entry.options(values)
    }
  }

  /// The keys that belong to the request kind must be there, those that mean nothing to it must not.
  func check(_ keys: TaskKeys) throws(DSXError) {
    let textual = ["text", "prompt", "continuation", "few_shot", "until", "max_tokens"]
    var forbidden = ["labels", "choices", "rule", "candidates", "features", "batch_rows", "mask"]
    var needed: [String] = []
    switch request {
    case .logLikelihood:
      needed = ids == nil ? ["text", "prompt", "gold", "rule"] : ["gold", "mask", "candidates"]
      forbidden = ["until", "max_tokens", "features", "batch_rows", "pair"]
    case .rollingLogLikelihood:
      needed = ids == nil ? ["text"] : []
      forbidden.removeAll { $0 == "batch_rows" || $0 == "mask" }
      forbidden += textual.dropFirst() + ["pair", "gold", "skip_gold"]
    case .generateUntil:
      needed = (ids == nil ? ["text", "prompt"] : []) + ["max_tokens", "gold"]
      forbidden.removeAll { ["labels", "mask"].contains($0) }
      forbidden += ["continuation", "pair"]
    case .classify:
      needed = ["text", "gold"]
      forbidden = ["choices", "rule", "candidates", "features", "batch_rows", "mask", "ids"]
      forbidden += textual.dropFirst()
    case .tag: (needed, forbidden) = (["text", "gold"], forbidden + textual.dropFirst() + ["pair"])
    case .span: (needed, forbidden) = (["text", "pair", "gold"], forbidden + textual.dropFirst())
    case .embed: (needed, forbidden) = (["text", "pair", "gold"], forbidden + textual.dropFirst())
    case .imageClassify:
      needed = ["gold"]
      forbidden = [
        "choices", "rule", "candidates", "features", "batch_rows", "mask", "ids", "pair",
      ]
      forbidden += textual.dropFirst()
    case .given:
      needed = ["roles"]
      forbidden = ["choices", "rule", "candidates", "batch_rows", "mask", "ids", "features"]
      forbidden += ["labels"] + textual.dropFirst()
    case .tableClassify:
      needed = ["gold"]
      forbidden = ["choices", "rule", "candidates", "batch_rows", "mask", "ids", "pair"] + textual
    }
    if request != .given { forbidden.append("roles") }
    if request != .rollingLogLikelihood { forbidden.append("documents") }
    for key in needed where !keys.has(key) {
      throw keys.fault(
        key, "the file lacks the key '\(key)', which \(request.rawValue) needs")
    }
    for key in forbidden where keys.has(key) {
      throw keys.fault(key, "the key '\(key)' means nothing for \(request.rawValue)")
    }
    if keys.has("on_long"), !request.longInputs.contains(onLong) {
      throw keys.fault(
        "on_long", "'on_long: \(onLong.rawValue)' means nothing for \(request.rawValue)",
        hint: "it takes " + request.longInputs.map(\.rawValue).joined(separator: ", "))
    }
    try checkFilters(keys)
    if request == .logLikelihood, ids == nil { try checkChoices(keys) }
    if request == .generateUntil, ids == nil, prompt?.fields.isEmpty == true {
      throw keys.fault("prompt", "the prompt needs a field of the data, e.g. {\(text)}")
    }
    if fewShot != nil, ids != nil {
      throw keys.fault("few_shot", "rows of token ids take no demonstrations")
    }
  }

  private func checkFilters(_ keys: TaskKeys) throws(DSXError) {
    switch request {
    case .logLikelihood:
      guard filters.isEmpty || filters == [.argmin] else {
        throw keys.fault(
          "filter", "the request log_likelihood takes the filter argmin only",
          hint: "the choice with the smallest loss is the answer; leave 'filter' out")
      }
    case .generateUntil, .span:
      guard filters.allSatisfy(\.isTextual) else {
        throw keys.fault("filter", "the filter argmin is for choices, not for texts")
      }
      if filters.contains(.choice), labels == nil {
        throw keys.fault("filter", "the filter choice needs 'labels' with their words")
      }
    default:
      guard filters.isEmpty || request.hasLabels && filters == [.argmin] else {
        throw keys.fault("filter", "the request \(request.rawValue) takes no filter")
      }
    }
  }

  private func checkChoices(_ keys: TaskKeys) throws(DSXError) {
    guard (labels != nil) != (choices != nil) else {
      throw keys.fault(
        "labels", "a choice task needs either 'labels' or 'choices'",
        hint: "labels: the same for all rows; choices: columns of each row")
    }
    guard let prompt, let rule else { return }
    let field = labels == nil ? "choice" : "label"
    let asked = (prompt.fields + (continuation?.fields ?? []))
    guard asked.contains(field) else {
      throw keys.fault("prompt", "the prompt or the continuation needs {\(field)}")
    }
    guard asked.contains(where: { $0 != field }) else {
      throw keys.fault("prompt", "the prompt needs {\(field)} and a field of the data")
    }
    if continuation != nil, prompt.fields.contains(field) {
      throw keys.fault(
        "prompt", "with a continuation the prompt is the same for every choice",
        hint: "put {\(field)} into the continuation only")
    }
    if continuation != nil, rule.needsFrame {
      throw keys.fault(
        "rule", "the rule \(rule.rawValue) is for prompts without a continuation",
        hint: "take sum, mean, characters or bytes")
    }
    if candidates != nil, labels == nil {
      throw keys.fault("candidates", "'candidates' are drawn from 'labels'")
    }
  }
}
