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
      cell.dataset = Self.name(of: data)
      cell.subset = subset ?? data.subset
      cell.split = split ?? data.split
      cell.version = version ?? data.version
    }
    if cell.options.metrics.isEmpty, cell.task == nil {
      for metric in defaults.metrics {
        cell.options.metrics += try ModelScopeMetrics.choices(metric.name, metric.options)
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

  /// What the model folder's configuration.json says of its evaluation, if the cell's data set is the one that it
  /// names: its columns and labels are those of that data set.
  func ownDefaults(homes: Homes) throws(DSXError) -> EvaluationDefaults? {
    guard let model else { return nil }
    let defaults = try ModelFolder.evaluationDefaults(try CellRunner.find(model: model, homes))
    return defaults.dataset.map(Self.name) == dataset ? defaults : nil
  }

  /// The task of a table without one of its own, by what the model is for.
  func usualTask(homes: Homes) throws(DSXError) -> String? {
    guard let model else { return nil }
    let purpose = try ModelFolder.purpose(
      of: try CellRunner.find(model: model, homes), task: modelTask)
    return switch purpose.group {
    case .textClassification: "classification"
    case .tokenClassification: purpose.task == "word-segmentation" ? "word_segmentation" : "ner"
    case .questionAnswering: "squad"
    case .featureExtraction: "similarity"
    case .textGeneration, .imageClassification, .tableClassification: nil
    }
  }

  private static func name(of data: EvaluationDefaults.Dataset) -> String {
    guard let namespace = data.namespace, namespace != "modelscope" else { return data.name }
    return namespace + "/" + data.name
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
  ///
  /// Throws `usage` for options of ModelScope's own names, which have none here.
  static func choices(_ name: String, _ options: [JSONValue.Member]) throws(DSXError)
    -> [MetricChoice]
  {
    if let names = known[name] {
      if names != [name], let option = options.first {
        throw DSXError(
          .usage,
          "the metric '\(name)' of the model's configuration.json has no option '\(option.name)'",
          hint: "it stands for " + names.joined(separator: ", ") + "; name those with their options"
        )
      }
      return names.map { MetricChoice($0, settings: names == [name] ? options : []) }
    }
    return [MetricChoice(name, settings: options)]
  }
}
