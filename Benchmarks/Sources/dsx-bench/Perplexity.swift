import DSXCore
import Models

/// `ppl --model DIR --ids FILE --threads N --dtype f32`: log-likelihood of every id after the first of
/// each row.
///
/// FILE holds raw little-endian int32, rows of 1,024. One JSON line; loading is not timed, the first
/// row is scored once before the clock starts (pages of the weights, buffers). `of_sgemm` compares the
/// arithmetic that the model needs with what plain sgemm does in the same time, measured before and after.
enum PerplexityBenchmark {
  static let rowLength = 1024

  static func run(_ arguments: Arguments) throws {
    let folder = try arguments.text("model")
    let model = try GenerateBenchmark.open(arguments)
    let rows = try read(arguments.text("ids"))
    let threads = try arguments.number("threads", 1)
    _ = try model.logLikelihoods([rows[0]], workers: 1)
    var sgemm = ModelWork.sgemmRate(threads: threads)
    let start = seconds()
    let scores = try model.logLikelihoods(rows, workers: threads)
    let time = seconds() - start
    sgemm = max(sgemm, ModelWork.sgemmRate(threads: threads))
    let tokens = scores.reduce(0) { $0 + $1.count }
    let nll = -scores.reduce(0.0) { $0 + $1.reduce(0, +) }
    let core = ModelFolder.runtime.first { $0.name == "blas core" }?.value ?? "unknown"
    var result: [JSONValue.Member] = [
      .init("tokens", .int(Int64(tokens))), .init("seconds", .double(time)),
      .init("tokens_per_s", .double(Double(tokens) / time)), .init("nll_sum", .double(nll)),
      .init("core", .string(core)),
    ]
    if FilePath.isFolder(folder) {
      let work = try ModelWork(config: FilePath.join(folder, "config.json"))
      let flops = rows.reduce(0.0) {
        $0 + work.flops(tokens: $1.count - 1, logitRows: $1.count - 1)
      }
      result.append(.init("gflops", .double(flops / time / 1e9)))
      result.append(.init("sgemm_gflops", .double(sgemm / 1e9)))
      result.append(.init("of_sgemm", .double(flops / time / sgemm)))
    }
    print(JSONValue.object(result).text(.spaced))
  }

  static func read(_ path: String) throws(DSXError) -> [[Int32]] {
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
