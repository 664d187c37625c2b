import DSXCore
import Testing

@testable import Jobs

/// Paths and names that mean something to a shell, to Slurm, to YAML or to GNU parallel.
private let hostileNames = [
  "plain", "two words", "it's", "a\"b", "a\\b", "a$HOME`id`$(id)", "#x", "%A_%a", "{}{.}{#}",
  "a\nb",
  "a\r\nb", "\t", "语料 库", "packjob hetjob", "-n", "*?[a]", "a;b&c|d>e", "!x", "~", "YAML",
]

@Suite struct EngineScriptTests {
  private func withFolder(_ body: (String) throws -> Void) throws {
    let folder = "/tmp/dsx-engines-\(UInt64.random(in: .min ... .max))"
    try FilePath.makeFolder(folder)
    defer { try? FilePath.removeTree(folder) }
    try body(folder)
  }

  /// A program that writes its arguments to a file, each ended by `|`.
  private func echo(_ folder: String, _ name: String) throws -> String {
    let path = folder + "/" + name
    try FilePath.write(
      Array("#!/bin/sh\nprintf '%s|' \"$@\" >>\"$ARGS_FILE\"\necho >>\"$ARGS_FILE\"\n".utf8),
      to: path)
    #expect(try CapturedRun(["chmod", "+x", path]).ending.isSuccess)
    return path
  }

  private func lines(_ path: String) throws -> [String] {
    let file = try MappedFile(path: path)
    return file.withBytes { String(decoding: $0, as: UTF8.self) }.split(separator: "|\n")
      .map { String($0) }
  }

  private func script(_ work: String, _ program: String, step: String? = "encode") throws
    -> SlurmScript
  {
    SlurmScript(
      job: SubmittedJob(
        number: 3, name: "dsx-1a2b3c4d-0003-encode", step: step, shardsPerTask: 4, firstTask: 1001,
        indices: "0-7,12", script: "0003-encode.sbatch"),
      work: work, program: program,
      options: try SlurmOptions(
        partition: "main", time: "1:00:00", cpus: 2, memory: "4G",
        arguments: ["--comment=two words"], maxRunning: 5),
      retries: 3, variables: [("DSX_HOME", "/a b")], title: "a test")
  }

  @Test func theScriptSaysWhatItDoes() throws {
    let text = try script("/data/out.work", "/usr/bin/dsx").text
    for line in [
      "#!/bin/bash", "#SBATCH --array=0-7,12%5", "#SBATCH --output=logs/0003-encode-%a.log",
      "#SBATCH --open-mode=append", "#SBATCH --requeue", "#SBATCH --cpus-per-task=2",
      "#SBATCH --partition=main", "#SBATCH --time=1:00:00", "#SBATCH --mem=4G",
      "#SBATCH \"--comment=two words\"", "export OPENBLAS_NUM_THREADS=1",
      "export DSX_HOME='/a b'", "work=/data/out.work", "task=$((1001 + SLURM_ARRAY_TASK_ID))",
    ] {
      #expect(text.contains("\n" + line + "\n") || text.hasPrefix(line + "\n"), "\(line)")
    }
    let merge = try script("/w", "/d", step: nil).text
    #expect(!merge.contains("--array"))
    #expect(merge.contains("#SBATCH --output=logs/0003-merge.log\n"))
  }

  /// bash itself runs the script: the program gets every word as it was.
  @Test(arguments: hostileNames) func everyPathComesThrough(_ name: String) throws {
    try withFolder { folder in
      let program = try echo(folder, name)
      let work = "/data/" + name
      let text = try script(work, program, step: name).text
      #expect(!text.utf8.contains(0x0d))
      try FilePath.makeFolder(folder + "/logs")
      let run = try CapturedRun(
        ["env", "SLURM_ARRAY_TASK_ID=3", "ARGS_FILE=\(folder)/args", "bash"], input: text,
        folder: folder)
      #expect(run.ending.isSuccess, "\(run.errors)")
      let words = try CapturedRun(["cat", folder + "/args"]).output
      #expect(
        words
          == "shards|run|--step|\(name)|--tasks|1004|--shards-per-task|4|--workers|2|--retries|3|\(work)|\n"
      )
    }
  }

  @Test(arguments: hostileNames) func wordsAreReadBackByBash(_ name: String) throws {
    let run = try CapturedRun(["bash"], input: "printf %s " + ShellWord.quoted(name))
    #expect(run.output == name)
    #expect(ShellWord.quoted(name).split(separator: "\n").count == 1)
  }

  private func printed(
    _ work: String, _ program: String, _ step: String, home: String = "/home of/dsx"
  ) -> PrintedJob {
    let tasks = StepTasks(WorkStep(step, shards: 30), shardsPerTask: 2)
    return PrintedJob(
      work: work, program: program, name: "dsx-1a2b3c4d", steps: [.init(tasks, [0, 1, 2, 7])],
      cpus: 2, memory: "4G", maxRunning: 3, retries: 1, variables: [("DSX_HOME", home)])
  }

  /// Writes a program that stands in for another one.
  private func standIn(_ folder: String, _ name: String, _ script: String) throws {
    try FilePath.write(Array(("#!/bin/bash\n" + script + "\n").utf8), to: folder + "/" + name)
    _ = try CapturedRun(["chmod", "+x", folder + "/" + name])
  }

  /// A stand-in for mpirun runs the printed form: three ranks share four tasks.
  @Test(arguments: hostileNames) func mpirunForm(_ name: String) throws {
    try withFolder { folder in
      let program = try echo(folder, name)
      let mpirun = """
        #!/bin/bash
        shift; size=$1; shift
        for ((rank = 0; rank < size; rank++)); do
          OMPI_COMM_WORLD_RANK=$rank OMPI_COMM_WORLD_SIZE=$size "$@"
        done

        """
      try FilePath.write(Array(mpirun.utf8), to: folder + "/mpirun")
      _ = try CapturedRun(["chmod", "+x", folder + "/mpirun"])
      let text = printed("/w/" + name, program, name).text(.mpirun)
      let run = try CapturedRun(
        ["env", "PATH=\(folder):/usr/bin:/bin", "ARGS_FILE=\(folder)/args", "bash"], input: text)
      #expect(run.ending.isSuccess, "\(run.errors)")
      let words = try CapturedRun(["cat", folder + "/args"]).output
      let common =
        "shards|run|--step|\(name)|--shards-per-task|2|--workers|2|--retries|1|--tasks|0-2,7|/w/\(name)"
      #expect(
        words
          == (0..<3).map { common + "|--index|\($0)|--stride|3|\n" }.joined()
          + "shards|merge|--workers|2|--retries|1|/w/\(name)|\n")
    }
  }

  /// How many ranks there are is said by mpirun, or NP: two make four tasks by turns, on nodes that get no
  /// variables of the script.
  @Test(arguments: hostileNames) func mpirunChoosesItsRanks(_ name: String) throws {
    try withFolder { folder in
      try standIn(folder, "prog", "printf '%s|' \"$DSX_HOME\" \"$@\" >>\"$ARGS_FILE\"")
      try standIn(
        folder, "mpirun",
        """
        size=2; [ "$1" = -np ] && size=$2 && shift 2
        for ((rank = 0; rank < size; rank++)); do
          env -i PATH="$PATH" ARGS_FILE="$ARGS_FILE" PMI_RANK=$rank PMI_SIZE=$size "$@"
        done
        """)
      var job = printed("/w/a", folder + "/prog", "encode", home: "/h/" + name)
      job.maxRunning = nil
      for (variables, ranks) in [([], 2), (["NP=3"], 3)] as [([String], Int)] {
        let args = folder + "/args\(ranks)"
        let run = try CapturedRun(
          ["env", "PATH=\(folder):/usr/bin:/bin", "ARGS_FILE=\(args)"] + variables + ["bash"],
          input: job.text(.mpirun))
        #expect(run.ending.isSuccess, "\(run.errors)")
        let common =
          "/h/\(name)|shards|run|--step|encode|--shards-per-task|2|--workers|2|--retries|1|--tasks|0-2,7|/w/a"
        #expect(
          try CapturedRun(["cat", args]).output
            == (0..<ranks).map { common + "|--index|\($0)|--stride|\(ranks)|" }.joined()
            + "/h/\(name)|shards|merge|--workers|2|--retries|1|/w/a|")
      }
    }
  }

  @Test(arguments: hostileNames) func parallelGetsTheHome(_ name: String) throws {
    try withFolder { folder in
      try standIn(folder, "prog", "printf '%s|' \"$DSX_HOME\" >>\"$ARGS_FILE\"")
      try standIn(folder, "parallel", "bash -c \"${3//\\{\\}/0}\"")
      let job = printed("/w/a", folder + "/prog", "encode", home: "/h/" + name)
      let text = job.text(.parallel)
      #expect(text.contains("--env DSX_HOME"))
      let run = try CapturedRun(
        ["env", "PATH=\(folder):/usr/bin:/bin", "ARGS_FILE=\(folder)/args", "bash"], input: text)
      #expect(run.ending.isSuccess, "\(run.errors)")
      #expect(try CapturedRun(["cat", folder + "/args"]).output == "/h/\(name)|/h/\(name)|")
    }
  }

  /// A stand-in for kubectl takes the objects: what Kubernetes reads in them is what was meant.
  @Test(arguments: hostileNames) func kubernetesForm(_ name: String) throws {
    try withFolder { folder in
      let kubectl = """
        #!/bin/bash
        if [ "$1" = apply ]; then cat >>"$ARGS_FILE"; else echo Complete; fi

        """
      try FilePath.write(Array(kubectl.utf8), to: folder + "/kubectl")
      _ = try CapturedRun(["chmod", "+x", folder + "/kubectl"])
      let text = printed("/w/" + name, "/bin/" + name, name, home: "/h/" + name).text(.kubernetes)
      let run = try CapturedRun(
        [
          "env", "PATH=\(folder):/usr/bin:/bin", "ARGS_FILE=\(folder)/args", "IMAGE=image:1",
          "CLAIM=claim", "MOUNT=/w", "bash",
        ], input: text)
      #expect(run.ending.isSuccess, "\(run.errors)")
      let yaml = try CapturedRun(["cat", folder + "/args"]).output
      #expect(yaml.contains("  completions: 4\n") && yaml.contains("  parallelism: 3\n"))
      #expect(yaml.contains("image: image:1\n") && yaml.contains("memory: 4Gi\n"))
      let mark = "        command: "
      let lines = yaml.split(separator: "\n")
      let commands = lines.filter { $0.hasPrefix(mark) }
      #expect(commands.count == 2)
      let words = try JSONParser.parse(String(commands[0].dropFirst(mark.count))).array ?? []
      // Kubernetes makes $$ one dollar.
      func read(_ value: JSONValue?) -> String {
        (value?.string ?? "").replacing("$$", with: "$")
      }
      #expect(read(words.first) == "/bin/" + name)
      #expect(read(words.last) == "/w/" + name)
      #expect(words.contains("$(JOB_COMPLETION_INDEX)"))
      let place = try #require(lines.firstIndex(of: "        - name: DSX_HOME"))
      let value = lines[place + 1].dropFirst("          value: ".count)
      #expect(read(try JSONParser.parse(String(value))) == "/h/" + name)
      // What merging found of a finished output is no reason to merge again.
      #expect(lines.count { $0.hasSuffix("values: [1, 2, 3, 4, 5, 7, 100]") } == 2)
    }
  }

  /// Old jobs of the same names are taken away, and a merging that failed is not hidden.
  @Test func kubernetesFormTellsFailure() throws {
    try withFolder { folder in
      // The last question is for the exit code of the merging.
      let kubectl = """
        #!/bin/bash
        echo "$1 $3" >>"$ARGS_FILE"
        [ "$2" = pods ] && echo 100 || echo Failed

        """
      try FilePath.write(Array(kubectl.utf8), to: folder + "/kubectl")
      _ = try CapturedRun(["chmod", "+x", folder + "/kubectl"])
      let run = try CapturedRun(
        [
          "env", "PATH=\(folder):/usr/bin:/bin", "ARGS_FILE=\(folder)/args", "IMAGE=image:1",
          "CLAIM=claim", "MOUNT=/w", "bash",
        ], input: printed("/w", "/d", "encode").text(.kubernetes))
      #expect(run.ending == .exited(100))
      let words = try CapturedRun(["cat", folder + "/args"]).output
      #expect(
        words == """
          delete dsx-1a2b3c4d-encode
          apply -
          get dsx-1a2b3c4d-encode
          delete dsx-1a2b3c4d-merge
          apply -
          get dsx-1a2b3c4d-merge
          get -l

          """)
    }
  }

  /// A job that is gone is not waited for; one that cannot be read for a moment is.
  @Test(arguments: [(11, 0), (12, 6)] as [(Int, Int32)]) func kubernetesFormEndsWithoutItsJob(
    _ failures: Int, _ code: Int32
  ) throws {
    try withFolder { folder in
      try standIn(folder, "sleep", "exit 0")
      try standIn(
        folder, "kubectl",
        """
        [ "$1" = get ] || exit 0
        echo get >>"$ARGS_FILE"
        if [ $(wc -l <"$ARGS_FILE") -gt \(failures) ]; then echo Complete; else exit 1; fi
        """)
      let run = try CapturedRun(
        [
          "env", "PATH=\(folder):/usr/bin:/bin", "ARGS_FILE=\(folder)/args", "IMAGE=image:1",
          "CLAIM=claim", "MOUNT=/w", "bash",
        ], input: printed("/w", "/d", "encode").text(.kubernetes))
      #expect(run.ending == .exited(code))
      let isTold = run.errors.contains("job dsx-1a2b3c4d-encode could not be read 12 times")
      #expect(isTold == (code == 6))
    }
  }

  @Test func objectNamesAreLabels() {
    #expect(PrintedJob.label("En Code_1") == "en-code-1")
    #expect(PrintedJob.quantity("500") == "500Mi")
    #expect(PrintedJob.quantity("4g") == "4Gi")
  }
}

@Suite struct SubmitFolderTests {
  @Test func liesBesideTheWorkFolder() {
    #expect(SubmitFolder(of: "/a/out.work").path == "/a/out.submit")
    #expect(SubmitFolder(of: "/a/out").path == "/a/out.submit")
    #expect(SubmitFolder(of: "out.work/").path == "out.submit")
  }

  @Test func anOutputMayBeNamedLikeAWorkFolder() throws {
    let output = "/tmp/dsx-submit-\(UInt64.random(in: .min ... .max)).work"
    defer {
      for end in ["", ".work", ".submit"] { try? FilePath.removeTree(output + end) }
    }
    try FilePath.makeFolder(output + ".work")
    try FilePath.write([], to: output + ".work/plan.json")
    let folder = SubmitFolder(of: output + ".work")
    #expect(folder.path == output + ".submit")
    try folder.make()
    #expect(SubmitFolder(of: output).path == folder.path)
  }

  @Test func recordsAreReadBack() throws {
    let folder = SubmitFolder(of: "/tmp/dsx-submit-\(UInt64.random(in: .min ... .max))")
    try folder.make()
    defer { try? FilePath.removeTree(folder.path) }
    #expect(try folder.jobs() == nil)
    var jobs = SubmittedJobs(id: "x", work: "/a b.work", last: 2)
    jobs.jobs = [
      SubmittedJob(
        number: 1, name: "dsx-0001", id: "12", step: "encode", shardsPerTask: 3, firstTask: 1001,
        indices: "0-3", script: "0001-encode.sbatch"),
      SubmittedJob(number: 2, name: "dsx-0002", step: nil, script: "0002-merge.sbatch"),
    ]
    jobs.local = .current
    try folder.write(jobs)
    #expect(try folder.jobs() == jobs)
    #expect(jobs.namePrefix.utf8.count == 12)
    let lock = try folder.lock()
    #expect(throws: DSXError.self) { _ = try folder.lock() }
    lock.release()
    try folder.lock().release()
  }

  @Test(arguments: [
    "", "{}", "{\"format\":\"dsx-jobs\",\"version\":2}",
    "{\"format\":\"dsx-jobs\",\"version\":1,\"id\":\"a\",\"work\":\"b\",\"last\":-1,\"jobs\":[]}",
    "{\"format\":\"dsx-jobs\",\"version\":1,\"id\":\"a\",\"work\":\"b\",\"last\":1,\"jobs\":[{}]}",
  ])
  func damagedRecordsAreErrors(_ text: String) throws {
    let folder = SubmitFolder(of: "/tmp/dsx-submit-\(UInt64.random(in: .min ... .max))")
    try folder.make()
    defer { try? FilePath.removeTree(folder.path) }
    try FilePath.write(Array(text.utf8), to: folder.jobsPath)
    #expect(throws: DSXError.self) { try folder.jobs() }
  }

  @Test func timesAreTheMedianOfShards() throws {
    let path = "/tmp/dsx-times-\(UInt64.random(in: .min ... .max))"
    defer { try? FilePath.removeTree(path) }
    #expect(TaskTimes.secondsPerShard(path, step: "a", workers: 2) == nil)
    TaskTimes.add(to: path, step: "a", shards: 3, seconds: 30, workers: 2)
    TaskTimes.add(to: path, step: "a", shards: 1, seconds: 100, workers: 2)
    TaskTimes.add(to: path, step: "b", shards: 1, seconds: 1, workers: 2)
    let text = try MappedFile(path: path).withBytes { Array($0) }
    try FilePath.write(text + Array("{broken\n\n[1]\n".utf8), to: path)
    let two = try #require(TaskTimes.secondsPerShard(path, step: "a", workers: 2))
    #expect(two.seconds == 10 && two.shards == 4)
    #expect(TaskTimes.secondsPerShard(path, step: "a", workers: 4)?.seconds == 5)
  }
}

@Suite struct ChildProcessTests {
  @Test func endingsAreTold() throws {
    #expect(try ChildProcess(["true"]).wait() == .exited(0))
    #expect(try ChildProcess(["sh", "-c", "exit 7"]).wait() == .exited(7))
    #expect(try ChildProcess(["sh", "-c", "kill -9 $$"]).wait() == .signalled(9))
    #expect(throws: DSXError.self) { _ = try ChildProcess(["no-such-program-of-dsx"]) }
  }

  @Test func outputIsCaptured() throws {
    let run = try CapturedRun(
      ["sh", "-c", "cat; echo bad >&2; pwd; exit 3"], input: "in\n", folder: "/tmp")
    #expect(run.output == "in\n/tmp\n")
    #expect(run.errors == "bad")
    #expect(run.ending == .exited(3))
  }

  @Test func whatTakesTooLongIsEnded() {
    #expect(throws: DSXError.self) { _ = try CapturedRun(["sleep", "60"], seconds: 0.2) }
  }

  @Test func aProcessIsKnownByItsStart() throws {
    #expect(ProcessIdentity.current.isAlive)
    var other = ProcessIdentity.current
    other.started += 1
    #expect(!other.isAlive)
    let child = try ChildProcess(["sleep", "60"])
    child.send(15)
    #expect(child.wait() == .signalled(15))
  }
}
