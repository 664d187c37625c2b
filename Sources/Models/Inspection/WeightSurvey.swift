internal import DSXCore

/// Builds a model from zeros, and compares what it asked for with what the weight files hold.
struct WeightSurvey {
  private let description: ModelDescription
  private let store: TensorStore
  private let architecture: Architecture
  private let options: ModelOptions
  /// The tensors by name.
  private(set) var tensors: [TensorState] = []
  /// What went wrong that is not the matter of one tensor.
  private(set) var problems: [DSXError] = []
  /// The model as a description, where it could be built; all of its weights are zeros.
  private(set) var model: Built?

  /// What an architecture makes: a language model still lacks its tokenizer.
  enum Built {
    case language(any LanguageModel)
    case other(OpenedModel)

    var info: ModelInfo {
      switch self {
      case .language(let model): model.info
      case .other(let model): model.info
      }
    }

    var labels: [String] {
      if case .other(let model) = self { model.labels ?? [] } else { [] }
    }
  }

  init(
    _ description: ModelDescription, _ store: TensorStore, _ architecture: Architecture,
    _ options: ModelOptions
  ) {
    self.description = description
    self.store = store
    self.architecture = architecture
    self.options = options
  }

  mutating func run() {
    let all = TensorSurvey()
    let first = build(all)
    var requests = all.requests
    var failure: DSXError?
    if first != nil {
      // What is left over is minded last, when everything was asked for: a second build, which sees
      // nothing else, comes to its end unless something is wrong with the rest.
      let asked = TensorSurvey(visible: Set(requests.map(\.name)))
      failure = build(asked)
      requests += asked.requests
    }
    if let failure { problems.append(failure) }
    var wanted: [String: [Int]?] = [:]
    for request in requests { wanted.updateValue(request.shape, forKey: request.name) }
    // A model that cannot be built may not have asked for everything.
    let left = failure == nil ? store.names.filter { wanted[$0] == nil } : []
    let minds = first != nil
    for name in Set(wanted.keys).union(left).sorted() {
      let entry = store.entry(name)
      let shape = wanted[name] ?? nil
      let finding: TensorState.Finding
      switch (wanted[name], entry) {
      case (nil, _): finding = minds ? .unused : .passedOver
      case (_, nil): finding = .missing
      case (_, let entry?):
        finding =
          shape != nil && shape != entry.shape ? .shape : entry.type.isFloat ? .found : .type
      }
      tensors.append(
        TensorState(
          name: name, finding: finding, wanted: shape, stored: entry?.shape,
          type: entry?.type.shortName))
    }
    // The tensors say it better where one of them is what is wrong.
    if failure != nil, tensors.contains(where: { $0.finding == .missing || $0.finding == .shape }) {
      problems = problems.filter { $0.code != .corrupt }
    }
  }

  /// Builds the model from the values themselves, as every command does that opens it, and looks for
  /// values that are not finite on the way: one pass over the weights. The model is not kept.
  ///
  /// What building alone does not read, or all where there is no building a model, is read tensor by
  /// tensor.
  mutating func readValues() throws(DSXError) {
    let values = TensorSurvey(readsValues: true)
    var failure: DSXError?
    if problems.isEmpty, model != nil, !tensors.contains(where: \.finding.isProblem) {
      let described = model
      failure = build(values)
      model = described
    }
    for index in tensors.indices where tensors[index].finding == .found {
      let name = tensors[index].name
      var isFinite = values.isFinite(name)
      if isFinite == nil { isFinite = try store.floats(name).isFinite }
      if isFinite == false { tensors[index].finding = .notFinite }
    }
    // Numbers that are none fail many a check; the tensors say it better.
    if let failure, !tensors.contains(where: { $0.finding == .notFinite }) {
      problems.append(failure)
    }
  }

  /// Why the model cannot be built, or nil.
  private mutating func build(_ survey: TensorSurvey) -> DSXError? {
    let source = ModelSource(description: description, store: store.surveyed(by: survey))
    do throws(DSXError) {
      switch architecture {
      case .language(let build): model = .language(try build(source, options))
      case .model(let build): model = .other(try build(source, options))
      }
      return nil
    } catch { return error.inFile(description.source) }
  }
}
