internal import DSXCore

/// What is printed.
public struct PrintedJob: Sendable {
  /// A step with its tasks that have missing shards.
  public struct Step: Sendable {
    /// The step and how it is dealt.
    public var tasks: StepTasks
    /// The numbers of the tasks, in order.
    public var numbers: [Int]

    /// A step.
    public init(_ tasks: StepTasks, _ numbers: [Int]) {
      self.tasks = tasks
      self.numbers = numbers
    }
  }

  /// The work folder, as an absolute path.
  public var work: String
  /// The program, as nodes see it.
  public var program: String
  /// The beginning of names.
  public var name: String
  /// The steps that have something to do.
  public var steps: [Step]
  /// Cores of a task.
  public var cpus: Int
  /// Memory of a task, as it was given; nil when it was not.
  public var memory: String?
  /// Tasks at a time; nil for the form's own choice.
  public var maxRunning: Int?
  /// The most attempts of a task after the first.
  public var retries: Int
  /// Variables that tasks need, by name, in order.
  public var variables: [(name: String, value: String)]

  /// A job.
  public init(
    work: String, program: String, name: String, steps: [Step], cpus: Int, memory: String?,
    maxRunning: Int?, retries: Int, variables: [(name: String, value: String)] = []
  ) {
    self.work = work
    self.program = program
    self.name = name
    self.steps = steps
    self.cpus = cpus
    self.memory = memory
    self.maxRunning = maxRunning
    self.retries = retries
    self.variables = variables
  }

  /// The text.
  public func text(_ form: PrintForm) -> String {
    switch form {
    case .parallel: parallel
    case .kubernetes: kubernetes
    case .mpirun: mpirun
    }
  }

  /// The words of `dsx shards run` for a step, less the program, the tasks and the work folder.
  func runWords(_ step: Step) -> [String] {
    [
      "shards", "run", "--step", step.tasks.step.name, "--shards-per-task",
      "\(step.tasks.shardsPerTask)", "--workers", "\(cpus)", "--retries", "\(retries)",
    ]
  }

  /// The words of `dsx shards merge`, less the program and the work folder.
  var mergeWords: [String] {
    ["shards", "merge", "--workers", "\(cpus)", "--retries", "\(retries)"]
  }

  /// The first lines of a script: paths are variables, so that nothing in them means anything to the
  /// programs that the lines below go through.
  func head(_ title: [String]) -> [String] {
    ["#!/bin/bash"] + title.map { "# " + $0 }
      + [
        "set -u", "export OPENBLAS_NUM_THREADS=1", "export DSX=" + ShellWord.quoted(program),
        "export WORK=" + ShellWord.quoted(work),
      ] + variables.map { "export \($0.name)=" + ShellWord.quoted($0.value) }
  }
}
