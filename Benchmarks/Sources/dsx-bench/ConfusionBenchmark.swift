import DSXCore
import Glibc
import Metrics

/// `confusion` and `classification-report`: `--gold FILE --predicted FILE --labels K --threads N`.
///
/// The files hold raw little-endian int32. `--rounds N` counts them N times over. One JSON line; reading
/// the files is not timed.
enum ConfusionBenchmark {
  /// The confusion matrix alone.
  static func confusion(_ arguments: Arguments) throws {
    try run(arguments) { (matrix, _) in
      "\"correct\":\(matrix.correct),\"cells\":\(matrix.cells)"
    }
  }

  /// Matrix, every label's scores, averages, and the report as text.
  static func report(_ arguments: Arguments) throws {
    try run(arguments) { (matrix, names) in
      let text = ClassificationReport(matrix, names: names).text(digits: 6)
      let digest = SHA256.hex(text)
      return "\"sha256\":\"\(digest)\",\"correct\":\(matrix.correct)"
    }
  }

  private static func run(
    _ arguments: Arguments, _ finish: (ConfusionMatrix, [String]) -> String
  ) throws {
    let gold = try MappedFile(path: arguments.text("gold"))
    let predicted = try MappedFile(path: arguments.text("predicted"))
    let labels = try arguments.number("labels", 15)
    let threads = try arguments.number("threads", 1)
    let rounds = try arguments.number("rounds", 1)
    let names = (0..<labels).map { "class\($0)" }
    let (left, right) = (gold.contents, predicted.contents)
    var failure: DSXError?
    var line = ""
    left.withUnsafeBytes { left in
      right.withUnsafeBytes { right in
        let (a, b) = (left.bindMemory(to: Int32.self), right.bindMemory(to: Int32.self))
        let start = seconds()
        do throws(DSXError) {
          var matrix = ConfusionMatrix(labelCount: labels)
          for _ in 0..<rounds { try matrix.add(gold: a, predicted: b, workers: threads) }
          let found = finish(matrix, names)
          line = "{\"seconds\":\(seconds() - start),\"labels\":\(matrix.count),\(found)}"
        } catch { failure = error }
      }
    }
    if let failure { throw failure }
    print(line)
  }
}
