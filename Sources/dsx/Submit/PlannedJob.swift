internal import ArgumentParser
internal import DSXCore
internal import Evaluation
internal import Jobs

/// What the words of `dsx submit` mean.
enum SubmittedWork {
  /// A job with a work folder.
  case planned(PlannedJob)
  /// A job whose output is there; with what its command ends with when not everything went well.
  case finished(DSXError?)
}

/// A job that is to be submitted: its work folder, planned now or before.
struct PlannedJob {
  /// The work folder, with an absolute path.
  let work: WorkFolder
  /// What engines keep of it.
  let folder: SubmitFolder

  private init(_ work: WorkFolder) {
    self.work = work
    folder = SubmitFolder(of: work.path)
  }

  /// Plans a job by running its 'plan' command, or opens one that was planned.
  ///
  /// Throws what that command ended with; its messages are on stderr already.
  static func find(_ words: [String]) throws -> SubmittedWork {
    guard let first = words.first else {
      throw DSXError(
        .usage, "dsx submit needs a job",
        hint: "jobs are " + JobCommands.all.map(\.kind).joined(separator: ", ")
          + ", with arguments; or a work folder")
    }
    if let commands = JobCommands.all.first(where: { $0.kind == first }) {
      return try plan(commands, Array(words.dropFirst()))
    }
    if words.count == 1, (try? WorkFolder.find(first)) != nil {
      let work = try WorkFolder(job: first)
      _ = try JobCommands.of(work.work.plan.kind)
      return .planned(PlannedJob(work))
    }
    if words.count == 1, FilePath.exists(first) || first.utf8.contains(UInt8(ascii: "/")) {
      // A finished output has no work folder any more; it says so, or that there is nothing.
      guard try WorkStatus(first).isComplete else {
        throw DSXError(.usage, "there is no work folder with a plan", file: first)
      }
      return .finished(try FinishedVerdict.error(first))
    }
    // Throws: with arguments it can only have been meant as a kind of job.
    _ = try JobCommands.of(first)
    return .finished(nil)
  }

  private static func plan(_ commands: JobCommands, _ arguments: [String]) throws -> SubmittedWork {
    let words = [ProgramPath.current] + commands.plan(arguments)
    let run = try CapturedRun(words, seconds: nil, keepsErrors: false)
    let json = try? JSONParser.parse(run.output)
    let isFinished = json?["steps"]?.array?.isEmpty == true
    guard run.ending.isSuccess else {
      var code = DSXCore.ExitCode.internal
      if case .exited(let number) = run.ending { code = .init(rawValue: number) ?? .internal }
      if isFinished {
        return .finished(
          DSXError(
            .init("finished-incomplete", code),
            "the job was finished before with exit code \(code.rawValue): the messages above say why"
          ))
      }
      throw DSXError(
        .init("plan-failed", code), "the job was not planned: the messages above say why",
        hint: "'dsx " + commands.words.joined(separator: " ") + " plan' takes the same arguments")
    }
    if isFinished { return .finished(nil) }
    if json == nil, arguments.contains(where: helpWords.contains) {
      throw CleanExit.message(
        run.output.hasSuffix("\n") ? String(run.output.dropLast()) : run.output)
    }
    guard let path = json?["work"]?.string else {
      throw DSXError(
        .internal, "the plan command of '\(commands.kind)' did not say what it planned",
        underlying: String(run.output.prefix(200)))
    }
    return .planned(PlannedJob(try WorkFolder(job: path)))
  }

  /// Words for which a command prints something else than a plan.
  private static let helpWords: Set<String> = ["-h", "--help", "--help-hidden", "--version"]
}
