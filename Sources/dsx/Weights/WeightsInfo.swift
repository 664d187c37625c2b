internal import ArgumentParser
internal import DSXCore
internal import Models

/// `dsx weights info FILE|FOLDER`
struct WeightsInfo: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "info",
    abstract: "Show the tensors, their shapes, types and bytes, the metadata, and the SHA-256.",
    discussion: """
      PATH is a weight file, an index of shards (.index.json), or a model folder.

      Examples:
        dsx weights info models/nanogpt_zh
        dsx weights info --format json --digests model.ckpt
      """)

  @Argument(help: "A weight file, an index of shards, or a model folder.") var path: String
  @Option(help: "Output format: text or json.") var format: WeightsFormat = .text
  @Flag(help: "Also the SHA-256 of each tensor: of its elements, row-major, little-endian.")
  var digests = false

  func run() throws {
    let store = try TensorStore(path: path)
    var digests: [String: String] = [:]
    if self.digests {
      for name in store.names { digests[name] = try store.digest(name) }
    }
    let summary = WeightsSummary(store: store, digests: digests)
    Output.line(format == .json ? summary.json.text(.indented) : summary.text)
  }
}
