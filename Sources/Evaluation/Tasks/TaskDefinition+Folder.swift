internal import DSXCore
internal import Metrics
internal import Models

extension TaskDefinition {
  /// Takes the columns and labels that a model's folder names for its own data set (`first_sequence`,
  /// `second_sequence`, `label`, `labels`), as ModelScope's trainers do; `outputs`: the model's own labels.
  ///
  /// Prompts name their columns themselves. Throws `corrupt` for another number of labels than the model has.
  mutating func take(_ defaults: EvaluationDefaults, outputs: [String]?) throws(DSXError) {
    switch request {
    case .classify, .tag, .embed:
      text = defaults.firstSequence ?? text
      pair = defaults.secondSequence ?? pair
      gold = defaults.label ?? gold
    case .span:
      text = defaults.firstSequence ?? text
      pair = defaults.secondSequence ?? pair
    case .imageClassify, .tableClassify: gold = defaults.label ?? gold
    case .logLikelihood, .rollingLogLikelihood, .generateUntil, .given: return
    }
    guard let listed = defaults.dataset?.labels, let outputs, request.hasLabels else { return }
    guard listed.count == outputs.count else {
      throw DSXError(
        .corrupt,
        "'dataset.val.labels' of configuration.json names \(listed.count) labels, the model has "
          + "\(outputs.count)",
        hint: "list the data's label of each of the model's outputs, in order")
    }
    // The same labels are themselves, in whatever order; others stand for the outputs in their order.
    let words =
      Set(listed.map(ExactText.init)) == Set(outputs.map(ExactText.init)) ? listed : outputs
    labels = LabelSource(
      attachment: nil, words: zip(listed, words).map { LabelSource.Word(name: $0, word: $1) })
  }
}

extension EvaluatedModel {
  /// The labels of a classifier, in the order of its outputs; nil for other models.
  var labels: [String]? {
    guard case .model(let opened) = source else { return nil }
    switch opened {
    case .textClassifier(let model): return model.labels
    case .imageClassifier(let model): return model.labels
    case .tableClassifier(let model): return model.labels
    default: return nil
    }
  }
}
