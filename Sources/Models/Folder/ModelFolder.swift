public import DSXCore
internal import Text

/// A folder with a model: `configuration.json` (ModelScope) and/or `config.json` (Hugging Face), a
/// tokenizer where the model takes text, and weights in any format that dsx reads; or one GGUF file,
/// which holds all of these.
public enum ModelFolder {
  /// The types of language models that can be opened, sorted.
  public static func architectures() throws(DSXError) -> [String] {
    try Architectures.registry().names(group: TaskGroup.textGeneration.rawValue)
  }

  /// The types that can be opened for each group of tasks, sorted.
  public static func types() throws(DSXError) -> [(group: TaskGroup, types: [String])] {
    let registry = try Architectures.registry()
    return TaskGroup.allCases.map { ($0, registry.names(group: $0.rawValue)) }
  }

  /// Opens a model for what it can be asked: the task of the options, else the folder's own
  /// (`configuration.json`'s `task`), else what `architectures` in `config.json` says, else the only
  /// task that its type has.
  ///
  /// `path` is a folder or a GGUF file.
  /// Throws `missingFile`, `malformed`, `corrupt` or `unsupported` (exit code 3) with the file and,
  /// where it is known, the tensor, the shapes and the byte offset; `unknownName` for a task that does
  /// not exist; `outOfMemory` where the weights would not fit.
  public static func openAny(_ path: String, _ options: ModelOptions = ModelOptions())
    throws(DSXError) -> OpenedModel
  {
    try BLAS.check()
    let source = try ModelSource(path: path)
    let (_, architecture) = try find(source.description, task: options.task)
    try MemoryNeed(source.store, options.computeType).check(limit: options.memoryLimit, path: path)
    return try open(source, architecture, options)
  }

  /// Loads everything that is needed to score text with a language model.
  ///
  /// Weights in F32 stay mapped; others become float32 once. Reads the weight files once in full, for
  /// their fingerprint.
  /// Throws as `openAny` does, and `unsupported` for a model that is no language model.
  public static func open(_ path: String, _ options: ModelOptions = ModelOptions())
    throws(DSXError) -> LoadedModel
  {
    switch try openAny(path, language(options)) {
    case .language(let loaded): return loaded
    default: throw DSXError(.internal, "a text-generation type opened as something else")
    }
  }

  /// Loads only the model of a folder, which may lack a tokenizer: for callers that have ids.
  ///
  /// Throws as `open` does.
  public static func openModel(_ path: String, _ options: ModelOptions = ModelOptions())
    throws(DSXError) -> any LanguageModel
  {
    try BLAS.check()
    let source = try ModelSource(path: path)
    let options = language(options)
    let (_, architecture) = try find(source.description, task: options.task)
    try MemoryNeed(source.store, options.computeType).check(limit: options.memoryLimit, path: path)
    guard case .language(let build) = architecture else {
      throw DSXError(.internal, "a text-generation type opened as something else")
    }
    return try inFile(source) { () throws(DSXError) in try build(source, options) }
  }

  /// How this process computes: BLAS library, kernels, threads.
  public static var runtime: [RuntimeFact] { BLAS.facts }

  /// The options with the task of language models, unless they name another of that group.
  private static func language(_ options: ModelOptions) -> ModelOptions {
    var options = options
    if !TaskGroup.textGeneration.tasks.contains(options.task ?? "") {
      options.task = TaskGroup.textGeneration.rawValue
    }
    return options
  }

  /// Builds the model; errors without a place name the file of the description.
  static func open(
    _ source: ModelSource, _ architecture: Architecture, _ options: ModelOptions
  ) throws(DSXError) -> OpenedModel {
    switch architecture {
    case .language(let build):
      // The tokenizer first: it is quick to read, and much quicker to find missing.
      let tokenizer = try tokenizer(source.description)
      let model = try inFile(source) { () throws(DSXError) in try build(source, options) }
      return .language(try loaded(source.description, model, tokenizer))
    case .model(let build):
      return try inFile(source) { () throws(DSXError) in try build(source, options) }
    }
  }

  private static func inFile<Result>(
    _ source: ModelSource, _ body: () throws(DSXError) -> Result
  ) throws(DSXError) -> Result {
    do throws(DSXError) { return try body() } catch {
      throw error.inFile(source.description.source)
    }
  }

  /// A language model with its tokenizer and the facts that tasks need.
  static func loaded(
    _ description: ModelDescription, _ model: any LanguageModel, _ tokenizer: any Tokenizer
  ) throws(DSXError) -> LoadedModel {
    let tokens = try LanguageTokens(
      description, tokenizer, vocabularySize: model.info.vocabularySize)
    return LoadedModel(
      folder: description.path, model: model, tokenizer: tokenizer, bosID: tokens.bosID,
      eosID: tokens.eosID, addBOS: tokens.addsBOS,
      context: try description.maximumLength(at: 2).map { min($0, model.info.context) }
        ?? model.info.context,
      task: description.task, runtime: BLAS.facts)
  }
}
