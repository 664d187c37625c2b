internal import ArgumentParser
internal import DSXCore
internal import Datasets
internal import Evaluation
internal import Glibc
internal import Models

/// `dsx predict`: batch inference without scoring.
struct PredictCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "predict",
    abstract: "Run a model over a data set or a file, and write its answers as JSON lines.",
    discussion: """
      Examples:
        dsx predict --model digits_cnn --dataset digits --output preds.jsonl
        dsx predict --model sklearn_logreg/iris --dataset sklearn_csv \\
            --subset iris --output preds.jsonl
        dsx predict --model nanogpt_zh --input prompts.txt --output texts.jsonl \\
            --max-tokens 20
        dsx predict --model models/digits_cnn --input ./photos \\
            --output preds.jsonl --top-k 1

      One line a row: row, id, input_hash, status, prediction, output (in the shapes of \
      ModelScope's pipelines) or reason. An interrupted run goes on where it stopped when the \
      same command is given again, and ends with the same bytes. Rows that fail are lines of \
      their own, and end the command with exit code 5.
      """)

  /// How the summary is printed.
  enum Format: String, CaseIterable, ExpressibleByArgument { case text, json }

  @Option(help: ArgumentHelp("A model folder, or a name in models/.", valueName: "dir|name"))
  var model: String
  @Option(
    help: ArgumentHelp("The task. Default: what the model's folder says.", valueName: "task"))
  var task: String?
  @Option(
    help: ArgumentHelp(
      "The encoder's folder, for a model folder with a head only.", valueName: "dir|name"))
  var backbone: String?

  @Option(
    help: ArgumentHelp(
      "A name of the catalog, namespace/name, or a folder.", valueName: "name|folder"))
  var dataset: String?
  @Option(help: "The subset of the data set.")
  var subset: String?
  @Option(help: "The split of the data set. Default: validation.")
  var split: String?
  @Option(help: "The version of the data set: latest, or a name. Default: latest.")
  var version: String?
  @Option(
    help: ArgumentHelp(
      "Instead of a data set: lines of text, JSON lines, CSV, records, an image or a folder of images.",
      valueName: "path"))
  var input: String?
  @Option(
    help: ArgumentHelp(
      "Which column holds which field, e.g. text=review,text2=reply. Default: the usual names.",
      valueName: "field=column,..."))
  var columns: ColumnChoice?
  @Option(
    help: ArgumentHelp(
      "The column of ids. Default: as the data set's task says, else id, else rows.",
      valueName: "column"))
  var id: String?
  @Option(help: ArgumentHelp("Only the first rows.", valueName: "count"))
  var limit: Int?

  @Option(help: ArgumentHelp("Where the lines go.", valueName: "file"))
  var output: String
  @Flag(help: "Replace the output of another run.")
  var overwrite = false
  @Option(help: "How the summary is printed.")
  var format = Format.text

  @Option(help: ArgumentHelp("Rows that are computed at once.", valueName: "count"))
  var batchSize: Int?
  @Option(
    help: ArgumentHelp(
      "Threads; never changes the answers. Default: the number of cores.", valueName: "count"))
  var threads: Int?
  @Option(help: "What weights are multiplied in.")
  var dtype = NumberType.f32
  @Option(
    help: ArgumentHelp(
      "Memory that the weights may take, e.g. 4GB. Default: what is free.", valueName: "size"))
  var memoryLimit: ByteSize?
  @Option(help: "What is done with a text that is longer than the model's context.")
  var onLong = LongChoice.error
  @Option(help: ArgumentHelp("Classification: only the likeliest labels.", valueName: "count"))
  var topK: Int?
  @Option(help: ArgumentHelp("Text generation: new ids at most.", valueName: "count"))
  var maxTokens = 128

  func validate() throws {
    guard (dataset == nil) != (input == nil) else {
      throw ValidationError("give either --dataset or --input")
    }
    if input != nil, subset != nil || split != nil || version != nil {
      throw ValidationError("--subset, --split and --version are for --dataset")
    }
    if let limit, limit < 1 { throw ValidationError("--limit must be at least 1") }
    if let batchSize, batchSize < 1 { throw ValidationError("--batch-size must be at least 1") }
    if let threads, threads < 1 { throw ValidationError("--threads must be at least 1") }
    if let topK, topK < 1 { throw ValidationError("--top-k must be at least 1") }
    if maxTokens < 1 { throw ValidationError("--max-tokens must be at least 1") }
  }

  func run() throws {
    let homes = Homes.current()
    let began = StderrProgress.seconds()
    let folder = try ModelPlace.find(model, homes)
    let rows = try source(homes)
    var modelOptions = ModelOptions(
      computeType: dtype.computeType, task: task, memoryLimit: memoryLimit?.bytes)
    if let backbone { modelOptions.backbone = try ModelPlace.find(backbone, homes) }
    let defaults = try ModelFolder.evaluationDefaults(folder)
    let options = PipelineOptions(
      batchSize: batchSize ?? defaults.batchSize ?? 16,
      compute: ComputeOptions(
        workers: threads ?? max(1, Int(sysconf(Int32(_SC_NPROCESSORS_ONLN))))),
      onLong: onLong.value, topK: topK,
      generation: GenerationOptions(maxNewTokens: maxTokens))
    let pipeline = try ModelPipeline.make(model: folder, modelOptions, options: options)
    let run = try PredictionRun(
      pipeline, rows,
      PredictionOptions(
        columns: columns?.pairs ?? [], id: id, limit: limit,
        settings: [
          ("configuration_fingerprint", try ModelFolder.configurationFingerprint(folder)),
          ("dtype", dtype.rawValue), ("max_tokens", String(maxTokens)),
        ]), homes: homes)
    let progress = StderrProgress()
    defer { progress.finish() }
    let (counts, wasFinished) = try run.run(
      output: output, overwrite: overwrite, progress: progress)
    progress.finish()
    if wasFinished { Output.message("dsx: finished already: \(output)") }
    show(counts, pipeline, wasFinished ? nil : StderrProgress.seconds() - began)
    guard counts.failed > 0 else { return }
    throw DSXError(
      .incomplete, "\(counts.failed) of \(counts.examples) rows failed", file: output,
      hint: "their lines have \"status\": \"failed\" and a reason")
  }

  /// The rows: a split of a data set, or a file or folder that is one.
  private func source(_ homes: Homes) throws(DSXError) -> MsDataset {
    guard let input else {
      return try MsDataset.loadSplit(
        dataset ?? "", subset: subset, split: split ?? "validation", version: version,
        homes: homes)
    }
    guard FilePath.exists(input) else {
      throw DSXError(.missingFile, "there is no such file or folder", file: input)
    }
    let isPath = input.utf8.contains(UInt8(ascii: "/"))
    return try MsDataset.loadSplit(isPath ? input : "./" + input, homes: homes)
  }

  private func show(_ counts: PredictionCounts, _ pipeline: ModelPipeline, _ seconds: Double?) {
    if format == .json {
      let summary: JSONValue = [
        "output": .string(output), "task": .string(pipeline.task),
        "examples": .int(Int64(counts.examples)), "succeeded": .int(Int64(counts.succeeded)),
        "failed": .int(Int64(counts.failed)),
      ]
      return Output.line(summary.text())
    }
    let rate =
      seconds.map { $0 > 0 ? Double(counts.examples) / $0 : 0 }
      .map { ", " + ProgressLine.decimal($0, 1) + " rows/s" } ?? ""
    Output.line(
      "\(pipeline.task): \(counts.examples) rows, \(counts.failed) failed\(rate): \(output)")
  }
}

/// `field=column,field=column`
struct ColumnChoice: ExpressibleByArgument {
  let pairs: [(role: String, column: String)]

  init?(argument: String) {
    var pairs: [(role: String, column: String)] = []
    for part in argument.utf8.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false)
    {
      guard let sign = part.firstIndex(of: UInt8(ascii: "=")), sign > part.startIndex,
        part.index(after: sign) < part.endIndex
      else { return nil }
      let role = String(decoding: part[..<sign], as: UTF8.self)
      guard !pairs.contains(where: { $0.role == role }) else { return nil }
      pairs.append((role, String(decoding: part[part.index(after: sign)...], as: UTF8.self)))
    }
    self.pairs = pairs
  }
}

/// What is done with long texts, as an option.
enum LongChoice: String, CaseIterable, ExpressibleByArgument {
  case error
  case truncateLeft = "truncate-left"
  case truncateRight = "truncate-right"
  case window

  /// The same for the models.
  var value: LongInput {
    switch self {
    case .error: .error
    case .truncateLeft: .truncateLeft
    case .truncateRight: .truncateRight
    case .window: .window
    }
  }
}
