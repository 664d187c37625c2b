internal import ArgumentParser

@main
struct Dsx: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "dsx",
    subcommands: [
      TokenizeCommand.self
    ])
}
