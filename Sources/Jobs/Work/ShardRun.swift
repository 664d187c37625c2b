public import DSXCore
internal import Glibc

/// Makes parts of a planned job, one after the other. Several processes may do so at the same time.
public struct ShardRun: Sendable {
  private let work: WorkFolder
  private let verify: Bool

  /// A run in a work folder; `verify`: finished parts are passed over only when their files have their
  /// SHA-256.
  public init(_ work: WorkFolder, verify: Bool = false) {
    self.work = work
    self.verify = verify
  }

  /// Makes the parts that are not there: `make` writes the files of a claimed part and returns what it
  /// counted. Parts that are finished are passed over.
  ///
  /// Throws `usage` for shards and steps that the plan does not have, `incomplete` when a named shard is
  /// being made by another process or needs parts of an earlier step, and what `make` throws; the reason
  /// is then kept for `dsx status`.
  public func make(
    _ selection: ShardSelection, _ make: (ShardClaim) throws(DSXError) -> JSONValue
  ) throws(DSXError) {
    switch selection {
    case .all(let name):
      for step in try steps(name) {
        try require(before: step)
        var left = Array(0..<step.shards)
        while true {
          left = try some(step, left, make)
          guard !left.isEmpty else { break }
          // Somebody else is at these; when he dies they are free again.
          usleep(200_000)
        }
      }
    case .shards(let shards, let name):
      let steps = try steps(name)
      let most = steps.map(\.shards).max() ?? 0
      if let wrong = shards.first(where: { $0 < 0 || $0 >= most }) {
        throw DSXError(
          .usage, name.map { "step \($0) has no shard \(wrong)" } ?? "no step has a shard \(wrong)",
          file: work.path, hint: "shards are 0 to \(most - 1)")
      }
      for step in steps {
        let wanted = shards.filter { $0 < step.shards }
        guard !wanted.isEmpty else { continue }
        try require(before: step)
        let taken = try some(step, wanted, make)
        guard taken.isEmpty else {
          throw DSXError(
            .incomplete,
            "another process is making shards \(ShardNumbers.text(taken)) of step \(step.name)",
            file: work.path, hint: "wait for it, then run the same command again")
        }
      }
    }
  }

  private func steps(_ name: String?) throws(DSXError) -> [WorkStep] {
    guard let name else { return work.work.steps }
    return [try work.step(name)]
  }

  private func require(before step: WorkStep) throws(DSXError) {
    for earlier in work.work.steps.prefix(while: { $0 != step }) {
      let missing = try work.missing(earlier)
      guard missing.isEmpty else {
        throw DSXError(
          .incomplete,
          "step \(step.name) needs all shards of step \(earlier.name); missing: "
            + ShardNumbers.text(missing), file: work.path,
          hint: "make them, then run the same command again")
      }
    }
  }

  /// Makes what is free of `shards`, in order; returns those that another process is making.
  private func some(
    _ step: WorkStep, _ shards: [Int], _ make: (ShardClaim) throws(DSXError) -> JSONValue
  ) throws(DSXError) -> [Int] {
    var taken: [Int] = []
    for shard in shards {
      switch try work.claim(step, shard, verify: verify) {
      case .done: continue
      case .taken: taken.append(shard)
      case .claimed(let claim):
        do throws(DSXError) {
          _ = try claim.publish(counts: try make(claim))
        } catch {
          claim.fail(error)
          throw error
        }
      }
    }
    return taken
  }
}
