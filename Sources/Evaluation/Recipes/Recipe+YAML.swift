public import DSXCore
internal import Metrics
internal import Settings

extension Recipe {
  private static let keys = [
    "name", "description", "models", "datasets", "metrics", "seed", "baseline", "gates", "alpha",
    "correction", "resamples", "report", "keep", "notify", "schedule", "timeout", "on_incomplete",
    "batch", "threads",
  ]

  /// Reads a recipe. Every key must be known; errors name file, line and the nearest key. Models and data
  /// sets are not looked for here.
  public init(path: String) throws(DSXError) {
    let yaml = try StrictYAML(file: path)
    try yaml.allow(Self.keys)
    self.path = path
    name = try yaml.required("name")
    guard FilePath.isPlainName(name), Self.plain(name) == name else {
      throw yaml.fault(
        "name", "the name '\(name)' cannot be a folder's",
        hint: "letters, digits, '.', '_' and '-' only")
    }
    description = try yaml.text("description") ?? ""
    let seed = try yaml.whole("seed", in: 0...Int.max)
    models = try Self.models(yaml)
    datasets = try Self.datasets(yaml, seed: seed)
    try Self.checkNames(yaml, models, datasets)
    gateSettings = GateSettings(
      alpha: try yaml.number("alpha") ?? 0.05,
      correction: try yaml.choice("correction", GateCorrection.self) ?? .holm,
      resamples: try yaml.whole("resamples", in: 100...1_000_000) ?? 10_000,
      seed: UInt64(seed ?? 12345))
    guard gateSettings.alpha > 0, gateSettings.alpha < 0.5 else {
      throw yaml.fault("alpha", "'alpha' must lie between 0 and 0.5")
    }
    gates = []
    for entry in try yaml.mappings("gates") ?? [] {
      gates.append(try Self.gate(entry, models, datasets))
    }
    baseline = Self.baseline(try yaml.text("baseline"))
    (reports, keep) = (try Self.reports(yaml), try Self.keep(yaml))
    notify = try yaml.text("notify")
    do { schedule = try yaml.text("schedule").map(CronSchedule.init) } catch {
      throw yaml.fault("schedule", error.message, hint: error.hint)
    }
    timeout = try Self.duration(yaml, "timeout")
    switch try yaml.text("on_incomplete") ?? "fail" {
    case "fail": acceptsIncomplete = false
    case "accept": acceptsIncomplete = true
    case let word:
      var error = DSXError.unknown("on_incomplete", word, known: ["fail", "accept"])
      error.location = yaml.fault("on_incomplete", "").location
      throw error
    }
    batchTokens = try yaml.whole("batch", in: 1...(1 << 30))
    threads = try yaml.whole("threads", in: 1...4096)
    hash = ""
    hash = SHA256.hex(json.text())
    guard !cells.isEmpty else {
      throw yaml.fault("datasets", "no model is evaluated on any data set")
    }
    var seen: Set<String> = []
    for cell in cells where !seen.insert(cell.key).inserted {
      throw yaml.fault(
        "datasets", "two cells are called '\(cell.key)'", hint: "give one of them another 'as'")
    }
  }

  private static func models(_ yaml: StrictYAML) throws(DSXError) -> [RecipeModel] {
    guard let entries = try yaml.entries("models"), !entries.isEmpty else {
      throw yaml.fault("models", "the file names no 'models'")
    }
    var models: [RecipeModel] = []
    for entry in entries {
      switch entry {
      case .text(let word): models.append(RecipeModel(name: base(word), model: word))
      case .mapping(let mapping):
        try mapping.allow(["model", "as", "dtype", "task", "datasets"])
        let model = try mapping.required("model")
        let dtype = try mapping.text("dtype")
        if let dtype, !["f32", "bf16"].contains(dtype) {
          var error = DSXError.unknown("dtype", dtype, known: ["f32", "bf16"])
          error.location = mapping.fault("dtype", "").location
          throw error
        }
        models.append(
          RecipeModel(
            name: try mapping.text("as") ?? base(model), model: model, dtype: dtype,
            task: try mapping.text("task"), datasets: try mapping.words("datasets")))
      }
    }
    return models
  }

  private static func datasets(_ yaml: StrictYAML, seed: Int?) throws(DSXError) -> [RecipeDataset] {
    guard let entries = try yaml.entries("datasets"), !entries.isEmpty else {
      throw yaml.fault("datasets", "the file names no 'datasets'")
    }
    let common = try metrics(yaml)
    var datasets: [RecipeDataset] = []
    for entry in entries {
      var options: [JSONValue.Member] = []
      switch entry {
      case .text(let word):
        let (dataset, version) = split(word)
        if let seed { options.append(.init("seed", .int(Int64(seed)))) }
        datasets.append(
          RecipeDataset(
            name: base(dataset), dataset: dataset, version: version, metrics: common, by: [],
            options: options))
      case .mapping(let mapping):
        try mapping.allow(
          [
            "dataset", "as", "version", "subset", "split", "task", "compat", "models", "metrics",
            "by",
          ] + RecipeDataset.optionNames)
        let (dataset, version) = split(try mapping.required("dataset"))
        let own = try mapping.text("version")
        if version != nil, own != nil {
          throw mapping.fault("version", "the version is named twice")
        }
        for name in RecipeDataset.optionNames {
          if let value = try option(mapping, name) { options.append(.init(name, value)) }
        }
        if let seed, try mapping.text("seed") == nil {
          let place = options.firstIndex { $0.name == "few_shot" } ?? options.endIndex
          options.insert(.init("seed", .int(Int64(seed))), at: place)
        }
        let metrics = try metrics(mapping)
        datasets.append(
          RecipeDataset(
            name: try mapping.text("as") ?? base(dataset), dataset: dataset,
            version: version ?? own, subset: try mapping.text("subset"),
            split: try mapping.text("split"), task: try mapping.text("task"),
            compat: try mapping.text("compat"), models: try mapping.words("models"),
            metrics: metrics.isEmpty ? common : metrics, by: try mapping.words("by") ?? [],
            options: options))
      }
    }
    return datasets
  }

  private static func option(_ yaml: StrictYAML, _ name: String) throws(DSXError) -> JSONValue? {
    switch name {
    case "rule", "bos", "on_long": try yaml.text(name).map { .string($0) }
    case "seed", "sample_seed", "few_shot":
      try yaml.whole(name, in: 0...Int.max).map { .int(Int64($0)) }
    default: try yaml.whole(name, in: 1...Int.max).map { .int(Int64($0)) }
    }
  }

  /// The metrics of a mapping; their names and settings are checked against the registry.
  private static func metrics(_ yaml: StrictYAML) throws(DSXError) -> [JSONValue] {
    guard let value = try yaml.value("metrics") else { return [] }
    let list = value.array ?? [value]
    for metric in list {
      guard let name = metric["metric"]?.string ?? metric.string.map(Self.metricName) else {
        throw yaml.fault(
          "metrics", "a metric is neither a name nor an object with 'metric'",
          hint: "write accuracy, or {metric: bleu, as: zh, tokenize: zh}")
      }
      do throws(DSXError) {
        let entry = try Builtins.registry().find(name)
        for member in metric.object ?? [] where !["metric", "as"].contains(member.name) {
          guard entry.parameters.contains(where: { $0.name == member.name }) else {
            throw DSXError.unknown(
              "setting of the metric \(name)", member.name, known: entry.parameters.map(\.name))
          }
        }
      } catch {
        var placed = error
        placed.location = yaml.fault("metrics", "").location
        throw placed
      }
    }
    return list
  }

  private static func metricName(_ word: String) -> String {
    let bytes = Array(word.utf8)
    guard let mark = bytes.firstIndex(of: UInt8(ascii: "=")) else { return word }
    return String(decoding: bytes[(mark + 1)...], as: UTF8.self)
  }

  private static func checkNames(
    _ yaml: StrictYAML, _ models: [RecipeModel], _ datasets: [RecipeDataset]
  ) throws(DSXError) {
    for (kind, names) in [("models", models.map(\.name)), ("datasets", datasets.map(\.name))] {
      for (index, name) in names.enumerated() where names[..<index].contains(name) {
        throw yaml.fault(
          kind, "two \(kind) are called '\(name)'", hint: "give one of them another 'as'")
      }
    }
    func check(_ key: String, _ kind: String, _ names: [String]?, _ known: [String])
      throws(DSXError)
    {
      for name in names ?? [] where !known.contains(name) {
        var error = DSXError.unknown(kind, name, known: known)
        error.location = yaml.fault(key, "").location
        throw error
      }
    }
    for model in models {
      try check("models", "data set", model.datasets, datasets.map(\.name))
    }
    for dataset in datasets {
      try check("datasets", "model", dataset.models, models.map(\.name))
    }
  }

  /// `name@version`
  private static func split(_ word: String) -> (String, String?) {
    let bytes = Array(word.utf8)
    guard let mark = bytes.lastIndex(of: UInt8(ascii: "@")), mark > 0, mark + 1 < bytes.count,
      !bytes[mark...].contains(UInt8(ascii: "/"))
    else { return (word, nil) }
    return (
      String(decoding: bytes[..<mark], as: UTF8.self),
      String(decoding: bytes[(mark + 1)...], as: UTF8.self)
    )
  }

  private static func base(_ path: String) -> String { FilePath.split(path).name }

  private static func baseline(_ text: String?) -> RecipeBaseline {
    switch text {
    case nil, "last-green": .lastGreen
    case "none": .none
    case let path? where path.utf8.contains(UInt8(ascii: "/")): .folder(path)
    case let id?: .run(id)
    }
  }
}
