internal import ArgumentParser
internal import DSXCore
internal import Preparation

/// `dsx prepare plan`: cuts the work into shards.
struct PreparePlan: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "plan",
    abstract: "List and hash the inputs, cut them into shards, and make OUTPUT.work.",
    discussion: """
      Takes the options of 'dsx prepare'. Shards follow from the inputs and \
      --shard-bytes, never from the number of workers. Prints the path of the \
      work folder, then a line for each step with its number of shards.

      Example:
        dsx prepare plan --input 'data/*.txt' --output out.mindrecord
        dsx prepare run --shard 0..3 out.mindrecord.work
        dsx prepare merge out.mindrecord.work
      """)

  @OptionGroup var arguments: PrepareArguments
  @OptionGroup(title: "Running") var process: PrepareProcessArguments

  func run() throws {
    var options = try arguments.options(process)
    options.arguments = PrepareWork.arguments(after: "prepare", "plan")
    let (path, steps, dropped) = try arguments.preparation(options).plan()
    if let dropped { Output.message("dsx: another plan was dropped, " + dropped) }
    if steps.isEmpty {
      Output.message("dsx: finished already: the output was made from these inputs and options")
    }
    switch process.format {
    case .text where steps.isEmpty: break
    case .text:
      Output.line(path)
      for step in steps { Output.line("\(step.name) \(step.shards)") }
    case .json:
      let list = steps.map { step -> JSONValue in
        ["name": .string(step.name), "shards": .int(Int64(step.shards))]
      }
      let json: JSONValue = ["work": .string(path), "steps": .array(list)]
      Output.line(json.text(.indented))
    }
  }
}
