import Glibc
import Models

/// `dsx-bench NAME --option value ...` runs one benchmark and prints one JSON line.
@main
struct DsxBench {
  static func main() {
    // As dsx itself does.
    BLASThreads.end()
    let words = CommandLine.arguments.dropFirst()
    let benchmarks: [String: (Arguments) throws -> Void] = [
      "auroc": RankingBenchmark.run,
      "bleu-13a": TextMetricsBenchmark.bleu13a,
      "bleu-zh": TextMetricsBenchmark.bleuZh,
      "bootstrap-bleu": BootstrapBenchmark.run,
      "choices": ChoicesBenchmark.run,
      "chrf": TextMetricsBenchmark.chrF,
      "classification-report": ConfusionBenchmark.report,
      "confusion": ConfusionBenchmark.confusion,
      "csv-documents": CSVDocuments.run,
      "csv-typed": CSVTyped.run,
      "encoder": EncoderBenchmark.run,
      "gates": GateBenchmark.run,
      "gemm": GemmBenchmark.run,
      "generate": GenerateBenchmark.run,
      "images": ImageDecode.run,
      "jieba": JiebaCut.run,
      "pipeline": PipelineBenchmark.run,
      "ppl": PerplexityBenchmark.run,
      "quality": QualityBenchmark.run,
      "records-decode": RecordsDecode.run,
      "records-read": RecordsRead.run,
      "records-small-read": RecordsSmall.read,
      "records-small-write": RecordsSmall.write,
      "records-write": RecordsWrite.run,
      "rouge": TextMetricsBenchmark.rouge,
      "sentencepiece": SentencePieceEncode.run,
      "seqeval": EntityBenchmark.run,
      "ter": TextMetricsBenchmark.ter,
      "tnews": TNEWSBenchmark.run,
      "tokenizer": TokenizerEncode.run,
      "zip": ZipRead.run,
    ]
    do {
      guard let name = words.first, let run = benchmarks[name] else {
        throw Arguments.Failure(
          "usage: dsx-bench NAME --option value ...; NAME is one of "
            + benchmarks.keys.sorted().joined(separator: ", "))
      }
      try run(Arguments(words.dropFirst()))
    } catch {
      let message = Array("dsx-bench: \(error)\n".utf8)
      write(STDERR_FILENO, message, message.count)
      exit(2)
    }
  }
}

/// Monotonic seconds.
func seconds() -> Double {
  var time = timespec()
  clock_gettime(CLOCK_MONOTONIC, &time)
  return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
}
