internal import ArgumentParser
internal import DSXCore
internal import Models

/// How a model is opened, for the commands that look into one.
struct ModelOpening: ParsableArguments {
  @Argument(help: "A model folder, a GGUF file, or a name in models/.") var model: String
  @Option(
    help: ArgumentHelp(
      "The task to open it for. Default: what the folder says.", valueName: "task"))
  var task: String?
  @Option(
    help: ArgumentHelp(
      "The encoder's folder, for a folder with a head only.", valueName: "dir|name"))
  var backbone: String?
  @Option(help: "What weights are multiplied in; decides the memory that is needed.")
  var dtype = NumberType.f32
  @Option(
    help: ArgumentHelp(
      "Memory that the weights may take, e.g. 4GB. Default: what is free.", valueName: "size"))
  var memoryLimit: ByteSize?

  func inspect(readsValues: Bool) throws(DSXError) -> ModelInspection {
    let homes = Homes.current()
    var options = ModelOptions(
      computeType: dtype.computeType, task: task, memoryLimit: memoryLimit?.bytes)
    if let backbone { options.backbone = try ModelPlace.find(backbone, homes) }
    return try ModelFolder.inspect(
      try ModelPlace.find(model, homes), options, readsValues: readsValues)
  }
}

/// `dsx models show DIR`
struct ModelsShow: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show",
    abstract: "Show what a model folder holds: type, task, parameters, tokenizer, labels, memory.",
    discussion: """
      No weights are read, so this is quick for models of any size. Parts that are wrong are \
      shown, and do not change the exit code: that is what 'dsx models check' is for.

      Examples:
        dsx models show models/nanogpt_zh
        dsx models show model.gguf --tensors --format json
      """)

  @OptionGroup var opening: ModelOpening
  @Flag(help: "Also every tensor.") var tensors = false
  @Option(help: "Output format: text or json.") var format: ModelsFormat = .text

  func run() throws {
    let inspection = try opening.inspect(readsValues: false)
    let text = ModelsText(inspection, listsTensors: tensors)
    Output.line(format == .json ? text.json.text(.indented) : text.text)
  }
}

/// `dsx models check DIR`
struct ModelsCheck: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check",
    abstract: "Check that a model's files fit together, and that its weights are finite.",
    discussion: """
      Compares every tensor that the architecture asks for with what the weight files hold \
      (missing, of another shape, unused), reads all weights once for values that are not \
      finite, and looks at the tokenizer, the labels and the memory needed. A model that cannot \
      be used gives exit code 3.

      Examples:
        dsx models check models/nanogpt_zh
        dsx models check ./bert-base-chinese --task text-classification --format json
      """)

  @OptionGroup var opening: ModelOpening
  @Option(help: "Output format: text or json.") var format: ModelsFormat = .text

  func run() throws {
    let inspection = try opening.inspect(readsValues: true)
    let text = ModelsText(inspection, listsTensors: format == .json)
    Output.line(format == .json ? text.json.text(.indented) : text.text)
    guard !inspection.isSound else { return }
    throw text.failure
  }
}
