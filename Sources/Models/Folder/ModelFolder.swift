public import DSXCore
internal import Text

/// A folder with a model: `configuration.json` (ModelScope) and/or `config.json` (Hugging Face), a
/// tokenizer (`tokenizer.json`, or `vocab.json` with `merges.txt`) and safetensors weights.
public enum ModelFolder {
  /// The architectures that can be opened, sorted.
  public static func architectures() throws(DSXError) -> [String] {
    try Architectures.registry().names()
  }

  /// Loads everything that is needed to score text.
  ///
  /// Weights in F32 stay mapped; others become float32 once. Reads the weight files once in full, for
  /// their fingerprint.
  /// Throws `missingFile`, `malformed`, `corrupt` or `unsupported` (exit code 3) with the file and,
  /// where it is known, the tensor, the shapes and the byte offset.
  public static func open(_ path: String) throws(DSXError) -> LoadedModel {
    let description = try ModelDescription(folder: path)
    let architecture = try architecture(description)
    let tokenizer = try tokenizer(description)
    let model = try model(description, architecture)
    let vocabularySize = model.info.vocabularySize
    guard tokenizer.vocabularySize <= vocabularySize else {
      throw DSXError(
        .corrupt,
        "the tokenizer has \(tokenizer.vocabularySize) ids, the model only \(vocabularySize)",
        file: path, hint: "the tokenizer does not belong to this model")
    }
    let bosID = try bosID(description, tokenizer, below: vocabularySize)
    let eosID =
      try description.tokenID("eos_token_id", below: vocabularySize)
      ?? description.special("eos_token").flatMap { tokenizer.id(of: $0) }
    return LoadedModel(
      folder: path, model: model, tokenizer: tokenizer, bosID: bosID, eosID: eosID,
      addBOS: try addsBOS(description, bosID), context: try context(description, model.info),
      task: description.task, runtime: BLAS.facts)
  }

  /// Loads only the model of a folder, which may lack a tokenizer: for callers that have ids.
  ///
  /// Throws as `open` does.
  public static func openModel(_ path: String) throws(DSXError) -> any LanguageModel {
    let description = try ModelDescription(folder: path)
    return try model(description, architecture(description))
  }

  /// How this process computes: BLAS library, kernels, threads.
  public static var runtime: [RuntimeFact] { BLAS.facts }

  private static func architecture(_ description: ModelDescription) throws(DSXError)
    -> Architecture
  {
    let registry = try Architectures.registry()
    guard registry.names().contains(description.architecture) else {
      throw DSXError(
        .unsupported, "the model architecture '\(description.architecture)' is not supported",
        file: description.source, hint: "known: " + registry.names().joined(separator: ", "))
    }
    return try registry.find(description.architecture)
  }

  private static func model(_ description: ModelDescription, _ architecture: Architecture)
    throws(DSXError) -> any LanguageModel
  {
    let store = try TensorStore(folder: description.folder)
    do throws(DSXError) {
      return try architecture.build(
        FilePath.split(description.folder).name, description.hyperparameters, store)
    } catch {
      throw error.inFile(description.source)
    }
  }

  private static func bosID(
    _ description: ModelDescription, _ tokenizer: any Tokenizer, below limit: Int
  ) throws(DSXError) -> Int32? {
    let stated = try description.tokenID("bos_token_id", below: limit)
    guard let spelling = description.special("bos_token"), let id = tokenizer.id(of: spelling)
    else { return stated }
    if let stated, stated != id {
      throw DSXError(
        .corrupt,
        "bos_token_id is \(stated), but tokenizer_config.json's bos_token '\(spelling)' has the id "
          + "\(id)", file: description.source, hint: "make the two files agree")
    }
    return id
  }

  private static func addsBOS(_ description: ModelDescription, _ bosID: Int32?) throws(DSXError)
    -> Bool
  {
    let places = [
      (description.preprocessor, "add_bos", "configuration.json"),
      (description.tokenizer, "add_bos_token", "tokenizer_config.json"),
    ]
    for (part, name, file) in places {
      guard let value = part[name], !value.isNull else { continue }
      let path = FilePath.join(description.folder, file)
      guard let flag = value.bool else {
        throw DSXError(.malformed, "'\(name)' must be true or false", file: path)
      }
      guard !flag || bosID != nil else {
        throw DSXError(.malformed, "'\(name)' is true, but no bos token is named", file: path)
      }
      return flag
    }
    return false
  }

  private static func context(_ description: ModelDescription, _ info: ModelInfo) throws(DSXError)
    -> Int
  {
    guard let value = description.preprocessor["max_length"], !value.isNull else {
      return info.context
    }
    guard let length = value.int, length >= 2 else {
      throw DSXError(
        .malformed, "'max_length' must be a whole number of at least 2, not \(value.text())",
        file: FilePath.join(description.folder, "configuration.json"))
    }
    return min(length, info.context)
  }
}
