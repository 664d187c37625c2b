internal import DSXCore

/// Kubernetes: an Indexed Job for each step, and a plain one for the merging.
extension PrintedJob {
  var kubernetes: String {
    var lines = [
      "#!/bin/bash",
      "# Run by bash. Before: set IMAGE to an image with dsx, CLAIM to a volume claim that all nodes can",
      "# write (ReadWriteMany), and MOUNT to the folder below which all paths lie.",
      "set -u",
      ": \"${IMAGE:?an image with dsx}\" \"${CLAIM:?a ReadWriteMany volume claim}\" \"${MOUNT:?a folder}\"",
      "",
    ]
    lines += Self.waiting
    for step in steps {
      let name = name + "-" + Self.label(step.tasks.step.name)
      let words =
        runWords(step) + [
          "--tasks", NumberRanges.text(step.numbers), "--index", "$(JOB_COMPLETION_INDEX)",
        ]
      lines += ["", "# \(Self.title(step))"]
      lines += applied(name, words, completions: step.numbers.count)
    }
    lines += ["", "# Checks the manifests of all parts; exit code 5 when some are missing."]
    lines += applied(name + "-merge", mergeWords, completions: nil)
    lines += [
      "case $ended in *Complete*) exit 0 ;; esac",
      "echo 'the merging has failed: kubectl logs job/\(name)-merge says why' >&2",
      "# Its own exit code: 5, or 100 for a gate that failed.",
      "code=$(kubectl get pods -l job-name=\(name)-merge --sort-by=.metadata.creationTimestamp \\",
      "  -o jsonpath='{.items[-1:].status.containerStatuses[0].state.terminated.exitCode}')",
      "[[ $code =~ ^[1-9][0-9]{0,2}$ ]] || code=5", "exit \"$code\"",
    ]
    return lines.joined(separator: "\n") + "\n"
  }

  /// A function that waits for a job's end, `Complete` or `Failed`, and leaves it in `ended`.
  private static let waiting = [
    "# A job that cannot be read for a minute is not waited for: it was deleted, or the cluster is away.",
    "wait_for() {",
    "  local failures=0",
    "  while :; do",
    "    if ended=$(kubectl get job \"$1\" \\",
    "      -o jsonpath='{.status.conditions[?(@.status==\"True\")].type}'); then",
    "      failures=0",
    "      case $ended in *Complete* | *Failed*) return ;; esac",
    "    else",
    "      failures=$((failures + 1))",
    "      if [ \"$failures\" -ge 12 ]; then",
    "        echo \"job $1 could not be read $failures times: was it deleted?\" >&2",
    "        echo 'Finished parts stay; the same script goes on.' >&2",
    "        exit 6",
    "      fi",
    "    fi",
    "    sleep 5",
    "  done",
    "}",
  ]

  /// The lines that take away a job of this name, which an earlier run left, apply a new one and wait for its end, good or bad.
  private func applied(_ name: String, _ words: [String], completions: Int?) -> [String] {
    var yaml = ["apiVersion: batch/v1", "kind: Job", "metadata:", "  name: \(name)", "spec:"]
    if let completions {
      yaml += [
        "  completionMode: Indexed", "  completions: \(completions)",
        "  parallelism: \(min(maxRunning ?? completions, completions))",
        "  backoffLimitPerIndex: \(retries)",
      ]
    } else {
      yaml.append("  backoffLimit: \(retries)")
    }
    // Attempts inside of a pod see to exit code 6; a pod that was evicted or lost its node comes again.
    // What merging says of a finished output (5, 7, 100) is no reason to merge again.
    yaml += [
      "  podFailurePolicy:", "    rules:", "    - action: Ignore", "      onPodConditions:",
      "      - type: DisruptionTarget",
      "    - action: \(completions == nil ? "FailJob" : "FailIndex")", "      onExitCodes:",
      "        containerName: dsx", "        operator: In",
      "        values: [1, 2, 3, 4, 5, 7, 100]",
      "  template:", "    spec:", "      restartPolicy: Never", "      containers:",
      "      - name: dsx", "        image: $IMAGE",
      "        command: " + Self.yaml([program] + words, work),
      "        env:", "        - name: OPENBLAS_NUM_THREADS", "          value: \"1\"",
    ]
    for variable in variables {
      yaml += [
        "        - name: " + variable.name,
        "          value: " + Self.expanded(.string(Self.doubled(variable.value))),
      ]
    }
    yaml += ["        resources:", "          requests:", "            cpu: \"\(cpus)\""]
    if let memory { yaml.append("            memory: " + Self.quantity(memory)) }
    yaml += [
      "        volumeMounts:", "        - name: data", "          mountPath: $MOUNT",
      "      volumes:", "      - name: data", "        persistentVolumeClaim:",
      "          claimName: $CLAIM",
    ]
    // A job that has ended would stay as it is when it is applied again: its end is not that of this run.
    return [
      "kubectl delete job \(name) --ignore-not-found --cascade=foreground --wait=true || exit 6",
      "kubectl apply -f - <<YAML || exit 6",
    ]
      + yaml
      + ["YAML", "wait_for \(name)"]
  }

  /// A list of words as a flow of JSON strings, which YAML is too, in a here-document whose variables are
  /// expanded. Kubernetes itself expands `$(NAME)`; two dollars stand for one.
  static func yaml(_ words: [String], _ last: String) -> String {
    let index = "$(JOB_COMPLETION_INDEX)"
    let texts = (words + [last]).map { word -> JSONValue in
      .string(word == index ? word : Self.doubled(word))
    }
    return expanded(.array(texts))
  }

  /// A value as it stands in a here-document whose variables are expanded.
  private static func expanded(_ value: JSONValue) -> String {
    var text = ""
    for scalar in value.text(.spaced).unicodeScalars {
      if scalar == "$" || scalar == "`" || scalar == "\\" { text += "\\" }
      text.unicodeScalars.append(scalar)
    }
    return text
  }

  private static func doubled(_ word: String) -> String {
    var text = ""
    for scalar in word.unicodeScalars {
      text += scalar == "$" ? "$$" : String(scalar)
    }
    return text
  }

  /// Slurm's amount of memory in Kubernetes' words: `4G` is 4 GiB, `500` is 500 MiB.
  static func quantity(_ memory: String) -> String {
    let digits = memory.prefix { $0.isASCII && $0.isNumber }
    let unit = memory.dropFirst(digits.count).uppercased()
    return digits + (unit.isEmpty ? "M" : unit) + "i"
  }

  /// Lower-case letters, digits and dashes, as names of objects have them.
  static func label(_ name: String) -> String {
    String(
      decoding: name.lowercased().utf8.map { byte -> UInt8 in
        (48...57).contains(byte) || (97...122).contains(byte) ? byte : UInt8(ascii: "-")
      }, as: UTF8.self)
  }
}
