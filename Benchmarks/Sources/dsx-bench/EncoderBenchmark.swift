import DSXCore
import Models

/// `encoder --model DIR --texts FILE --batch N --threads N [--dtype bf16]`: classifies every line of
/// FILE.
///
/// One JSON line; loading is not timed, the first batch is classified once before the clock starts.
enum EncoderBenchmark {
  static func run(_ arguments: Arguments) throws {
    let options = ModelOptions(
      computeType: (try? arguments.text("dtype")).flatMap(ComputeType.init(rawValue:)) ?? .float32)
    guard case .textClassifier(let model) = try ModelFolder.openAny(arguments.text("model"), options)
    else { throw Arguments.Failure("the model is no text classifier") }
    let file = try MappedFile(path: arguments.text("texts"))
    let inputs = file.withBytes { bytes in
      bytes.split(separator: 0x0a).map { TextInput(String(decoding: $0, as: UTF8.self)) }
    }
    let batch = try arguments.number("batch", 32)
    let compute = ComputeOptions(workers: try arguments.number("threads", 1))
    _ = try model.classify(Array(inputs.prefix(batch)), onLong: .error, compute)
    let start = seconds()
    var sum = 0.0
    for first in stride(from: 0, to: inputs.count, by: batch) {
      let rows = Array(inputs[first..<min(first + batch, inputs.count)])
      for logits in try model.classify(rows, onLong: .error, compute) {
        sum += logits.reduce(0) { $0 + abs(Double($1)) }
      }
    }
    let time = seconds() - start
    let core = ModelFolder.runtime.first { $0.name == "blas core" }?.value ?? "unknown"
    print(
      JSONValue.object([
        .init("sequences", .int(Int64(inputs.count))), .init("seconds", .double(time)),
        .init("sequences_per_s", .double(Double(inputs.count) / time)),
        .init("absolute_sum", .double(sum)), .init("core", .string(core)),
      ]).text(.spaced))
  }
}
