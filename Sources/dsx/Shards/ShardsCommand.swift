internal import ArgumentParser

/// `dsx shards`: what engines run.
struct ShardsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "shards",
    abstract: "What a task of 'dsx submit' runs: parts or the merging of any job, with retries.",
    discussion: """
      Scripts of 'dsx submit' call these; they may be called by hand or by any other scheduler. Which
      command makes the parts is read from the work folder's plan.

      Example:
        dsx shards run --step encode --tasks 0-3 --shards-per-task 2 out.mindrecord.work
      """, subcommands: [ShardsRun.self, ShardsMerge.self])
}
