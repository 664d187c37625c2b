import DSXCore
import Glibc
import Metrics

/// `seqeval --gold FILE --predicted FILE --mode default|strict`: a sequence of tags a line, blanks between.
///
/// The report as text; reading the files and splitting the lines is not timed, for the peer neither.
enum EntityBenchmark {
  static func run(_ arguments: Arguments) throws {
    let gold = try sequences(arguments.text("gold"))
    let predicted = try sequences(arguments.text("predicted"))
    let mode = (try? arguments.text("mode")) ?? "default"
    let style: EntityStyle = mode == "strict" ? .strict(.iob2) : .lenient
    let start = seconds()
    let metric = try EntityScore(style: style)
    var counts = metric.zero
    try metric.add(gold: gold, predicted: predicted, to: &counts)
    let text = metric.report(counts).text(digits: 6)
    let time = seconds() - start
    print(
      "{\"seconds\":\(time),\"sequences\":\(counts.count),\"tags\":\(counts.tags),"
        + "\"sha256\":\"\(SHA256.hex(text))\"}")
  }

  private static func sequences(_ path: String) throws -> [[String]] {
    try MappedFile(path: path).contents.split(
      separator: 0x0a, omittingEmptySubsequences: true
    ).map { line in line.split(separator: 0x20).map { String(decoding: $0, as: UTF8.self) } }
  }
}
