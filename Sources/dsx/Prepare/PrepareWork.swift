internal import ArgumentParser
internal import DSXCore
internal import Glibc
internal import Jobs
internal import Preparation

/// A work folder with the options that it was planned with.
struct PrepareWork {
  /// The options of a stored command line.
  private struct Stored: ParsableArguments {
    @OptionGroup var arguments: PrepareArguments
    @OptionGroup var process: PrepareProcessArguments
  }

  /// The work folder, as an absolute path.
  let path: String
  let options: PreparationOptions
  let preparation: Preparation

  /// Reads the command line that a work folder was planned with, and goes to the folder in which it was
  /// given, so that its relative paths mean what they meant.
  init(_ path: String, _ process: PrepareProcessArguments) throws {
    let path = try WorkFolder.find(path)
    let setup = try Preparation.setup(path)
    guard let real = realpath(path, nil) else {
      throw DSXError.system("cannot find the work folder", file: path)
    }
    defer { free(real) }
    self.path = String(cString: real)
    guard chdir(setup.folder) == 0 else {
      throw DSXError.system(
        "cannot go to the folder in which the work was planned", file: setup.folder,
        hint: "all processes must see the inputs under the same paths")
    }
    let stored: Stored
    do { stored = try Stored.parse(setup.arguments) } catch {
      throw DSXError(
        .unsupported, "the command line of the plan is not understood", file: path,
        hint: "it was written by another version of dsx")
    }
    var options = try stored.arguments.options(process)
    let planned = WorkFolder.path(forOutput: options.output)
    if FilePath.identity(planned) != FilePath.identity(self.path) {
      // The work folder was moved or copied: its output belongs beside it, where nobody else's is replaced.
      options.output = FilePath.join(
        FilePath.split(self.path).folder, FilePath.split(options.output).name)
    }
    self.options = options
    preparation = try stored.arguments.preparation(options)
  }

  /// The words of the command line without the program and the commands.
  static func arguments(after commands: String...) -> [String] {
    var words = Array(CommandLine.arguments.dropFirst())
    for command in commands {
      // The command's own word is the first of its kind that is not an option's value.
      for index in words.indices where words[index] == command {
        var rest = words
        rest.remove(at: index)
        if command != commands.last || (try? Stored.parse(rest)) != nil {
          words = rest
          break
        }
      }
    }
    return words
  }

  /// Refuses options that only make sense where the work is planned.
  static func refuseOptions(besides own: [String]) throws(DSXError) {
    let known = Set(own + ["workers", "verify", "keep-work", "format"])
    for word in CommandLine.arguments {
      guard word.hasPrefix("--"), word.utf8.count > 2 else { continue }
      let name = String(word.dropFirst(2).prefix { $0 != "=" })
      guard !known.contains(name) else { continue }
      throw DSXError(
        .usage, "--\(name) was decided when the work was planned",
        hint: "'dsx prepare plan' takes it")
    }
  }

  /// Prints how a preparation ended.
  static func report(
    _ outcome: Preparation.Outcome, _ options: PreparationOptions, _ began: Double,
    _ format: PrepareProcessArguments.Format
  ) {
    let summary = PrepareSummary(
      outcome: outcome, options: options, seconds: StderrProgress.seconds() - began)
    switch format {
    case .text: Output.message(summary.text)
    case .json: Output.line(summary.json.text(.indented))
    }
  }
}
