/// The exit codes of the `dsx` process. docs/exit-codes.md holds the same table; a test compares them.
public enum ExitCode: Int32, CaseIterable, Sendable {
  /// Done, or finished already.
  case ok = 0
  /// A fault of dsx itself.
  case `internal` = 1
  /// Usage or configuration: unknown option or name, output exists, resume with other options.
  case usage = 2
  /// Malformed, hostile, corrupt, wrong-typed, missing or truncated input.
  case badInput = 3
  /// No file matches, no rows, no examples.
  case nothingToDo = 4
  /// Shards or examples missing or failed.
  case incomplete = 5
  /// Unreadable, disk full, read-only.
  case io = 6
  /// Two compared things are different.
  case different = 7
  /// A required gate failed.
  case gateFailed = 100
  /// Interrupted by SIGINT.
  case interrupted = 130
  /// Ended by SIGTERM.
  case terminated = 143

  /// One line for the documentation's table.
  public var meaning: String {
    switch self {
    case .ok: "done, or finished already and nothing of it failed"
    case .internal: "a fault of dsx itself"
    case .usage:
      "usage or configuration: unknown option, data set, model, subset, metric or recipe key; "
        + "output exists; resume with other options"
    case .badInput:
      "bad or refused input: missing, malformed, hostile, corrupt, wrong type, truncated"
    case .nothingToDo: "nothing to do: no file matches, no rows, no examples"
    case .incomplete: "incomplete: shards or examples missing or failed"
    case .io: "I/O: unreadable, disk full, read-only"
    case .different: "compared things differ (`dsx records diff`, `dsx weights diff`)"
    case .gateFailed: "a required gate failed"
    case .interrupted: "interrupted (SIGINT)"
    case .terminated: "terminated (SIGTERM)"
    }
  }
}
