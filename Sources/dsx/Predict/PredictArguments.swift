internal import ArgumentParser
internal import DSXCore
internal import Datasets
internal import Evaluation
internal import Glibc
internal import Models

/// The options of `dsx predict` that decide its output.
struct PredictArguments: ParsableArguments {
  @Option(help: ArgumentHelp("A model folder, or a name in models/.", valueName: "dir|name"))
  var model: String?
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
      "Instead of a data set: lines of text, JSON lines, CSV, records, an image or a folder of images; - reads lines of text from stdin.",
      valueName: "path"))
  var input: String?
  @Option(
    help: ArgumentHelp(
      "Instead of a data set: a text; may be given several times. The answers are printed.",
      valueName: "text"))
  var text: [String] = []
  @Option(
    help: ArgumentHelp(
      "The second text of each --text, for tasks that read pairs.", valueName: "text"))
  var text2: [String] = []
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

  @Option(
    name: .shortAndLong, help: ArgumentHelp("Where the lines go; - prints them.", valueName: "file")
  )
  var output: String?
  @Flag(help: "Replace the output of another run.")
  var overwrite = false

  @Option(help: ArgumentHelp("Rows that are computed at once.", valueName: "count"))
  var batchSize: Int?
  @Option(help: "What weights are multiplied in.")
  var dtype = NumberType.f32
  @Option(
    help: ArgumentHelp(
      "Memory that the weights may take, e.g. 4GB. Default: what is free.", valueName: "size"))
  var memoryLimit: ByteSize?
  @Option(help: "What is done with a text that is longer than the model's context. Default: error.")
  var onLong: LongChoice?
  @Option(help: ArgumentHelp("Classification: only the likeliest labels.", valueName: "count"))
  var topK: Int?
  @Option(
    help: ArgumentHelp("Text generation: new ids at most. Default: 128.", valueName: "count"))
  var maxTokens: Int?

  /// Whether the lines are printed: they are not kept for a run that goes on.
  var prints: Bool { !text.isEmpty || input == "-" || output == "-" }

  /// Checks the options against each other. Not `validate`: the commands below take the same options.
  private func check(_ process: PredictProcess) throws(DSXError) -> String {
    func wrong(_ message: String) -> DSXError { DSXError(.usage, message) }
    guard let model else { throw wrong("--model is missing: a model folder, or a name in models/") }
    let sources = [dataset != nil, input != nil, !text.isEmpty]
    guard sources.count(where: { $0 }) == 1 else {
      throw wrong("give either --dataset or --input or --text")
    }
    if dataset == nil, subset != nil || split != nil || version != nil {
      throw wrong("--subset, --split and --version are for --dataset")
    }
    for (value, name) in [
      (limit, "--limit"), (batchSize, "--batch-size"), (process.threads, "--threads"),
      (topK, "--top-k"), (maxTokens, "--max-tokens"),
    ] where value ?? 1 < 1 {
      throw wrong("\(name) must be at least 1")
    }
    guard text2.isEmpty || text2.count == text.count else {
      throw wrong(
        "there are \(text.count) --text and \(text2.count) --text2: each text needs its second")
    }
    return model
  }

  /// What was asked for, with its model open.
  struct Opened {
    let pipeline: ModelPipeline
    let run: PredictionRun
    let output: String
  }

  /// Opens model and data; `process`: what may differ between processes.
  func open(_ process: PredictProcess, mayPrint: Bool = false) throws -> Opened {
    let model = try check(process)
    guard mayPrint || !prints else {
      throw DSXError(
        .usage, "lines are printed by one process alone",
        hint: "give --dataset or --input FILE, and --output FILE")
    }
    guard let output else {
      throw DSXError(
        .usage, "--output is missing: where the lines go", hint: "--output - prints them")
    }
    let homes = Homes.current()
    let rows = try source(homes)
    let (pipeline, folder) = try pipeline(model, process, homes)
    let run = try PredictionRun(
      pipeline, rows,
      PredictionOptions(
        columns: columns?.pairs ?? [], id: id, limit: limit,
        settings: [
          ("tool", "dsx " + Version.current),
          ("configuration_fingerprint", try ModelFolder.configurationFingerprint(folder)),
          ("dtype", dtype.rawValue), ("max_tokens", String(maxTokens ?? 128)),
        ]), homes: homes)
    return Opened(pipeline: pipeline, run: run, output: output)
  }

  /// Opens the model alone, for texts that no data set holds.
  func openModel(_ process: PredictProcess) throws(DSXError) -> ModelPipeline {
    let model = try check(process)
    if columns != nil || id != nil {
      throw DSXError(.usage, "--columns and --id are for --dataset and --input FILE")
    }
    return try pipeline(model, process, Homes.current()).pipeline
  }

  private func pipeline(_ model: String, _ process: PredictProcess, _ homes: Homes)
    throws(DSXError) -> (pipeline: ModelPipeline, folder: String)
  {
    let folder = try ModelPlace.find(model, homes)
    var modelOptions = ModelOptions(
      computeType: dtype.computeType, task: task, memoryLimit: memoryLimit?.bytes)
    if let backbone { modelOptions.backbone = try ModelPlace.find(backbone, homes) }
    let defaults = try ModelFolder.evaluationDefaults(folder)
    let options = PipelineOptions(
      batchSize: batchSize ?? defaults.batchSize ?? 16,
      compute: ComputeOptions(workers: process.workers, sharesPrefixes: false),
      onLong: (onLong ?? .error).value,
      topK: topK,
      generation: GenerationOptions(maxNewTokens: maxTokens ?? 128))
    let pipeline = try ModelPipeline.make(model: folder, modelOptions, options: options)
    try checkUse(pipeline.model.group)
    return (pipeline, folder)
  }

  /// Options that would do nothing with this model are mistakes.
  private func checkUse(_ group: TaskGroup) throws(DSXError) {
    let ranks: [TaskGroup] = [.textClassification, .imageClassification, .tableClassification]
    let readsText = group != .imageClassification && group != .tableClassification
    for (name, isUseless) in [
      ("--on-long", onLong ?? .error != .error && !readsText),
      ("--top-k", topK != nil && !ranks.contains(group)),
      ("--max-tokens", maxTokens != nil && group != .textGeneration),
    ] where isUseless {
      throw DSXError(
        .usage, "\(name) would do nothing: the model does \(group.rawValue)",
        hint: "leave it out")
    }
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
}

/// The options of `dsx predict` that never change its output.
struct PredictProcess: ParsableArguments {
  /// How the summary is printed.
  enum Format: String, CaseIterable, ExpressibleByArgument { case text, json }

  @Option(
    name: [.long, .customLong("workers")],
    help: ArgumentHelp(
      "Threads; never changes the answers. Default: the number of cores.", valueName: "count"))
  var threads: Int?
  @Option(help: "How the summary is printed.")
  var format = Format.text

  /// The number of threads.
  var workers: Int { threads ?? max(1, Int(sysconf(Int32(_SC_NPROCESSORS_ONLN)))) }
}
