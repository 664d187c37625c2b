internal import ArgumentParser
internal import DSXCore
internal import Glibc
internal import Jobs

/// A work folder with the command line that it was planned with.
struct PlannedWork<Arguments: ParsableArguments> {
  /// The work folder, as an absolute path.
  let path: String
  /// What was said when it was planned.
  let arguments: Arguments

  /// Finds the work folder (or that of an output), reads its command line, and goes to the folder in which
  /// that was given, so that its relative paths mean what they meant.
  ///
  /// Throws `alreadyMade` when there is none because the job is finished.
  init(_ path: String, kind: String, _: Arguments.Type) throws {
    let found = try WorkFolder.find(path)
    guard let real = realpath(found, nil) else {
      throw DSXError.system("cannot find the work folder", file: found)
    }
    defer { free(real) }
    self.path = String(cString: real)
    let work = try WorkFolder(path: self.path)
    try work.require(kind: kind, tool: "dsx " + Version.current)
    let command = try PlannedCommand(setup: work.work.setup)
    do { arguments = try Arguments.parse(command.arguments) } catch {
      throw DSXError(
        .corrupt, "the command line of the plan is not understood",
        file: FilePath.join(found, WorkPlan.fileName), hint: "plan again")
    }
    try command.enter()
  }
}

/// The words of `plan` commands.
enum PlanWords {
  /// The words of the command line behind these commands, which may have options before them. `parses`
  /// says whether words are a whole command line of the last command.
  static func behind(_ commands: [String], parses: ([String]) -> Bool) -> [String] {
    var words = CommandWords.words()
    for command in commands {
      // The command's own word is the first of its kind that is not an option's value.
      for index in words.indices where words[index] == command {
        var rest = words
        rest.remove(at: index)
        if command != commands.last || parses(rest) {
          words = rest
          break
        }
      }
    }
    return words
  }

  /// Refuses options that only make sense where the work is planned: the command above would take them
  /// without a word.
  static func refuseOptions(of command: String, besides known: [String]) throws(DSXError) {
    for word in CommandLine.arguments {
      guard word.hasPrefix("--"), word.utf8.count > 2 else { continue }
      let name = String(
        decoding: word.utf8.dropFirst(2).prefix { $0 != UInt8(ascii: "=") }, as: UTF8.self)
      guard !known.contains(name) else { continue }
      throw DSXError(
        .usage, "--\(name) was decided when the work was planned",
        hint: "'\(command) plan' takes it")
    }
  }

  /// Plans, and prints the work folder and its steps; none when the output was made already.
  ///
  /// Throws what one process ends with that finds an output of which something failed.
  static func show(json: Bool, _ plan: () throws -> WorkFolder) throws {
    do {
      show(try plan(), json: json)
    } catch let error as DSXError where error.isAlreadyMade {
      if json { Output.line(JSONValue.object([.init("steps", [])]).text(.indented)) }
      guard error.code == .alreadyMade else {
        Output.message("dsx: finished already, but not everything went well")
        throw error
      }
      Output.message(ErrorText.text(for: error))
    }
  }

  private static func show(_ work: WorkFolder, json: Bool) {
    guard json else {
      Output.line(work.path)
      for step in work.work.steps { Output.line("\(step.name) \(step.shards)") }
      return
    }
    let steps = work.work.steps.map { step -> JSONValue in
      ["name": .string(step.name), "shards": .int(Int64(step.shards))]
    }
    let value: JSONValue = ["work": .string(work.path), "steps": .array(steps)]
    Output.line(value.text(.indented))
  }
}
