public import DSXCore

/// The one verdict of a run: every output and the exit code take it from here.
public struct RunVerdict: Sendable, Equatable {
  /// The verdicts.
  public enum Status: String, Sendable, CaseIterable {
    /// Everything was evaluated and no required gate failed.
    case passed
    /// A required gate failed.
    case failed
    /// No required gate failed, but something is missing.
    case incomplete
  }

  /// The verdict.
  public let status: Status
  /// A few words: `1 of 8 gates failed`.
  public let headline: String
  /// Sentences with the numbers.
  public let detail: String
  /// Gates by outcome, and how many failed.
  public let counts: Counts

  /// Numbers of gates.
  public struct Counts: Sendable, Equatable {
    /// All gates.
    public var gates = 0
    /// Those that failed.
    public var failed = 0
    /// Those that failed and are required.
    public var required = 0
    /// Those that are better, the same, worse, or cannot tell.
    public var outcomes: [GateOutcome: Int] = [:]
  }

  /// The exit code that belongs to it.
  public var exitCode: ExitCode {
    switch status {
    case .passed: .ok
    case .failed: .gateFailed
    case .incomplete: .incomplete
    }
  }

  /// The verdict over a run's gates.
  ///
  /// - Parameters:
  ///   - gates: the gates' results.
  ///   - missing: what is missing of the run, one sentence each without a full stop; empty when complete
  ///     or when the recipe accepts it.
  ///   - hasBaseline: whether there was a run to compare with.
  public init(_ gates: [GateResult], missing: [String], hasBaseline: Bool) {
    var counts = Counts()
    counts.gates = gates.count
    for gate in gates {
      counts.outcomes[gate.outcome, default: 0] += 1
      guard !gate.passed else { continue }
      counts.failed += 1
      if gate.question.rule.isRequired { counts.required += 1 }
    }
    self.counts = counts
    let severalModels = Set(gates.map(\.question.model)).count > 1
    var sentences = gates.filter { !$0.passed }.prefix(3).map { gate in
      gate.name(withModel: severalModels) + ": " + gate.reason + "."
    }
    if counts.failed > 3 { sentences.append("\(counts.failed - 3) more gates failed.") }
    let rest = Self.summary(gates.filter(\.passed))
    if counts.required > 0 {
      status = .failed
      headline = "\(counts.required) of \(Self.plural(gates.count, "gate")) failed"
      sentences += missing.prefix(3).map { $0 + "." }
    } else if !missing.isEmpty {
      status = .incomplete
      headline = "incomplete: " + missing[0]
      sentences += missing.dropFirst().prefix(3).map { $0 + "." }
    } else {
      status = .passed
      if gates.isEmpty {
        headline = "complete, no gates"
      } else if !hasBaseline {
        headline = "passed, with no earlier run to compare with"
      } else if counts.failed > 0 {
        headline = "passed; \(Self.plural(counts.failed, "gate")) that is not required failed"
      } else {
        headline = "\(Self.plural(gates.count, "gate")) passed"
      }
    }
    if !rest.isEmpty {
      let who = counts.failed > 0 ? "The others: " : hasBaseline ? "Against the baseline: " : ""
      sentences.append(who + rest + ".")
    }
    detail = sentences.joined(separator: " ")
  }

  /// Gates by outcome, in words.
  private static func summary(_ gates: [GateResult]) -> String {
    let parts = GateOutcome.allCases.compactMap { outcome -> String? in
      let number = gates.count { $0.outcome == outcome }
      return number == 0 ? nil : "\(number) \(outcome.word)"
    }
    return parts.joined(separator: ", ")
  }

  private static func plural(_ count: Int, _ word: String) -> String {
    "\(count) \(word)" + (count == 1 ? "" : "s")
  }
}
