public import DSXCore
internal import Text

extension ModelFolder {
  /// Looks at a model folder or GGUF file as a whole: nothing is thrown for a part that is wrong, so
  /// that all of them are told.
  ///
  /// The model is built from zeros to learn what it asks for. With `readsValues` it is then built from
  /// its values, as opening it does, so that a sound model is one that opens; all values must be finite.
  /// Weights that do not fit into memory are not read.
  /// Throws only when there is no model at `path` at all.
  public static func inspect(
    _ path: String, _ options: ModelOptions = ModelOptions(), readsValues: Bool = false
  ) throws(DSXError) -> ModelInspection {
    let description = try ModelDescription(path: path)
    var inspection = ModelInspection(
      path: path, name: description.name, type: description.architecture, group: nil,
      task: description.task, classes: description.classes,
      hyperparameters: singleValues(description.hyperparameters), defaults: EvaluationDefaults(),
      tokenizer: nil, labels: [], parameters: nil, context: 0, storedType: "", files: [],
      memory: nil, tensors: [], problems: [])
    func attempt<Result>(_ body: () throws(DSXError) -> Result) -> Result? {
      do throws(DSXError) { return try body() } catch {
        inspection.add(error.inFile(description.source))
        return nil
      }
    }
    if let defaults = attempt({ () throws(DSXError) in try EvaluationDefaults(description) }) {
      inspection.defaults = defaults
    }
    if let labels = attempt({ () throws(DSXError) in try description.labels() }) {
      inspection.labels = labels ?? []
    }
    let found = attempt { () throws(DSXError) in try find(description, task: options.task) }
    inspection.group = found?.group
    if let found {
      _ = attempt { () throws(DSXError) in try check(description, found.group, options) }
    }
    let words = attempt { () throws(DSXError) in try vocabulary(description, found) } ?? nil
    inspection.tokenizer = words.map { ($0.kind, $0.tokenizer.vocabularySize) }
    guard let store = attempt({ () throws(DSXError) in try TensorStore(path: path) }) else {
      return inspection
    }
    inspection.files = store.files.map { ($0.file.path, $0.format, $0.file.bytes.count) }
    inspection.storedType = store.storedType(of: store.names)
    let memory = MemoryNeed(store, options.computeType)
    inspection.memory = memory
    let fits: Void? = attempt { () throws(DSXError) in
      try memory.check(limit: options.memoryLimit, path: path)
    }
    guard let architecture = found?.architecture else { return inspection }
    var survey = WeightSurvey(description, store, architecture, options)
    survey.run()
    if case .language(let model) = survey.model, let words {
      _ = attempt { () throws(DSXError) in
        _ = try EndOfText.ids(of: try loaded(description, model, words.tokenizer))
      }
    }
    if readsValues, fits != nil {
      _ = attempt { () throws(DSXError) in try survey.readValues() }
    }
    inspection.add(survey)
    return inspection
  }

  /// What a pipeline checks before it opens the model.
  private static func check(
    _ description: ModelDescription, _ group: TaskGroup, _ options: ModelOptions
  ) throws(DSXError) {
    do throws(DSXError) { try group.require(options.task ?? description.task) } catch {
      throw options.task == nil ? error.inFile(description.file("configuration.json")) : error
    }
  }

  /// The tokenizer as opening the model finds it, and what it is called: its file. Nil where the model
  /// takes no text, or takes it with the tokenizer of its backbone.
  private static func vocabulary(
    _ description: ModelDescription, _ found: (group: TaskGroup, architecture: Architecture)?
  ) throws(DSXError) -> (kind: String, tokenizer: any Tokenizer)? {
    guard let found else { return nil }
    if case .language = found.architecture {
      return (kind(of: description), try tokenizer(description))
    }
    guard found.group != .imageClassification, found.group != .tableClassification,
      let file = try? TokenizerFile(path: description.folder)
    else { return nil }
    let name = file.files.first.map { FilePath.split($0).name }
    return (name ?? "tokenizer", try file.load())
  }

  /// What the tokenizer is called in a summary: its file.
  private static func kind(of description: ModelDescription) -> String {
    if description.gguf != nil { return "in the GGUF file" }
    if let name = description.preprocessor["tokenizer"]?.string { return name }
    return ["tokenizer.json", "vocab.txt", "vocab.json"].first {
      FilePath.exists(description.file($0))
    } ?? "tokenizer"
  }

  private static func singleValues(_ value: JSONValue) -> [JSONValue.Member] {
    (value.object ?? []).filter { $0.value.object == nil && $0.value.array == nil }
  }
}
