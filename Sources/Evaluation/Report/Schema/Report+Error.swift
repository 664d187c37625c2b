public import DSXCore

extension DSXError.Code {
  /// A required gate failed.
  public static let gateFailed = Self("gate-failed", .gateFailed)
}

extension RunReport {
  /// What a run ends with whose examples failed or have no prediction; nil when all have a score.
  /// `folder`: that of the run.
  public func error(folder: String) -> DSXError? {
    guard counts.incomplete > 0 else { return nil }
    let word = counts.failed > 0 ? "failed" : "have no prediction"
    let first = failures.first { $0.status != .skipped }
    return DSXError(
      .incomplete, "\(counts.incomplete) of \(counts.requested) examples \(word)",
      file: FilePath.join(folder, "predictions.jsonl"),
      hint: first.map { "the first: id \($0.id): \($0.reason)" })
  }
}

extension ReportCounts {
  /// Examples without a score that should have one.
  var incomplete: Int { failed + missing }
}

extension NightReport {
  /// What a recipe's run ends with by its verdict; nil when it passed. `folder`: that of the run.
  public func error(folder: String) -> DSXError? {
    guard let verdict, verdict.exitCode != 0 else { return nil }
    return DSXError(
      verdict.exitCode == Int(ExitCode.gateFailed.rawValue) ? .gateFailed : .incomplete,
      verdict.headline, file: FilePath.join(folder, "report.json"),
      hint: verdict.sentence.isEmpty ? nil : verdict.sentence)
  }
}
