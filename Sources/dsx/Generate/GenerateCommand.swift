internal import ArgumentParser
internal import DSXCore
internal import Glibc
internal import Models

/// `dsx generate`: a language model continues prompts.
struct GenerateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "generate",
    abstract: "Let a language model continue prompts.",
    discussion: """
      Examples:
        dsx generate --model nanogpt_zh --prompt '这个命令用于' --max-tokens 40
        dsx generate --model nanogpt_zh --prompt '床前明月光，' --temperature 0.8 \\
            --top-p 0.9 --stream
        dsx generate --model models/nanogpt_zh --input prompts.jsonl \\
            --output texts.jsonl

      Greedy unless a sampling option or --beams is given. A prompt's text depends on its place \
      and the seed, not on its batch mates. With --output the same command goes on where an \
      interrupted one stopped, and a finished one finds itself finished.
      """)

  /// How results are printed.
  enum Format: String, CaseIterable, ExpressibleByArgument { case text, json }
  @Option(help: ArgumentHelp("A model folder, or a name in models/.", valueName: "dir|name"))
  var model: String
  @OptionGroup(title: "Prompts") var prompts: GeneratePrompts
  @OptionGroup(title: "Choosing ids") var choice: GenerateChoice

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp("Write JSON lines to this file instead.", valueName: "file"))
  var output: String?
  @Flag(help: "Replace the output of another run.")
  var overwrite = false
  @Flag(help: "Print the text while it comes.")
  var stream = false
  @Option(help: "text: the new text; json: one object a prompt.")
  var format = Format.text
  @Flag(help: "JSON: also the new ids and their log-probabilities.")
  var logprobs = false
  @Option(
    help: ArgumentHelp("Sequences under way at once; beams count each.", valueName: "count"))
  var batchSize = 8
  @Flag(
    help: """
      Compute what prompts of a batch begin with in common once: faster for long common beginnings, but \
      log-probabilities then depend in their last digits on what is in a batch.
      """)
  var sharePrefixes = false
  @Option(help: "What weights are multiplied in.")
  var dtype = NumberType.f32
  @Option(
    help: ArgumentHelp(
      "Memory that the weights may take, e.g. 4GB. Default: what is free.", valueName: "size"))
  var memoryLimit: ByteSize?
  @Option(help: ArgumentHelp("Default: the number of cores.", valueName: "count"))
  var threads: Int?

  func validate() throws {
    if stream, output != nil { throw ValidationError("--stream prints; leave out --output") }
    if stream, choice.beams != nil {
      throw ValidationError("beam search has no text before its end: leave out --stream")
    }
    if output == "-" { throw ValidationError("results are printed without --output: leave it out") }
    if overwrite, output == nil { throw ValidationError("--overwrite is for --output") }
    if logprobs, format == .text, output == nil {
      throw ValidationError("--logprobs is for --format json and --output")
    }
    if batchSize < 1 { throw ValidationError("--batch-size must be at least 1") }
    if let threads, threads < 1 { throw ValidationError("--threads must be at least 1") }
    if output != nil, prompts.input == "-" {
      throw ValidationError("--output needs a file to come back to: --input - cannot be read again")
    }
  }

  func run() throws {
    let homes = Homes.current()
    let folder = try ModelPlace.find(model, homes)
    let loaded = try ModelFolder.open(
      folder, ModelOptions(computeType: dtype.computeType, memoryLimit: memoryLimit?.bytes))
    let options = try choice.options(loaded.tokenizer)
    let compute = ComputeOptions(
      workers: threads ?? max(1, Int(sysconf(Int32(_SC_NPROCESSORS_ONLN)))),
      sharesPrefixes: sharePrefixes)
    let generator = try TextGenerator(
      loaded, options: options, rules: prompts.rules, compute: compute, batchSize: batchSize)
    var source = try PromptSource(prompts, loaded)
    defer { source.close() }
    let began = StderrProgress.seconds()
    guard let output else {
      var printer = ResultPrinter(
        format, streams: stream, logprobs: logprobs, isOne: prompts.isOne)
      try generate(generator, &source, isQuiet: stream || prompts.isOne) {
        (event, prompts)
          throws(DSXError) in try printer.take(event, prompts)
      }
      return try printer.finish()
    }
    let identity = try RunIdentity(
      model: loaded, options: options, prompts: prompts, dtype: dtype.rawValue,
      logprobs: logprobs, sharesPrefixes: sharePrefixes)
    var file = try ResultFile(path: output, identity, overwrite: overwrite, logprobs: logprobs)
    // None where nothing was generated: no rate is stated then.
    var seconds = 0.0
    let before = file.newTokens
    if file.isFinished {
      Output.message("dsx: finished already: \(output)")
    } else {
      if file.done > 0 {
        Output.message("dsx: \(file.done) texts are there already, going on behind them")
        try source.skip(file.done)
      }
      do throws(DSXError) {
        try generate(generator, &source, isQuiet: false) { (event, prompts) throws(DSXError) in
          try file.take(event, prompts)
        }
      } catch {
        file.abandon()
        throw error
      }
      try file.publish()
      seconds = StderrProgress.seconds() - began
    }
    show(file, output, newTokens: file.newTokens - before, seconds)
    try file.checkComplete()
  }

  /// Runs everything that the source gives; progress goes to stderr unless it is `isQuiet`.
  private func generate(
    _ generator: TextGenerator, _ source: inout PromptSource, isQuiet: Bool,
    _ take: (GenerationEvent, [Int: Prompt]) throws(DSXError) -> Void
  ) throws(DSXError) {
    let progress = StderrProgress()
    defer { progress.finish() }
    var open: [Int: Prompt] = [:]
    var (finished, tokens) = (0, 0)
    var next = source
    defer { source = next }
    try generator.run { () throws(DSXError) in
      guard let prompt = try next.next() else { return nil }
      open[prompt.index] = prompt
      return (prompt.index, prompt.text)
    } _: { (event) throws(DSXError) in
      try take(event, open)
      switch event {
      case .piece: return
      case .finished(let result):
        tokens += result.ids.count
        open[result.index] = nil
      case .refused(let index, _): open[index] = nil
      }
      finished += 1
      guard !isQuiet else { return }
      var report = Progress(
        phase: "generating", done: finished, total: next.total, unit: "prompts")
      report.also = Progress.Amount(done: tokens, unit: "tokens")
      progress.report(report)
    }
  }

  /// `newTokens`: those of this process, in so many seconds.
  private func show(_ file: ResultFile, _ path: String, newTokens: Int, _ seconds: Double) {
    if format == .json {
      let summary: JSONValue = [
        "output": .string(path), "prompts": .int(Int64(file.prompts)),
        "failed": .int(Int64(file.failed)), "new_tokens": .int(Int64(file.newTokens)),
      ]
      Output.line(summary.text())
    } else {
      let rate =
        newTokens > 0 && seconds > 0
        ? ", " + ProgressLine.decimal(Double(newTokens) / seconds, 1) + " tokens/s" : ""
      Output.line("\(file.prompts) prompts, \(file.failed) failed\(rate): \(path)")
    }
  }
}
