public import DSXCore

extension PredictionCounts {
  /// What predictions end with whose rows failed; nil when all have a prediction. `output`: the file.
  public func error(output: String) -> DSXError? {
    guard failed > 0 else { return nil }
    return DSXError(
      .incomplete, "\(failed) of \(examples) rows failed", file: output,
      hint: "their lines have \"status\": \"failed\" and a reason")
  }
}
