internal import ArgumentParser
internal import DSXCore
internal import Preparation

/// `dsx prepare run`: makes parts of a planned preparation.
struct PrepareRun: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run",
    abstract: "Make parts in a work folder; several processes may do so at the same time.",
    discussion: """
      Without --shard it makes every part that nobody has made or is making. \
      Parts that are finished are passed over. A process that dies leaves \
      nothing behind that the next one would not take over.

      Example:
        dsx prepare run --shard 17 out.mindrecord.work
      """)

  @Argument(help: ArgumentHelp("The work folder that 'dsx prepare plan' made.", valueName: "work"))
  var work: String
  @Option(
    help: ArgumentHelp("Only these shards: 3, or 0..9 for 0 to 9.", valueName: "i|a..b"))
  var shard: String?
  @Option(
    help: ArgumentHelp("Only this step, as 'dsx prepare plan' names it.", valueName: "name"))
  var step: String?
  @OptionGroup(title: "Running") var process: PrepareProcessArguments

  func run() throws {
    try PrepareWork.refuseOptions(besides: ["shard", "step"])
    let planned = try PrepareWork(work, process)
    var selection = Preparation.Selection.all
    if let shards = try shards() {
      selection = .shards(shards, step: step)
    } else if step != nil {
      throw DSXError(.usage, "--step needs --shard", hint: "e.g. --step scan --shard 0..9")
    }
    let progress = StderrProgress()
    defer { progress.finish() }
    try planned.preparation.runParts(planned.path, selection, progress: progress)
    progress.finish()
    Output.message("dsx: the parts are finished")
  }

  /// The shards that `--shard` names.
  private func shards() throws(DSXError) -> [Int]? {
    guard let shard else { return nil }
    let wrong = DSXError(
      .usage, "--shard must be a number or a range like 0..9, not '\(shard)'")
    if let number = Int(shard), number >= 0 { return [number] }
    let bytes = Array(shard.utf8)
    guard let dot = bytes.firstIndex(of: UInt8(ascii: ".")), dot + 1 < bytes.count,
      bytes[dot + 1] == UInt8(ascii: "."),
      let first = Int(String(decoding: bytes[..<dot], as: UTF8.self)),
      let last = Int(String(decoding: bytes[(dot + 2)...], as: UTF8.self)),
      first >= 0, first <= last, last < 1 << 24
    else { throw wrong }
    return Array(first...last)
  }
}
