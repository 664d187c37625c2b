internal import DSXCore
internal import Models

extension TaskRunner {
  /// Whether the model is of the kind that the task asks.
  static func fits(_ task: TaskDefinition, _ model: EvaluatedModel) throws(DSXError) {
    guard case .model(let opened) = model.source else { return }
    switch (task.request, opened) {
    case (.logLikelihood, .language), (.rollingLogLikelihood, .language),
      (.generateUntil, .language), (.classify, .textClassifier), (.tag, .tokenTagger),
      (.span, .spanExtractor), (.embed, .textEncoder), (.imageClassify, .imageClassifier),
      (.tableClassify, .tableClassifier):
      return
    default:
      throw DSXError(
        .usage,
        "the task '\(task.name)' asks a \(task.request.modelWord), and '\(model.name)' is none",
        hint: task.request == .given
          ? "give its predictions with --predictions" : "dsx models show \(model.path) says more")
    }
  }

  /// Throws `usage` for options that mean nothing here.
  static func check(
    _ options: EvaluationOptions, _ task: TaskDefinition, _ model: EvaluatedModel
  ) throws(DSXError) {
    for (value, name) in [
      (options.workers, "--threads"), (options.limit ?? 1, "--limit"),
      (options.sample ?? 1, "--sample"), (options.batchTokens, "--batch-tokens"),
      (options.maximumTokens ?? 1, "--max-tokens"),
    ] where value < 1 {
      throw DSXError(.usage, "\(name) must be at least 1")
    }
    guard (options.fewShot ?? 0) >= 0 else {
      throw DSXError(.usage, "--few-shot must not be negative")
    }
    func refuse(_ isGiven: Bool, _ name: String, _ hint: String) throws(DSXError) {
      guard isGiven else { return }
      throw DSXError(.usage, "\(name) means nothing for the task '\(task.name)'", hint: hint)
    }
    let isChoice = task.request == .logLikelihood
    try refuse(
      options.rule != nil && (!isChoice || task.ids != nil), "--rule",
      "rules choose among the choices of a prompt")
    try refuse(
      options.stride != nil && task.request != .rollingLogLikelihood && task.request != .span,
      "--stride", "strides are for perplexity and for spans")
    let window = SpanOptions().maximumTokens
    if let stride = options.stride, task.request == .span, !(0..<window).contains(stride) {
      throw DSXError(
        .usage, "--stride \(stride) is not below the window of \(window) tokens",
        hint: "it says how many tokens neighbouring windows share")
    }
    try refuse(
      options.maximumTokens != nil && task.request != .generateUntil, "--max-tokens",
      "it is for tasks that generate")
    try refuse(
      options.fewShot.map { $0 > 0 } == true && task.fewShot == nil, "--few-shot",
      "the task says nothing of demonstrations: it needs the key 'few_shot'")
    try refuse(
      options.candidates != nil && (task.ids == nil || !isChoice), "--candidates",
      "it is for rows of token ids that hold several candidates")
    if let onLong = options.onLong { try task.request.check(onLong, task: task.name) }
    guard case .given = model.source else { return }
    guard task.request != .rollingLogLikelihood else {
      throw DSXError(.usage, "perplexity needs a model, not given predictions")
    }
    try refuse(
      options.rule != nil || options.fewShot != nil || options.bos != nil || options.onLong != nil,
      "a model's option",
      "with --predictions there is no model: leave out --rule, --bos, --few-shot, --on-long")
  }
}
