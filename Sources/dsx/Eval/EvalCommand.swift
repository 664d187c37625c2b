internal import ArgumentParser
internal import DSXCore
internal import Evaluation
internal import Glibc
internal import Models
internal import Reports

/// `dsx eval`: a model, a data set, a score and a report.
struct EvalCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "eval",
    abstract: "Score a model on a data set and write a report.",
    discussion: """
      Examples:
        dsx eval --model models/nanogpt_zh --dataset ddtp_zh
        dsx eval --model nanogpt_zh --dataset handbook_ppl --format json
        dsx eval --model models/nanogpt_zh --dataset ./tnews_public --task tnews

      The report goes to reports/<run>/ or --output: report.json, report.md,
      report.html and predictions.jsonl. The same command with the same --output
      finds itself finished. A prompt that is longer than the model's context is a
      failed example, never cut: exit code 5.
      """)

  /// How the results are printed.
  enum Format: String, CaseIterable, ExpressibleByArgument { case text, json, markdown, csv }

  @Option(help: ArgumentHelp("A model folder, or a name in models/.", valueName: "dir|name"))
  var model: String
  @Option(
    help: ArgumentHelp(
      "A name of the catalog, namespace/name, or a folder.", valueName: "name|folder"))
  var dataset: String
  @Option(
    help: ArgumentHelp(
      "The task; default: the data set's own. With a folder also its layout.",
      valueName: "name|task.yaml"))
  var task: String?
  @Option(help: "The subset of the data set.")
  var subset: String?
  @Option(help: "The split of the data set. Default: validation.")
  var split: String?
  @Option(help: "The version of the data set: latest, or a name. Default: latest.")
  var version: String?
  @Option(help: "How a label's loss is made; default: the task's rule.")
  var rule: LabelScoringRule?
  @Option(help: "Put the begin-of-text id before every text; auto: as the model's configuration.")
  var bos = BOSChoice.auto
  @Option(
    help: ArgumentHelp(
      "Perplexity: tokens that each window after the first predicts. Default: the context.",
      valueName: "tokens"))
  var stride: Int?
  @Option(help: ArgumentHelp("Only the first examples.", valueName: "count"))
  var limit: Int?
  @Option(help: "Threads; never changes the results. Default: the number of cores.")
  var workers: Int?
  @Option(help: ArgumentHelp("The report's folder. Default: reports/<run>.", valueName: "folder"))
  var output: String?
  @Flag(help: "Replace the report of another run.")
  var overwrite = false
  @Option(help: "How the results are printed.")
  var format = Format.text

  func run() throws {
    let homes = Homes.current()
    let began = StderrProgress.seconds()
    let target = try EvaluationTarget.find(
      dataset: dataset, task: task, subset: subset, split: split, version: version, homes: homes)
    let loaded = try ModelFolder.open(try modelFolder(homes))
    let options = EvaluationOptions(
      rule: rule, bos: bos, limit: limit, stride: stride,
      workers: workers ?? max(1, Int(sysconf(Int32(_SC_NPROCESSORS_ONLN)))),
      tool: "dsx " + Version.current)
    let runner = try TaskRunner(target, loaded, options, homes: homes)
    let stamp = RunStamp(
      model: loaded.model.info.name, dataset: target.dataset.name, identity: runner.identity)
    let folder = RunFolder(path: output ?? FilePath.join("reports", stamp.name))
    if case .finished(let report) = try folder.inspect(
      identity: runner.identity, overwrite: overwrite)
    {
      Output.message("dsx: finished already: \(folder.path)")
      return try show(report, folder.path)
    }

    let writer = try folder.begin()
    let progress = StderrProgress()
    defer { progress.finish() }
    let report: JSONValue
    do {
      let outcome = try runner.run(progress: progress) { (line) throws(DSXError) in
        try writer.append(line)
      }
      let seconds = StderrProgress.seconds() - began
      report = EvaluationReport.adding(
        runtime: runtime(stamp, outcome, seconds, options, loaded, folder.path), to: outcome.report)
      try writer.publish(report)
    } catch {
      writer.discard()
      throw error
    }
    progress.finish()
    try show(report, folder.path)
  }

  /// The folder of the model: a path, or a name in the models folder of a home.
  private func modelFolder(_ homes: Homes) throws(DSXError) -> String {
    if FilePath.isFolder(model) { return model }
    let (parent, name) = FilePath.split(model)
    // `models/NAME` means the shipped model also where no such folder is at hand.
    if parent == "models", let found = homes.find("models", name) { return found }
    if model.utf8.contains(UInt8(ascii: "/")) { return model }
    if let found = homes.find("models", model) { return found }
    throw DSXError.unknown("model", model, known: homes.names("models"))
  }

  /// The command line that gives these numbers again: everything that was chosen, and no default.
  private var commandLine: String {
    let options: [(name: String, value: String?)] = [
      ("model", model), ("dataset", dataset), ("task", task), ("subset", subset), ("split", split),
      ("version", version), ("rule", rule?.rawValue), ("bos", bos == .auto ? nil : bos.rawValue),
      ("stride", stride.map { String($0) }), ("limit", limit.map { String($0) }),
    ]
    return options.reduce("dsx eval") { line, option in
      option.value.map { line + " --\(option.name) " + ShellWord.quoted($0) } ?? line
    }
  }

  /// What depends on this machine and this moment.
  private func runtime(
    _ stamp: RunStamp, _ outcome: EvaluationOutcome, _ seconds: Double,
    _ options: EvaluationOptions, _ loaded: LoadedModel, _ path: String
  ) -> JSONValue {
    var members: [JSONValue.Member] = [
      .init("run", .string(stamp.name)), .init("command", .string(commandLine)),
      .init("started", .string(stamp.time)),
      .init("seconds", .double((seconds * 1000).rounded() / 1000)),
      .init(
        "tokens_per_second",
        .double(seconds > 0 ? (Double(outcome.scoredTokens) / seconds).rounded() : 0)),
      .init("workers", .int(Int64(options.workers))), .init("model_folder", .string(loaded.folder)),
      .init("dataset_argument", .string(dataset)), .init("output", .string(path)),
    ]
    members += loaded.runtime.map { .init($0.name, .string($0.value)) }
    return .object(members)
  }

  /// Prints the results; failed examples end the command with exit code 5.
  private func show(_ report: JSONValue, _ path: String) throws {
    let table = EvaluationReport.resultsTable(report)
    switch format {
    case .text:
      let name = report["dataset"]?["name"]?.string ?? ""
      let chosen = EvaluationReport.selection(report).joined(separator: ", ")
      Output.line("\(report["model"]?["name"]?.string ?? "") on \(name), \(chosen)")
      Output.write(Array(TableFormat.text.render(table).utf8))
      Output.line("report: " + FilePath.join(path, "report.html"))
    case .markdown: Output.write(Array(TableFormat.markdown.render(table).utf8))
    case .csv:
      Output.write(Array(TableFormat.csv.render(EvaluationReport.plainTable(report)).utf8))
    case .json: Output.line((report["results"] ?? .null).text(.indented))
    }
    let failed = report["counts"]?["failed"]?.int ?? 0
    guard failed > 0 else { return }
    let first = report["failures"]?.array?.first
    throw DSXError(
      .incomplete, "\(failed) of \(report["counts"]?["requested"]?.int ?? 0) examples failed",
      file: FilePath.join(path, "predictions.jsonl"),
      hint: first.map { "the first: id \($0["id"]?.text() ?? ""): \($0["failed"]?.string ?? "")" })
  }
}
