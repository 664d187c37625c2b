internal import DSXCore

/// GNU parallel.
extension PrintedJob {
  var parallel: String {
    let names = ["DSX", "WORK", "OPENBLAS_NUM_THREADS"] + variables.map(\.name)
    var lines = head([
      "Run by bash. On several machines add --sshloginfile FILE",
      names.map { "--env " + $0 }.joined(separator: " ") + " to parallel;",
      "all of them must see the program, the inputs and the work folder under the same paths.",
    ])
    for step in steps {
      lines += ["", "# \(Self.title(step))"]
      let command = "\"$DSX\" " + ShellWord.line(runWords(step)) + " --tasks {} \"$WORK\""
      lines.append("parallel --jobs \(maxRunning.map { "\($0)" } ?? "100%") \\")
      lines.append("  " + ShellWord.quoted(command) + " \\")
      lines.append("  ::: " + Self.list(step.numbers))
    }
    lines += ["", "# Checks the manifests of all parts; exit code 5 when some are missing."]
    lines.append("exec \"$DSX\" " + ShellWord.line(mergeWords) + " \"$WORK\"")
    return lines.joined(separator: "\n") + "\n"
  }

  static func title(_ step: Step) -> String {
    "Step \(step.tasks.step.name): \(step.numbers.count) tasks of \(step.tasks.shardsPerTask) of "
      + "\(step.tasks.step.shards) shards"
  }

  /// `{0..7} 12`, as bash expands it.
  private static func list(_ numbers: [Int]) -> String {
    NumberRanges.ranges(numbers).map {
      $0.count == 1 ? "\($0.lowerBound)" : "{\($0.lowerBound)..\($0.upperBound)}"
    }.joined(separator: " ")
  }
}
