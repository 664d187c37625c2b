internal import DSXCore

/// mpirun, which is only used to start processes: they do not speak to each other.
extension PrintedJob {
  var mpirun: String {
    var lines = head([
      "Run by bash, in an allocation or with a host file. Rank R of N makes tasks R, R + N, R + 2N ... of",
      "the list, however many ranks there are: "
        + (maxRunning == nil
          ? "mpirun's own choice, or NP when it is set." : "as --max-running says."),
      "Ranks end with 0 whatever happens, because mpirun would end the others: the merging below finds",
      "out what is missing.",
    ])
    for step in steps {
      // Slots are the allocation's: more ranks than there are would be refused.
      let ranks = maxRunning.map { "-np \(min($0, step.numbers.count))" } ?? "${NP:+-np \"$NP\"}"
      lines += ["", "# \(Self.title(step))"]
      let words = runWords(step) + ["--tasks", NumberRanges.text(step.numbers)]
      lines.append("mpirun \(ranks) bash -c '")
      lines.append("  export OPENBLAS_NUM_THREADS=1")
      // Ranks of other nodes do not get this script's variables, but every word.
      lines += variables.map { "  export \($0.name)=\"$1\"; shift" }
      lines.append("  rank=${OMPI_COMM_WORLD_RANK:-${PMI_RANK:?no rank}}")
      lines.append("  size=${OMPI_COMM_WORLD_SIZE:-${PMI_SIZE:?no size}}")
      lines.append(
        "  \"$@\" --index \"$rank\" --stride \"$size\" || echo \"rank $rank: exit code $?\" >&2")
      let values = variables.map { "\"$\($0.name)\" " }.joined()
      lines.append("' task \(values)\"$DSX\" " + ShellWord.line(words) + " \"$WORK\"")
    }
    lines += ["", "# Checks the manifests of all parts; exit code 5 when some are missing."]
    lines.append("exec \"$DSX\" " + ShellWord.line(mergeWords) + " \"$WORK\"")
    return lines.joined(separator: "\n") + "\n"
  }
}
