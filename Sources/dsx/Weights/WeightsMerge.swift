internal import ArgumentParser
internal import DSXCore
internal import Models

/// `dsx weights merge FOLDER OUT`
struct WeightsMerge: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "merge",
    abstract: "Make one file of the parts that the ranks of a parallel training hold.",
    discussion: """
      FOLDER holds rank_N/*.ckpt (MindSpore), mp_rank_NN/* (Megatron), or files that end in the rank's \
      number. With --strategy the parts are placed as MindSpore's strategy file says: pipeline stages, \
      tensor parallelism and the optimizer's sharding. Without, by shards.json beside them (dsx weights \
      split writes it) or by rules on the tensors' names: column-parallel layers along one axis, \
      row-parallel ones along the other, everything else whole.

      What several ranks hold must be the same, byte for byte. Nothing is written unless all fits.

      Examples:
        dsx weights merge checkpoints model.ckpt --strategy strategy
        dsx weights merge megatron/iter_0001000 model.safetensors --rules rules.json
      """)

  @Argument(help: "The folder with the ranks' weights.") var folder: String
  @Argument(help: "The new file: .safetensors, .ckpt or .npz.") var output: String
  @Option(help: "MindSpore's strategy file, or the folder with one for each pipeline stage.")
  var strategy: String?
  @Option(help: "A JSON file of rules that come first: {\"*.dense.weight\": 1, \"*.wte\": null}.")
  var rules: String?
  @Flag(help: "Megatron's first MLP layer holds gate and up.") var gated = false
  @Option(help: "Of several files in a rank's folder the one whose name begins so.")
  var prefix: String?
  @Option(help: "What floats become: f32, f16 or bf16. Default: they stay as they are.")
  var dtype: WeightsConvert.FloatType?
  @Flag(help: "Take the lowest rank's copy where copies differ.") var anyCopy = false
  @Flag(help: "Replace the output if it is there.") var overwrite = false

  func validate() throws {
    guard strategy == nil || (rules == nil && !gated) else {
      throw ValidationError("--strategy leaves nothing to --rules and --gated")
    }
  }

  func run() throws {
    guard let format = WeightWriter.format(ofName: output) else {
      throw WeightsConvert.unknownFormat(output)
    }
    let files = try RankFiles(folder: folder, prefix: prefix)
    let tensors: [(name: String, recipe: TensorRecipe)]
    var unnamed: [String] = []
    if let strategy {
      let merge = try StrategyMerge(
        files, ShardingStrategy(path: strategy), trustsCopies: anyCopy)
      (tensors, unnamed) = (merge.tensors, merge.unnamed)
    } else {
      var known = ShardRules.known(gated: gated)
      if let rules { try known.add(file: rules) }
      tensors = try RuleMerge(files, rules: known, trustsCopies: anyCopy).tensors
      try known.check(tensors.map(\.name))
    }
    var outputs: [OutputTensor] = []
    for (name, recipe) in tensors {
      outputs.append(try OutputTensor(recipe, name: name, as: dtype?.element))
    }
    try WeightWriter.write(outputs, as: format, to: output, overwrite: overwrite)
    if let first = unnamed.first {
      Output.message(
        "dsx: the strategy does not name \(unnamed.count) tensors ('\(first)'); they are taken whole"
      )
    }
    let bytes = FilePath.size(output) ?? 0
    Output.line(
      "\(output): \(format.rawValue), \(outputs.count) tensors of \(files.ranks.count) ranks, "
        + "\(bytes) bytes")
  }
}
