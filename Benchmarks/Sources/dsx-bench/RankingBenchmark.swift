import DSXCore
import Glibc
import Metrics

/// `auroc --scores FILE --labels FILE`: raw little-endian float32 scores and one byte a label. One JSON
/// line; reading the files is not timed.
enum RankingBenchmark {
  static func run(_ arguments: Arguments) throws {
    let scores = Array(try MappedFile(path: arguments.text("scores")).contents)
    let labels = Array(try MappedFile(path: arguments.text("labels")).contents)
    var failure: DSXError?
    var line = ""
    scores.withUnsafeBytes { scores in
      labels.withUnsafeBytes { labels in
        let start = seconds()
        do throws(DSXError) {
          var state = RankedScores()
          try state.add(
            scores: scores.bindMemory(to: Float.self), labels: labels.bindMemory(to: UInt8.self))
          let area = state.areaUnderROC ?? .nan
          line = "{\"seconds\":\(seconds() - start),\"examples\":\(state.count),\"auroc\":\(area)}"
        } catch { failure = error }
      }
    }
    if let failure { throw failure }
    print(line)
  }
}

extension MappedFile {
  /// The bytes, copied.
  var contents: [UInt8] { withBytes { Array($0) } }
}
