internal import DSXCore

/// What the files of a model say: ModelScope's `configuration.json`, Hugging Face's `config.json` and
/// `tokenizer_config.json`, either of the first two is enough; or the metadata of a GGUF file.
struct ModelDescription: Sendable {
  /// The folder, or the GGUF file, as the user gave it.
  let path: String
  /// The file that the hyper-parameters came from, for messages.
  let source: String
  /// The types that the files name: `model_type` of `config.json` first, then ModelScope's.
  let types: [String]
  /// The hyper-parameters.
  let hyperparameters: JSONValue
  /// Class names of transformers, e.g. `BertForSequenceClassification`.
  let classes: [String]
  /// ModelScope's task.
  let task: String?
  /// The whole of `configuration.json`, or an empty object.
  let scope: JSONValue
  /// ModelScope's `preprocessor`, or an empty object.
  let preprocessor: JSONValue
  /// `tokenizer_config.json`, or an empty object.
  let tokenizer: JSONValue
  /// The metadata of a GGUF file that stands for the configuration.
  let gguf: GGUFMetadata?

  /// The folder, or that of the GGUF file.
  var folder: String { FilePath.isFolder(path) ? path : FilePath.split(path).folder }

  /// The type, as messages name it.
  var architecture: String { types.first ?? "" }

  /// The name in reports.
  var name: String {
    let name = FilePath.split(path).name
    return gguf != nil && name.hasSuffix(".gguf") ? String(name.dropLast(5)) : name
  }

  /// The path of a file of the folder.
  func file(_ name: String) -> String { FilePath.join(folder, name) }

  /// Reads the files of a folder, or one GGUF file.
  ///
  /// Throws `missingFile` when both configurations are missing, `malformed` when one is damaged, and
  /// `corrupt` when they contradict each other.
  init(path: String) throws(DSXError) {
    guard FilePath.isFolder(path) else {
      try self.init(file: path)
      return
    }
    let scopePath = FilePath.join(path, "configuration.json")
    let configPath = FilePath.join(path, "config.json")
    let scope = try Self.read(scopePath)
    let config = try Self.read(configPath)
    if config == nil, let gguf = try Self.gguf(in: path) {
      try self.init(path: path, gguf: gguf, scope: scope, scopePath: scopePath)
      return
    }
    try self.init(path: path, scope: scope, config: config)
  }

  /// The two files of a folder.
  private init(path: String, scope: JSONValue?, config: JSONValue?) throws(DSXError) {
    let scopePath = FilePath.join(path, "configuration.json")
    let configPath = FilePath.join(path, "config.json")
    guard scope != nil || config != nil else {
      throw DSXError(
        .missingFile, "the folder has neither configuration.json nor config.json", file: path,
        hint: Self.advice(path))
    }
    let scopeModel = try Self.part(scope, "model", scopePath)
    if let config { try Self.compare(scopeModel, config, scopePath: scopePath) }
    self.path = path
    self.scope = scope ?? .object([])
    hyperparameters = config ?? scopeModel
    source = config == nil ? scopePath : configPath
    types = Self.types(config, scopeModel)
    guard !types.isEmpty else {
      throw DSXError(
        .malformed, "the configuration names no architecture ('model_type')", file: source)
    }
    classes = ((config ?? scopeModel)["architectures"]?.array ?? []).compactMap(\.string)
    task = try Self.text(scope, "task", scopePath)
    preprocessor = try Self.part(scope, "preprocessor", scopePath)
    tokenizer = try Self.read(FilePath.join(path, "tokenizer_config.json")) ?? .object([])
    gguf = nil
  }

  private static let hint =
    "a model folder holds configuration.json or config.json, a tokenizer and model.safetensors"

  /// What to do where a folder is no model: perhaps it holds some.
  private static func advice(_ folder: String) -> String {
    let inside = ModelFolder.models(in: folder).map { FilePath.split($0).name }
    return inside.isEmpty
      ? hint : "it holds these models, name one of them: " + inside.joined(separator: ", ")
  }

  /// One GGUF file.
  private init(file path: String) throws(DSXError) {
    guard FilePath.exists(path) else {
      throw DSXError.missing(path, "there is no model folder at this path", hint: Self.hint)
    }
    let file = try WeightFile(path: path)
    guard file.gguf != nil else {
      throw DSXError(
        .unsupported, "the file holds weights, but does not say what model they belong to",
        file: path, hint: "name a model folder; of single files only GGUF describes its model")
    }
    try self.init(path: path, gguf: file, scope: nil, scopePath: path)
  }

  /// The description that a GGUF file holds, with what a `configuration.json` beside it adds.
  private init(path: String, gguf file: WeightFile, scope: JSONValue?, scopePath: String)
    throws(DSXError)
  {
    guard let gguf = file.gguf else { throw DSXError(.internal, "not a GGUF file") }
    self.path = path
    self.gguf = gguf
    self.scope = scope ?? .object([])
    source = file.file.path
    guard let type = try gguf.string("general.architecture") else {
      throw DSXError(
        .malformed, "the metadata name no architecture ('general.architecture')", file: source)
    }
    types = [type]
    classes = []
    task = try Self.text(scope, "task", scopePath)
    preprocessor = try Self.part(scope, "preprocessor", scopePath)
    var members = file.metadata
    for name in ["bos", "eos"] {
      guard let id = try gguf.int("tokenizer.ggml.\(name)_token_id") else { continue }
      members.append(.init(name + "_token_id", .int(Int64(id))))
    }
    hyperparameters = .object(members)
    let adds = try gguf.bool("tokenizer.ggml.add_bos_token")
    tokenizer = .object(adds.map { [.init("add_bos_token", .bool($0))] } ?? [])
  }

  /// The GGUF file whose weights the folder's are, or nil.
  private static func gguf(in folder: String) throws(DSXError) -> WeightFile? {
    guard let weights = try TensorStore.weights(in: folder), weights.hasSuffix(".gguf") else {
      return nil
    }
    return try WeightFile(path: weights)
  }

  private static func read(_ path: String) throws(DSXError) -> JSONValue? {
    guard FilePath.exists(path) else { return nil }
    let value = try JSONParser.parse(file: path)
    guard value.object != nil else {
      throw DSXError(.malformed, "the file must hold a JSON object", file: path)
    }
    return value
  }

  private static func part(_ value: JSONValue?, _ name: String, _ path: String) throws(DSXError)
    -> JSONValue
  {
    guard let part = value?[name], !part.isNull else { return .object([]) }
    guard part.object != nil else {
      throw DSXError(.malformed, "'\(name)' must be an object", file: path)
    }
    return part
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

  /// The types in the order in which ModelScope looks for one (`get_model_type`), after
  /// `config.json`'s: the backbone's type, `type`, `model_type`. A `type` that is a task's name is the
  /// name of a head, not of an architecture.
  private static func types(_ config: JSONValue?, _ scope: JSONValue) -> [String] {
    let stated = [
      config?["model_type"], scope["backbone"]?["type"], scope["backbone"]?["model_type"],
      scope["type"], scope["model_type"],
    ].compactMap { $0?.string }
    var types: [String] = []
    for type in stated {
      let name = synonyms[type] ?? type
      if !TaskGroup.allTasks.contains(name), !types.contains(name) { types.append(name) }
    }
    return types
  }

  /// Names that ModelScope has for an architecture of another name: StructBERT is a BERT that was
  /// trained otherwise.
  private static let synonyms = ["structbert": "bert"]

  /// Both files may state a hyper-parameter, but they must agree.
  private static func compare(_ scope: JSONValue, _ config: JSONValue, scopePath: String)
    throws(DSXError)
  {
    for member in scope.object ?? [] where member.name != "type" && member.name != "model_type" {
      guard let other = config[member.name] else { continue }
      if member.value == other { continue }
      if let left = member.value.double, let right = other.double, left == right { continue }
      throw DSXError(
        .corrupt,
        "configuration.json says \(member.name) = \(member.value.text()), config.json says "
          + other.text(), file: scopePath, hint: "make the two files agree")
    }
  }
}
