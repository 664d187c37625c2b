import Glibc

/// `dsx-bench NAME --option value ...` runs one benchmark and prints one JSON line.
@main
struct DsxBench {
  static func main() {
    let words = CommandLine.arguments.dropFirst()
    let benchmarks: [String: (Arguments) throws -> Void] = [
      "auroc": RankingBenchmark.run,
      "bootstrap-bleu": BootstrapBenchmark.run,
      "classification-report": ConfusionBenchmark.report,
      "confusion": ConfusionBenchmark.confusion,
      "csv-documents": CSVDocuments.run,
      "csv-typed": CSVTyped.run,
      "encoder": EncoderBenchmark.run,
      "jieba": JiebaCut.run,
      "pipeline": PipelineBenchmark.run,
      "ppl": PerplexityBenchmark.run,
      "quality": QualityBenchmark.run,
      "records-write": RecordsWrite.run,
      "records-read": RecordsRead.run,
      "sentencepiece": SentencePieceEncode.run,
      "seqeval": EntityBenchmark.run,
      "tnews": TNEWSBenchmark.run,
      "tokenizer": TokenizerEncode.run,
      "records-small-write": RecordsSmall.write,
      "records-small-read": RecordsSmall.read,
      "records-decode": RecordsDecode.run,
      "bleu-13a": TextMetricsBenchmark.bleu13a,
      "bleu-zh": TextMetricsBenchmark.bleuZh,
      "chrf": TextMetricsBenchmark.chrF,
      "ter": TextMetricsBenchmark.ter,
      "rouge": TextMetricsBenchmark.rouge,
      "images": ImageDecode.run,
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
