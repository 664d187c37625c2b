internal import DSXCore
internal import Jobs

/// A job that is to be submitted: its work folder, planned now or before.
struct PlannedJob {
  /// The work folder, with an absolute path.
  let work: WorkFolder
  /// What engines keep of it.
  let folder: SubmitFolder

  /// Plans a job by running its 'plan' command, or opens one that was planned. nil when it is finished.
  ///
  /// Throws what that command ended with; its messages are on stderr already.
  init?(_ words: [String]) throws {
    guard let first = words.first else {
      throw DSXError(
        .usage, "dsx submit needs a job",
        hint: "jobs are " + JobCommands.all.map(\.kind).joined(separator: ", ")
          + ", with arguments; or a work folder")
    }
    if let commands = JobCommands.all.first(where: { $0.kind == first }) {
      guard let work = try Self.plan(commands, Array(words.dropFirst())) else { return nil }
      self.work = work
    } else if words.count == 1, (try? WorkFolder.find(first)) != nil {
      work = try WorkFolder(job: first)
      _ = try JobCommands.of(work.work.plan.kind)
    } else if words.count == 1, FilePath.exists(first) || first.utf8.contains(UInt8(ascii: "/")) {
      // A finished output has no work folder any more; it says so, or that there is nothing.
      guard try WorkStatus(first).isComplete else {
        throw DSXError(.usage, "there is no work folder with a plan", file: first)
      }
      return nil
    } else {
      _ = try JobCommands.of(first)
      return nil
    }
    folder = SubmitFolder(of: work.path)
  }

  private static func plan(_ commands: JobCommands, _ arguments: [String]) throws -> WorkFolder? {
    let words = [ProgramPath.current] + commands.plan(arguments)
    let run = try CapturedRun(words, seconds: nil, keepsErrors: false)
    guard run.ending.isSuccess else {
      var code = DSXCore.ExitCode.internal
      if case .exited(let number) = run.ending { code = .init(rawValue: number) ?? .internal }
      throw DSXError(
        .init("plan-failed", code), "the job was not planned: the messages above say why",
        hint: "'dsx " + commands.words.joined(separator: " ") + " plan' takes the same arguments")
    }
    let json = try? JSONParser.parse(run.output)
    if let steps = json?["steps"]?.array, steps.isEmpty { return nil }
    guard let path = json?["work"]?.string else {
      throw DSXError(
        .internal, "the plan command of '\(commands.kind)' did not say what it planned",
        underlying: String(run.output.prefix(200)))
    }
    return try WorkFolder(job: path)
  }
}
