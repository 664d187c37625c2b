internal import DSXCore
internal import Jobs

/// What a work folder keeps for other processes beside the plan: the paths of the inputs and the command
/// line. Not part of the run's id.
struct PreparationSetup {
  var files: [InputFile]
  var arguments: [String]
  /// The folder that relative paths belong to.
  var folder: String

  init(files: [InputFile], arguments: [String], folder: String) {
    self.files = files
    self.arguments = arguments
    self.folder = folder
  }

  var json: JSONValue {
    [
      "folder": .string(folder), "arguments": .array(arguments.map { .string($0) }),
      "inputs": .array(files.map { .string($0.path) }),
    ]
  }

  /// Reads it; the sizes are those of the plan.
  init(json: JSONValue, plan: JobPlan) throws(DSXError) {
    guard let folder = json["folder"]?.string, let arguments = json["arguments"]?.array,
      let inputs = json["inputs"]?.array, inputs.count == plan.inputs.count
    else { throw DSXError(.malformed, "the setup of the plan is not complete") }
    self.folder = folder
    self.arguments = arguments.compactMap(\.string)
    files = []
    for (input, planned) in zip(inputs, plan.inputs) {
      guard let path = input.string else {
        throw DSXError(.malformed, "the setup of the plan has an input without a path")
      }
      files.append(InputFile(path: path, size: planned.size))
    }
  }
}
