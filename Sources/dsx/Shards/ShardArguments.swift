internal import ArgumentParser
internal import DSXCore
internal import Jobs

/// Which parts a process makes.
struct ShardArguments: ParsableArguments {
  @Option(
    help: ArgumentHelp("Only these shards: 3, or 0..9 for 0 to 9.", valueName: "i|a..b"))
  var shard: String?
  @Option(help: ArgumentHelp("Only this step, as 'plan' names it.", valueName: "name"))
  var step: String?
  @Flag(help: "Compare the hashes of parts that are finished already; damaged ones are made again.")
  var verify = false

  /// The names of these options.
  static let names = ["shard", "step", "verify"]

  /// What they choose. Throws `usage` for what is no number or range.
  func selection() throws(DSXError) -> ShardSelection {
    guard let shard else { return .all(step: step) }
    if let number = Int(shard), number >= 0 { return .shards([number], step: step) }
    let bytes = Array(shard.utf8)
    guard let dot = bytes.firstIndex(of: UInt8(ascii: ".")), dot + 1 < bytes.count,
      bytes[dot + 1] == UInt8(ascii: "."),
      let first = Int(String(decoding: bytes[..<dot], as: UTF8.self)),
      let last = Int(String(decoding: bytes[(dot + 2)...], as: UTF8.self)),
      first >= 0, first <= last, last < 1 << 24
    else {
      throw DSXError(
        .usage, "--shard must be a number or a range like 0..9, not '\(shard)'")
    }
    return .shards(Array(first...last), step: step)
  }
}

/// What merging leaves.
struct MergeArguments: ParsableArguments {
  @Flag(help: "Leave OUTPUT.work behind.")
  var keepWork = false

  /// The name of this option.
  static let names = ["keep-work"]
}
