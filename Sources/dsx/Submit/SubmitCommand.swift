internal import ArgumentParser
internal import DSXCore
internal import Jobs

/// `dsx submit`: a job's shards on a cluster, or in processes on this machine.
struct SubmitCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "submit",
    abstract: "Plan a job, and have Slurm, this machine or another scheduler make its parts.",
    discussion: """
      Examples:
        dsx submit --partition main --cpus 4 --time 2:00:00 prepare --input 'data/*.txt' --output out.mindrecord
        dsx submit --engine local --max-running 2 prepare --input 'data/*.txt' --output out.mindrecord
        dsx submit --engine print --print-form parallel prepare --input 'data/*.txt' --output out.mindrecord
        dsx submit --dry-run out.mindrecord

      Options of dsx submit stand before the job; all words behind it are the job's own, as its 'plan'
      command takes them. The job is planned, then each step becomes arrays of tasks for the shards that
      are missing, and a last job merges. The same command again submits what is missing and not in the
      queue. Instead of a job, an output or a work folder that was planned before may be named: its
      inputs are not hashed again. Scripts, logs and the jobs' numbers are kept in OUTPUT.submit.
      """)

  /// Who launches the tasks.
  enum Engine: String, CaseIterable, ExpressibleByArgument { case slurm, local, print }
  /// How what was submitted is printed.
  enum Format: String, CaseIterable, ExpressibleByArgument { case text, json }

  @Option(help: "Who launches the tasks: slurm, local (processes here), or print (a script).")
  var engine = Engine.slurm
  @OptionGroup(title: "Slurm") var slurm: SlurmArguments
  @OptionGroup(title: "Tasks") var tasks: SubmitTaskArguments
  @Option(help: "With --engine print: parallel, kubernetes or mpirun. Default: parallel.")
  var printForm: PrintForm?
  @Flag(help: "Print what would be submitted; the work folder is planned, nothing is launched.")
  var dryRun = false
  @Option(help: "How what was submitted is printed.")
  var format = Format.text

  @Argument(
    parsing: .captureForPassthrough,
    help: ArgumentHelp(
      "prepare, convert, eval, predict or recipe with arguments; or an output or work folder.",
      valueName: "job"))
  var job: [String] = []

  func run() throws {
    // All words from the job on are taken as they stand, also those that stand alone.
    if job == ["--help"] || job == ["-h"] { throw CleanExit.helpRequest(self) }
    if job == ["--version"] { throw CleanExit.message(Dsx.configuration.version) }
    if engine == .print, dryRun {
      throw DSXError(.usage, "--engine print launches nothing: it needs no --dry-run")
    }
    try requireUsed()
    let options = try slurm.options(tasks)
    let planned: PlannedJob
    switch try PlannedJob.find(job) {
    case .planned(let found): planned = found
    case .finished(let error):
      if format == .json {
        Output.line(JSONValue.object([.init("finished", true)]).text(.indented))
      }
      Output.message("dsx: finished already: there is nothing to submit")
      if let error { throw error }
      return
    }
    let steps = try SubmittedSteps(planned, tasks, limit: options.seconds)
    switch engine {
    case .slurm:
      var submission = SlurmSubmission(planned, steps, options, tasks)
      try submission.run(dryRun: dryRun, format: format)
    case .local:
      try LocalSubmission(planned, steps, tasks).run(dryRun: dryRun, format: format)
    case .print: try print(planned, steps)
    }
  }

  /// Prints the script of another scheduler.
  private func print(_ planned: PlannedJob, _ steps: SubmittedSteps) throws {
    let form = printForm ?? .parallel
    let text = PrintedJob(
      work: planned.work.path, program: tasks.program,
      name: SubmittedJobs(id: planned.work.work.id, work: planned.work.path).namePrefix,
      steps: steps.steps.compactMap { step in
        let dealt = StepTasks(step.step, shardsPerTask: step.shardsPerTask)
        let numbers = dealt.tasks(step.missing)
        return numbers.isEmpty ? nil : PrintedJob.Step(dealt, numbers)
      }, cpus: tasks.cpus, memory: slurm.mem, maxRunning: tasks.maxRunning,
      retries: tasks.retries, variables: SubmitTaskArguments.variables
    ).text(form)
    switch format {
    case .text: Output.write(Array(text.utf8))
    case .json:
      let json: JSONValue = [
        "finished": false, "work": .string(planned.work.path), "form": .string(form.rawValue),
        "steps": steps.json, "script": .string(text),
      ]
      Output.line(json.text(.indented))
    }
    try planned.folder.make()
  }

  /// Throws `usage` for options that the engine would ignore.
  private func requireUsed() throws(DSXError) {
    let isSlurm = engine == .slurm
    let isKubernetes = engine == .print && printForm == .kubernetes
    let given: [(name: String, isGiven: Bool, isUsed: Bool, engines: String)] = [
      ("--partition", slurm.partition != nil, isSlurm, "--engine slurm"),
      ("--time", slurm.time != nil, isSlurm, "--engine slurm"),
      (
        "--mem", slurm.mem != nil, isSlurm || isKubernetes,
        "--engine slurm and --print-form kubernetes"
      ),
      ("--sbatch-arg", !slurm.sbatchArg.isEmpty, isSlurm, "--engine slurm"),
      ("--print-form", printForm != nil, engine == .print, "--engine print"),
    ]
    let ignored = given.filter { $0.isGiven && !$0.isUsed }
    guard let first = ignored.first else { return }
    var name = "--engine \(engine.rawValue)"
    if engine == .print { name += " --print-form \((printForm ?? .parallel).rawValue)" }
    throw DSXError(
      .usage, "\(name) does not use " + ignored.map(\.name).joined(separator: ", "),
      hint: "\(first.name) is for \(first.engines)")
  }
}
