public import DSXCore

/// The commands of the kinds of jobs that can be made in shards: all that an engine knows of them.
///
/// Each has `plan`, which prints the work folder and the steps, `run`, which makes parts, and `merge`.
public struct JobCommands: Hashable, Sendable {
  /// The name that `dsx submit` takes, and `plan.json` holds.
  public let kind: String
  /// The words of the command, without the program.
  public let words: [String]
  /// Whether `run` takes `--workers`.
  let runTakesWorkers: Bool
  /// Whether `merge` does.
  let mergeTakesWorkers: Bool

  init(
    _ kind: String, _ words: [String], runTakesWorkers: Bool = true, mergeTakesWorkers: Bool = true
  ) {
    self.kind = kind
    self.words = words
    self.runTakesWorkers = runTakesWorkers
    self.mergeTakesWorkers = mergeTakesWorkers
  }

  /// All kinds.
  public static let all = [
    JobCommands("prepare", ["prepare"]),
    JobCommands(
      "convert", ["datasets", "convert"], runTakesWorkers: false, mergeTakesWorkers: false),
    JobCommands("eval", ["eval"]),
    JobCommands("predict", ["predict"]),
    JobCommands("recipe", ["recipe", "cells"], mergeTakesWorkers: false),
  ]

  /// Those of a kind. Throws `unknownName`.
  public static func of(_ kind: String) throws(DSXError) -> JobCommands {
    if let commands = all.first(where: { $0.kind == kind }) { return commands }
    throw DSXError.unknown("kind of job", kind, known: all.map(\.kind))
  }

  /// The arguments that plan a job.
  public func plan(_ arguments: [String]) -> [String] {
    words + ["plan"] + arguments + ["--format", "json"]
  }

  /// The arguments that make the parts of some shards. `workers`: nil for the command's own choice.
  public func run(_ work: String, step: String, _ shards: ClosedRange<Int>, workers: Int?)
    -> [String]
  {
    let range =
      shards.count == 1 ? "\(shards.lowerBound)" : "\(shards.lowerBound)..\(shards.upperBound)"
    return words + ["run", "--step", step, "--shard", range]
      + Self.workers(runTakesWorkers ? workers : nil) + [work]
  }

  /// The arguments that make the output of the parts; `json`: what is said of it is for programs.
  public func merge(_ work: String, workers: Int?, json: Bool = false) -> [String] {
    words + ["merge"] + Self.workers(mergeTakesWorkers ? workers : nil)
      + (json ? ["--format", "json"] : []) + [work]
  }

  private static func workers(_ count: Int?) -> [String] {
    count.map { ["--workers", "\($0)"] } ?? []
  }
}
