import DSXCore
import Models

/// `ppl --model DIR --ids FILE --threads N`: log-likelihood of every id after the first of each row.
///
/// FILE holds raw little-endian int32, rows of 1,024. One JSON line; loading is not timed, the first
/// row is scored once before the clock starts (pages of the weights, buffers).
enum PerplexityBenchmark {
  static let rowLength = 1024

  static func run(_ arguments: Arguments) throws {
    let model = try ModelFolder.openModel(arguments.text("model"))
    let rows = try read(arguments.text("ids"))
    let threads = try arguments.number("threads", 1)
    _ = try model.logLikelihoods([rows[0]], workers: 1)
    let start = seconds()
    let scores = try model.logLikelihoods(rows, workers: threads)
    let time = seconds() - start
    let tokens = scores.reduce(0) { $0 + $1.count }
    let nll = -scores.reduce(0.0) { $0 + $1.reduce(0, +) }
    let core = ModelFolder.runtime.first { $0.name == "blas core" }?.value ?? "unknown"
    print(
      JSONValue.object([
        .init("tokens", .int(Int64(tokens))), .init("seconds", .double(time)),
        .init("tokens_per_s", .double(Double(tokens) / time)), .init("nll_sum", .double(nll)),
        .init("core", .string(core)),
      ]).text(.spaced))
  }

  private static func read(_ path: String) throws(DSXError) -> [[Int32]] {
    let file = try MappedFile(path: path)
    defer { withExtendedLifetime(file) {} }
    let rowBytes = rowLength * 4
    guard file.bytes.count > 0, file.bytes.count % rowBytes == 0 else {
      throw DSXError(.malformed, "the file must hold rows of \(rowLength) int32", file: path)
    }
    var reader = ByteReader(file.bytes)
    var rows: [[Int32]] = []
    for _ in 0..<file.bytes.count / rowBytes {
      var row: [Int32] = []
      for _ in 0..<rowLength { row.append(try reader.little(Int32.self)) }
      rows.append(row)
    }
    return rows
  }
}
