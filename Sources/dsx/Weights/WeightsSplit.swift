internal import ArgumentParser
internal import DSXCore
internal import Models

/// `dsx weights split IN FOLDER`
struct WeightsSplit: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "split",
    abstract: "Cut weights into the parts of the ranks of a parallel program.",
    discussion: """
      Writes a folder with one file for each rank and, beside them, how they were cut: strategy.ckpt with \
      --style mindspore (MindSpore's transform_checkpoints reads it), shards.json with --style megatron. \
      Tensors are cut by the rules of `dsx weights merge`; one that has no equal parts is refused unless \
      --keep-uneven leaves it whole. The parts are merged again and compared with the whole, byte for \
      byte, before the folder appears.

      Examples:
        dsx weights split model.safetensors parts --parts 4
        dsx weights split model.ckpt parts --parts 2 --style mindspore \\
            --optimizer-shards 2
        dsx weights split model.ckpt parts --strategy strategy.ckpt
      """)

  @Argument(help: "A weight file, an index of shards, or a model folder.") var input: String
  @Argument(help: "The new folder.") var output: String
  @Option(help: "Tensor-parallel ranks.") var parts: Int?
  @Option(help: "The folders' layout: megatron or mindspore.") var style: WeightSplit.Style?
  @Option(help: "Data-parallel ranks that share each part (mindspore).") var optimizerShards = 1
  @Option(help: "Cut as this strategy file of MindSpore says, or a folder with one for each stage.")
  var strategy: String?
  @Option(help: "A JSON file of rules that come first: {\"*.dense.weight\": 1, \"*.wte\": null}.")
  var rules: String?
  @Flag(help: "Megatron's first MLP layer holds gate and up.") var gated = false
  @Flag(help: "Leave tensors that cannot be divided whole, on every rank.") var keepUneven = false
  @Option(help: "The files' format: safetensors, ckpt or npz. Default: ckpt for mindspore.")
  var format: WeightSplitFormat?
  @Option(help: "What floats become: f32, f16 or bf16. Default: they stay as they are.")
  var dtype: WeightsConvert.FloatType?
  @Flag(help: "Replace the output if it is there.") var overwrite = false

  func validate() throws {
    guard (parts == nil) != (strategy == nil) else {
      throw ValidationError("give either --parts or --strategy")
    }
    guard
      strategy == nil
        || (rules == nil && !gated && !keepUneven && optimizerShards == 1 && style != .megatron)
    else {
      throw ValidationError(
        "--strategy leaves nothing to --rules, --gated, --keep-uneven, --optimizer-shards and "
          + "--style megatron")
    }
    guard optimizerShards >= 1, (parts ?? 1) >= 1 else {
      throw ValidationError("--parts and --optimizer-shards must be at least 1")
    }
  }

  func run() throws {
    let store = try TensorStore(path: input)
    let tensors = store.recipes
    guard !tensors.isEmpty else {
      throw DSXError(.nothingToDo, "there are no tensors to split", file: input)
    }
    let split: WeightSplit
    if let strategy {
      split = try WeightSplit(tensors, ShardingStrategy(path: strategy))
    } else {
      var known = ShardRules.known(gated: gated)
      if let rules { try known.add(file: rules) }
      try known.check(tensors.map(\.name))
      split = try WeightSplit(
        tensors, parts: parts ?? 1, rules: known, style: style ?? .megatron,
        optimizerShards: optimizerShards, keepsUneven: keepUneven)
    }
    guard split.cutCount > 0 || split.rankCount == 1 else {
      throw DSXError(
        .usage,
        "none of the \(tensors.count) tensors can be cut into \(split.rankCount) parts",
        file: input,
        hint: "choose another number of --parts, or name the axes with --rules")
    }
    let isMindSpore = strategy != nil || style == .mindspore
    let format = format?.format ?? (isMindSpore ? .checkpoint : .safetensors)
    try split.write(as: format, to: output, type: dtype?.element, overwrite: overwrite)
    Output.line(
      "\(output): \(split.rankCount) ranks, \(format.rawValue), \(split.cutCount) of "
        + "\(tensors.count) tensors cut, merged back equal")
  }
}

/// The formats of the ranks' files.
enum WeightSplitFormat: String, ExpressibleByArgument, CaseIterable {
  case safetensors, ckpt, npz

  var format: WeightFormat {
    switch self {
    case .safetensors: .safetensors
    case .ckpt: .checkpoint
    case .npz: .npz
    }
  }
}
