public import DSXCore
internal import Text

extension ModelFolder {
  /// Looks at a model folder or GGUF file as a whole: nothing is thrown for a part that is wrong, so
  /// that all of them are told.
  ///
  /// The model is built from zeros to learn what it asks for. With `readsValues` every tensor is
  /// also read once, to find values that are not finite.
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
        inspection.problems.append(error.inFile(description.source))
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
    var vocabulary: (any Tokenizer)?
    if readsTokenizer(description, found) {
      vocabulary = attempt { () throws(DSXError) in try tokenizer(description) }
      inspection.tokenizer = vocabulary.map { (kind(of: description), $0.vocabularySize) }
    }
    guard let store = attempt({ () throws(DSXError) in try TensorStore(path: path) }) else {
      return inspection
    }
    inspection.files = store.files.map { ($0.file.path, $0.format, $0.file.bytes.count) }
    inspection.storedType = store.storedType(of: store.names)
    let memory = MemoryNeed(store, options.computeType)
    inspection.memory = memory
    guard let architecture = found?.architecture else { return inspection }
    var survey = WeightSurvey(description, store, architecture, options)
    survey.run()
    inspection.problems += survey.problems
    inspection.tensors = survey.tensors
    if let info = survey.info {
      inspection.parameters = info.parameters
      inspection.context = info.context
    }
    if let info = survey.info, let vocabulary, case .language = architecture {
      // What opening the model checks beside its tensors.
      _ = attempt { () throws(DSXError) in
        _ = try LanguageTokens(description, vocabulary, vocabularySize: info.vocabularySize)
      }
      _ = attempt { () throws(DSXError) in try description.maximumLength(at: 2) }
    }
    if !survey.labels.isEmpty { inspection.labels = survey.labels }
    if readsValues {
      inspection.tensors = try WeightSurvey.reading(inspection.tensors, store)
    }
    _ = attempt { () throws(DSXError) in
      try memory.check(limit: options.memoryLimit, path: path)
    }
    return inspection
  }

  /// A language model has a tokenizer of its own; another model that takes text may use that of its
  /// backbone.
  private static func readsTokenizer(
    _ description: ModelDescription, _ found: (group: TaskGroup, architecture: Architecture)?
  ) -> Bool {
    guard let found else { return false }
    if case .language = found.architecture { return true }
    guard found.group != .imageClassification, found.group != .tableClassification else {
      return false
    }
    return ["tokenizer.json", "vocab.txt", "vocab.json"].contains {
      FilePath.exists(description.file($0))
    }
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
