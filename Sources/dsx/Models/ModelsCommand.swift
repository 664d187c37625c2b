internal import ArgumentParser

/// `dsx models`: which models there are, what they hold, and whether they are sound.
struct ModelsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "models",
    abstract: "List models, look into a model folder, and check that its parts fit together.",
    discussion: """
      A model is a folder in ModelScope's or Hugging Face's layout, or a GGUF file.

      Examples:
        dsx models list
        dsx models show models/nanogpt_zh
        dsx models check models/digits_cnn --format json
      """,
    subcommands: [ModelsList.self, ModelsShow.self, ModelsCheck.self])
}

/// The layouts that the `models` commands print.
enum ModelsFormat: String, ExpressibleByArgument, CaseIterable {
  case text, json
}
