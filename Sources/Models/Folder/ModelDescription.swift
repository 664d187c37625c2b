internal import DSXCore

/// What the JSON files of a model folder say: ModelScope's `configuration.json`, Hugging Face's
/// `config.json` and `tokenizer_config.json`; either of the first two is enough.
struct ModelDescription: Sendable {
  /// The folder.
  let folder: String
  /// The architecture's name: `model_type`, or ModelScope's `model.type`.
  let architecture: String
  /// The file that it came from, for messages.
  let source: String
  /// The hyper-parameters.
  let hyperparameters: JSONValue
  /// ModelScope's task.
  let task: String?
  /// ModelScope's `preprocessor`, or an empty object.
  let preprocessor: JSONValue
  /// `tokenizer_config.json`, or an empty object.
  let tokenizer: JSONValue

  /// Reads the files that are there.
  ///
  /// Throws `missingFile` when both configurations are missing, `malformed` when one is damaged, and
  /// `corrupt` when they contradict each other.
  init(folder: String) throws(DSXError) {
    guard FilePath.isFolder(folder) else {
      throw DSXError(
        .missingFile, "there is no model folder at this path", file: folder,
        hint: "a model folder holds configuration.json or config.json, a tokenizer and "
          + "model.safetensors")
    }
    self.folder = folder
    let scopePath = FilePath.join(folder, "configuration.json")
    let configPath = FilePath.join(folder, "config.json")
    let scope = try Self.read(scopePath)
    let config = try Self.read(configPath)
    guard scope != nil || config != nil else {
      throw DSXError(
        .missingFile, "the folder has neither configuration.json nor config.json", file: folder,
        hint: "a model folder holds configuration.json or config.json, a tokenizer and "
          + "model.safetensors")
    }
    let scopeModel = scope?["model"] ?? .object([])
    guard scopeModel.object != nil else {
      throw DSXError(.malformed, "'model' must be an object", file: scopePath)
    }
    if let config { try Self.compare(scopeModel, config, scopePath: scopePath) }
    hyperparameters = config ?? scopeModel
    source = config == nil ? scopePath : configPath
    guard
      let name = config?["model_type"]?.string ?? scopeModel["type"]?.string
    else {
      throw DSXError(
        .malformed, "the configuration names no architecture ('model_type')", file: source)
    }
    architecture = name
    task = try Self.text(scope, "task", scopePath)
    preprocessor = scope?["preprocessor"] ?? .object([])
    guard preprocessor.object != nil else {
      throw DSXError(.malformed, "'preprocessor' must be an object", file: scopePath)
    }
    tokenizer = try Self.read(FilePath.join(folder, "tokenizer_config.json")) ?? .object([])
  }

  private static func read(_ path: String) throws(DSXError) -> JSONValue? {
    guard FilePath.exists(path) else { return nil }
    let value = try JSONParser.parse(file: path)
    guard value.object != nil else {
      throw DSXError(.malformed, "the file must hold a JSON object", file: path)
    }
    return value
  }

  private static func text(_ value: JSONValue?, _ name: String, _ path: String) throws(DSXError)
    -> String?
  {
    guard let part = value?[name], !part.isNull else { return nil }
    guard let text = part.string else {
      throw DSXError(.malformed, "'\(name)' must be a string", file: path)
    }
    return text
  }

  /// Both files may state a hyper-parameter, but they must agree.
  private static func compare(_ scope: JSONValue, _ config: JSONValue, scopePath: String)
    throws(DSXError)
  {
    for member in scope.object ?? [] {
      let name = member.name == "type" ? "model_type" : member.name
      guard let other = config[name] else { continue }
      if member.value == other { continue }
      if let left = member.value.double, let right = other.double, left == right { continue }
      throw DSXError(
        .corrupt,
        "configuration.json says \(name) = \(member.value.text()), config.json says "
          + other.text(), file: scopePath, hint: "make the two files agree")
    }
  }

  /// An id that the configuration names, or nil. A list counts as its first id.
  func tokenID(_ name: String, below limit: Int) throws(DSXError) -> Int32? {
    guard var value = hyperparameters[name], !value.isNull else { return nil }
    if let first = value.array?.first { value = first }
    guard case .int(let number) = value, number >= 0, number < Int64(limit),
      let id = Int32(exactly: number)
    else {
      throw DSXError(
        .malformed, "'\(name)' is \(value.text()), outside the vocabulary of \(limit)",
        file: source)
    }
    return id
  }

  /// A special token's spelling in `tokenizer_config.json`: a string, or an object with `content`.
  func special(_ name: String) -> String? {
    tokenizer[name]?.string ?? tokenizer[name]?["content"]?.string
  }
}
