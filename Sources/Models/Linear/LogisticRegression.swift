internal import DSXCore

/// A standardiser and a logistic regression, as scikit-learn trains them, computed in float64:
/// z = (x - mean) / scale; decision = z * coef^T + intercept.
///
/// | tensor | shape |
/// | --- | --- |
/// | `scaler.mean`, `scaler.scale` | [features] |
/// | `classifier.weight` | [classes, features]; with two classes [1, features], or [features] |
/// | `classifier.bias` | [classes]; with two classes [1] |
///
/// Two classes have one decision d, and the logits are (0, d): their softmax is (1 - s, s) with
/// s = 1 / (1 + e^-d), as in scikit-learn.
final class LogisticRegression: TableClassifier {
  let info: ModelInfo
  let features: [String]
  let labels: [String]
  private let mean: [Double]
  private let scale: [Double]
  private let weight: [Double]
  private let bias: [Double]

  /// The model of a folder.
  static func open(_ source: ModelSource, _ options: ModelOptions) throws(DSXError) -> OpenedModel {
    try ComputeType.float32.require(options.computeType, "logistic_regression")
    return .tableClassifier(try LogisticRegression(source))
  }

  init(_ source: ModelSource) throws(DSXError) {
    let file = source.description.source
    guard let list = source.hyperparameters["features"]?.array, !list.isEmpty else {
      throw DSXError(.malformed, "'features' must list the columns of a row", file: file)
    }
    let names = list.compactMap(\.string)
    guard names.count == list.count, Set(names).count == names.count else {
      throw DSXError(.malformed, "'features' must be names, each once", file: file)
    }
    features = names
    guard let labels = try source.description.labels(), labels.count >= 2 else {
      throw DSXError(
        .malformed, "the model names fewer than two classes", file: file,
        hint: "'id2label' or 'label2id' of config.json")
    }
    self.labels = labels
    let decisions = labels.count == 2 ? 1 : labels.count
    var reader = Reader(store: source.store)
    mean = try reader.doubles("scaler.mean", [names.count])
    scale = try reader.doubles("scaler.scale", [names.count])
    let isFlat = source.store.entry("classifier.weight")?.shape == [names.count]
    weight = try reader.doubles(
      "classifier.weight",
      decisions == 1 && isFlat ? [names.count] : [decisions, names.count])
    bias = try reader.doubles("classifier.bias", [decisions])
    try reader.finish()
    if let column = scale.firstIndex(of: 0) {
      throw DSXError(
        .corrupt, "'scaler.scale' has 0 for the feature '\(names[column])'",
        file: source.store.files.first?.file.path)
    }
    info = ModelInfo(
      name: source.name, architecture: "logistic_regression", vocabularySize: 0, context: 0,
      parameters: weight.count + bias.count, storedType: source.store.storedType(of: reader.names),
      fingerprint: source.store.fingerprint())
  }

  func classify(_ rows: [[Double]], _ options: ComputeOptions) throws(DSXError) -> [[Double]] {
    var logits: [[Double]] = []
    logits.reserveCapacity(rows.count)
    for (index, row) in rows.enumerated() {
      guard row.count == features.count else {
        throw DSXError(
          .usage, "row \(index) has \(row.count) numbers, the model takes \(features.count)")
      }
      if let bad = row.firstIndex(where: { !$0.isFinite }) {
        throw DSXError(
          .malformed, "row \(index) has no finite number in the column '\(features[bad])'")
      }
      var decisions = bias
      for decision in decisions.indices {
        let start = decision * features.count
        for column in row.indices {
          decisions[decision] +=
            (row[column] - mean[column]) / scale[column] * weight[start + column]
        }
      }
      guard decisions.allSatisfy(\.isFinite) else {
        throw DSXError(
          .corrupt, "the model gives a decision that is not finite, for row \(index)",
          hint: "the weights are damaged")
      }
      logits.append(labels.count == 2 ? [0, decisions[0]] : decisions)
    }
    return logits
  }

  /// Reads float64 tensors without rounding them, and knows which are left.
  private struct Reader {
    let store: TensorStore
    var names: [String] = []

    mutating func doubles(_ name: String, _ shape: [Int]) throws(DSXError) -> [Double] {
      names.append(name)
      let tensor = try store.doubles(name, shape: shape)
      guard tensor.allSatisfy(\.isFinite) else {
        throw DSXError(
          .corrupt, "the tensor '\(name)' holds a number that is not finite",
          file: store.files.first?.file.path)
      }
      return tensor
    }

    func finish() throws(DSXError) {
      guard let name = store.names.first(where: { !names.contains($0) }) else { return }
      throw DSXError(
        .corrupt,
        "the weights hold the tensor '\(name)', for which the configuration has no place",
        file: store.files.first?.file.path,
        hint: "the weights do not belong to this configuration")
    }
  }
}
