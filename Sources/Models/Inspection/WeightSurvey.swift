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
  /// What the model says of itself, where it could be built.
  private(set) var info: ModelInfo?
  /// Its labels.
  private(set) var labels: [String] = []

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

  /// Why the model cannot be built, or nil.
  private mutating func build(_ survey: TensorSurvey) -> DSXError? {
    let source = ModelSource(description: description, store: store.surveyed(by: survey))
    do throws(DSXError) {
      switch architecture {
      case .language(let build): info = try build(source, options).info
      case .model(let build):
        let model = try build(source, options)
        info = model.info
        labels = model.labels ?? []
      }
      return nil
    } catch { return error.inFile(description.source) }
  }

  /// The same tensors after each was read: those with NaN or infinity in them are a finding.
  static func reading(_ tensors: [TensorState], _ store: TensorStore) throws(DSXError)
    -> [TensorState]
  {
    var tensors = tensors
    for index in tensors.indices where tensors[index].finding == .found {
      let isFinite = try store.floats(tensors[index].name).withElements { values in
        // A sum of zeros unless a value is not finite: x - x is NaN for those.
        values.reduce(Float(0)) { $0 + ($1 - $1) } == 0
      }
      if !isFinite { tensors[index].finding = .notFinite }
    }
    return tensors
  }
}
