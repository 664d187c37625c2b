import DSXCore
import Glibc

/// One line for each benchmark; each prints one JSON line.
let benchmarks: [String: ([String: String]) throws(DSXError) -> Void] = [
  "ppl": PerplexityBenchmark.run
]

var options: [String: String] = [:]
var arguments = CommandLine.arguments.dropFirst(2)
while let name = arguments.popFirst(), name.hasPrefix("--"), let value = arguments.popFirst() {
  options[String(name.dropFirst(2))] = value
}
do throws(DSXError) {
  guard let name = CommandLine.arguments.dropFirst().first, let run = benchmarks[name] else {
    throw DSXError.unknown(
      "benchmark", CommandLine.arguments.dropFirst().first ?? "", known: benchmarks.keys.sorted())
  }
  try run(options)
} catch {
  let text = Array("\(error)\n".utf8)
  _ = text.withUnsafeBytes { write(STDERR_FILENO, $0.baseAddress, $0.count) }
  exit(error.code.exitCode.rawValue)
}
