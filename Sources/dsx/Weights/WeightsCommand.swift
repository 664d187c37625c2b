internal import ArgumentParser

/// `dsx weights`: looking into weight files of any format, converting and comparing them.
struct WeightsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "weights",
    abstract: "Look into, convert, compare, merge and split weight files of any format.",
    discussion: """
      Read: safetensors, MindSpore .ckpt, .npy, .npz, torch.save's files (old and new), GGUF. \
      Written: safetensors, .ckpt, .npz. Nothing in a file is ever run.

      Example:
        dsx weights info models/nanogpt_zh
        dsx weights convert pytorch_model.bin model.safetensors
        dsx weights diff pytorch_model.bin model.safetensors
        dsx weights merge checkpoints model.ckpt --strategy strategy
        dsx weights split model.safetensors parts --parts 4
      """,
    subcommands: [
      WeightsInfo.self, WeightsConvert.self, WeightsDiff.self, WeightsMerge.self,
      WeightsSplit.self,
    ])
}

/// The layouts that the `weights` commands print.
enum WeightsFormat: String, ExpressibleByArgument, CaseIterable {
  case text, json
}
