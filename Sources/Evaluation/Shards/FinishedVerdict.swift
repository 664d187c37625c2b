public import DSXCore

/// How a finished output ended, from its files alone: what the command that made it in one process ends
/// with when it is given again.
///
/// | output | where it is said |
/// | --- | --- |
/// | lines of `dsx predict` | `counts` of `NAME.run.json` |
/// | a run's folder | `counts` of `report.json` |
/// | a folder of several cells | their counts and states |
/// | a recipe's run | its verdict |
public enum FinishedVerdict {
  /// The error of the output at `path`; nil when it is complete, or is no output of models. Throws when
  /// its files cannot be read.
  public static func error(_ path: String) throws(DSXError) -> DSXError? {
    let sidecar = path + ".run.json"
    if FilePath.exists(path), FilePath.exists(sidecar) {
      let json = try JSONParser.parse(file: sidecar)
      guard json["kind"]?.string == PredictionRun.kind, let counts = json["counts"] else {
        return nil
      }
      return PredictionCounts(counts).error(output: path)
    }
    let files = RunFiles(path: path)
    guard FilePath.exists(files.run), FilePath.exists(files.report) else { return nil }
    switch try AnyReport(file: files.report) {
    case .run(let report): return report.error(folder: files.path)
    case .night(let report):
      guard try JSONParser.parse(file: files.run)["kind"]?.string == "matrix" else {
        return report.error(folder: files.path)
      }
      let failed = report.cells.filter { $0.status == .failed }
      if let first = failed.first {
        return MatrixOutcome.error(
          failed: failed.count, of: report.cells.count, first: first.error ?? "unknown",
          folder: files.path)
      }
      return MatrixOutcome.error(
        incomplete: report.cells.reduce(0) { $0 + ($1.report?.counts.incomplete ?? 0) },
        folder: files.path)
    }
  }
}
