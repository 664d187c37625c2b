public import DSXCore
internal import Models

extension EvaluationCell {
  /// The cell with what the model folder's configuration.json says of its own evaluation: data set,
  /// subset, split, version, metrics and batch size. What the cell says itself wins.
  ///
  /// Throws `usage` when neither names a data set.
  public func completed(homes: Homes) throws(DSXError) -> EvaluationCell {
    guard let model else { return self }
    let path = try CellRunner.find(model: model, homes)
    let defaults = try ModelFolder.evaluationDefaults(path)
    var cell = self
    if cell.dataset.isEmpty {
      guard let data = defaults.dataset else {
        throw DSXError(
          .usage, "no data set is named, and the model's configuration.json names none",
          file: FilePath.join(path, "configuration.json"),
          hint: "give --dataset, or put {\"dataset\": {\"val\": {\"name\": \"...\"}}} into the file"
        )
      }
      let spaced = data.namespace.map { $0 + "/" + data.name } ?? data.name
      cell.dataset = data.namespace == nil || data.namespace == "modelscope" ? data.name : spaced
      cell.subset = subset ?? data.subset
      cell.split = split ?? data.split
      cell.version = version ?? data.version
    }
    if cell.options.metrics.isEmpty, cell.task == nil {
      for metric in defaults.metrics {
        cell.options.metrics += ModelScopeMetrics.choices(metric.name, metric.options)
      }
    }
    if cell.options.batchTokens == EvaluationOptions.batchTokens, let rows = defaults.batchSize,
      let length = defaults.maximumLength
    {
      let (tokens, overflow) = rows.multipliedReportingOverflow(by: length)
      if !overflow, tokens > 0 { cell.options.batchTokens = tokens }
    }
    return cell
  }
}

/// ModelScope's metric names and what they compute (1.40.2), in the names of the registry.
enum ModelScopeMetrics {
  private static let known: [String: [String]] = [
    "accuracy": ["accuracy"],
    "seq-cls-metric": ["accuracy", "macro-f1", "weighted-f1"],
    "sequence-classification-metric": ["accuracy", "macro-f1", "weighted-f1"],
    "image-accuracy": ["accuracy"],
    "token-cls-metric": ["entity-f1", "entity-precision", "entity-recall"],
    "text-gen-metric": ["rouge-1", "rouge-l", "bleu"],
    "ppl": ["token-perplexity"], "bleu": ["bleu"],
  ]

  /// The registry's metrics of a name; a name that ModelScope does not have is the registry's own.
  static func choices(_ name: String, _ options: [JSONValue.Member]) -> [MetricChoice] {
    if let names = known[name] { return names.map { MetricChoice($0) } }
    return [MetricChoice(name, settings: options)]
  }
}
