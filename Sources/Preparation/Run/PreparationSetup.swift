internal import Archives
internal import DSXCore
internal import Jobs

/// What a work folder keeps for other processes beside the plan: the paths of the inputs and the command
/// line. Not part of the run's id.
struct PreparationSetup {
  /// The inputs, known by path and size.
  var files: [InputFile]
  /// When each was changed last, in nanoseconds since 1970.
  private var modified: [Int64] = []
  var arguments: [String]
  /// The folder that relative paths belong to.
  var folder: String

  init(files: [InputFile], arguments: [String], folder: String) {
    self.files = files
    self.arguments = arguments
    self.folder = folder
  }

  /// The inputs as they are now. Throws `io` for one that changed since it was planned.
  func current() throws(DSXError) -> [InputFile] {
    var found: [InputFile] = []
    for (file, time) in zip(files, modified) {
      guard FilePath.exists(file.path) else { throw DSXError.gone(file.path) }
      let now = try InputFile(path: file.path)
      guard now.size == file.size, now.stamp?.modified == time else {
        throw DSXError(
          .io, "the input changed since it was planned", file: file.path, hint: "plan again")
      }
      found.append(now)
    }
    return found
  }

  var json: JSONValue {
    [
      "folder": .string(folder), "arguments": .array(arguments.map { .string($0) }),
      "inputs": .array(
        files.map { ["path": .string($0.path), "modified": .int($0.stamp?.modified ?? 0)] }),
    ]
  }

  /// Reads it; the sizes must be those of the plan.
  init(json: JSONValue, plan: JobPlan) throws(DSXError) {
    guard let folder = json["folder"]?.string, let arguments = json["arguments"]?.array,
      let inputs = json["inputs"]?.array, inputs.count == plan.inputs.count
    else { throw DSXError(.malformed, "the setup of the plan is not complete") }
    self.folder = folder
    self.arguments = arguments.compactMap(\.string)
    files = []
    for (input, planned) in zip(inputs, plan.inputs) {
      guard let path = input["path"]?.string, case .int(let time)? = input["modified"] else {
        throw DSXError(.malformed, "the setup of the plan has an input without path and time")
      }
      files.append(InputFile(path: path, size: planned.size))
      modified.append(time)
    }
  }
}
