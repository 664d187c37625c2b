import DSXCore
import Metrics

/// `bootstrap-bleu --hyp FILE --ref FILE --samples N`: resampling of BLEU's stored statistics, one thread.
///
/// One JSON line. Reading and counting n-grams are not timed: the statistics are there already, as after
/// scoring. sacrebleu's stream, so that mean and interval are its own.
enum BootstrapBenchmark {
  static func run(_ arguments: Arguments) throws {
    let entry = try Builtins.registry().find("bleu")
    let metric = try entry.metric(entry.options(["tokenize": "13a"]))
    let hypotheses = try lines(arguments.text("hyp"))
    let references = try lines(arguments.text("ref"))
    guard hypotheses.count == references.count else {
      throw Arguments.Failure("the files have other numbers of lines")
    }
    var table = ExampleTable(metric)
    for (hypothesis, reference) in zip(hypotheses, references) {
      try table.append(
        metric.statistics(
          of: ["hypothesis": .string(hypothesis), "references": .string(reference)]))
    }
    let bootstrap = ExampleBootstrap(replicates: try arguments.number("samples", 1000))
    let start = seconds()
    let interval = try bootstrap.sacrebleu(table)
    let time = seconds() - start
    print(
      JSONValue.object([
        .init("pairs", .int(Int64(hypotheses.count))), .init("seconds", .double(time)),
        .init("samples", .int(Int64(bootstrap.replicates))),
        .init("samples_per_s", .double(Double(bootstrap.replicates) / time)),
        .init("mean", .double(interval?.mean ?? .nan)),
        .init("half", .double(interval.map { ($0.high - $0.low) / 2 } ?? .nan)),
      ]).text(.spaced))
  }

  private static func lines(_ path: String) throws -> [String] {
    let file = try MappedFile(path: path)
    defer { withExtendedLifetime(file) {} }
    return file.bytes.split(separator: 0x0a).map { String(decoding: $0, as: UTF8.self) }
  }
}
