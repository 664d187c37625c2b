public import DSXCore
internal import Models
internal import Settings

extension TaskDefinition {
  /// Keys of the file itself.
  private static let fileKeys = [
    "task", "version", "request", "layout", "format", "note", "compat",
  ]
  /// Keys that a variant may replace.
  private static let taskKeys = [
    "text", "pair", "id", "prompt", "continuation", "gold", "skip_gold", "labels", "choices",
    "rule", "candidates", "few_shot", "seed", "until", "max_tokens", "filter", "metrics",
    "cluster", "slices", "bos", "on_long", "ids", "mask", "documents",
    "batch_rows", "features", "roles",
  ]

  /// Reads a `task.yaml`. Every key must be known; errors name file, line and the nearest key.
  ///
  /// `compat`: the variant whose keys replace the task's own, e.g. `pangu`: an original recipe with all
  /// its habits. docs/tasks.md explains every key.
  public init(path: String, compat: String? = nil) throws(DSXError) {
    let base = try StrictYAML(file: path)
    try base.allow(Self.fileKeys + Self.taskKeys)
    let known = try base.mapping("compat")
    for name in known?.keys ?? [] { try known?.mapping(name)?.allow(Self.taskKeys) }
    variants = (known?.keys ?? []).sorted()
    variant = compat
    if let compat, !variants.contains(compat) {
      throw DSXError(
        .usage, "the task has no variant '\(compat)'", file: path,
        hint: variants.isEmpty
          ? "it has no --compat variants" : "its variants: " + variants.joined(separator: ", "))
    }
    var chosen: StrictYAML?
    if let compat { chosen = try known?.mapping(compat) }
    let keys = TaskKeys(base: base, variant: chosen)
    name = try base.required("task")
    version = try base.integer("version")
    _ = try base.required("request")
    request = try base.choice("request", RequestKind.self) ?? .logLikelihood
    text = try keys.text("text") ?? ""
    metrics = []
    try readColumns(keys)
    try readPrompts(keys)
    try readLabels(keys)
    try readRules(keys)
    for (name, text) in try base.mapping("layout")?.texts() ?? [] { layout.append((name, text)) }
    format = try base.text("format")
    note = try base.text("note")
    try check(keys)
  }

  private mutating func readColumns(_ keys: TaskKeys) throws(DSXError) {
    pair = try keys.text("pair")
    id = try keys.text("id")
    gold = try keys.text("gold")
    skipGold = try keys.texts("skip_gold") ?? []
    cluster = try keys.text("cluster")
    slices = try keys.texts("slices") ?? []
    ids = try keys.text("ids")
    mask = try keys.text("mask")
    features = try keys.texts("features") ?? []
    for (role, column) in try keys.mapping("roles")?.texts() ?? [] {
      roles.append(Role(role: role, column: column))
    }
    documents = try keys.choice("documents", DocumentForm.self) ?? .row
    batchRows = try keys.integer("batch_rows", least: 1)
  }

  private mutating func readPrompts(_ keys: TaskKeys) throws(DSXError) {
    prompt = try keys.template("prompt")
    continuation = try keys.template("continuation")
    until = try keys.texts("until") ?? []
    maximumTokens = try keys.integer("max_tokens", least: 1)
    seed = UInt64(try keys.integer("seed", least: 0) ?? 0)
    if let yaml = try keys.mapping("few_shot") { fewShot = try Self.fewShot(yaml) }
    if let yaml = try keys.mapping("candidates") {
      try yaml.allow(["count", "only_present"])
      candidates = CandidateDraw(
        count: try TaskKeys.integer(yaml, "count", least: 2) ?? 4,
        onlyPresent: try TaskKeys.flag(yaml, "only_present") ?? false)
    }
  }

  private static func fewShot(_ yaml: StrictYAML) throws(DSXError) -> FewShot {
    try yaml.allow([
      "count", "split", "draw", "per", "pool", "cut", "separator", "prompt", "allow_self",
    ])
    var shots = FewShot(count: try TaskKeys.integer(yaml, "count", least: 0) ?? 0)
    shots.split = try yaml.text("split")
    shots.draw = try yaml.choice("draw", FewShot.Draw.self) ?? .random
    shots.per = try yaml.choice("per", FewShot.Scope.self) ?? .run
    shots.pool = try TaskKeys.integer(yaml, "pool", least: 0) ?? 0
    shots.cut = try TaskKeys.integer(yaml, "cut", least: 1)
    shots.separator = try yaml.text("separator") ?? "\n"
    shots.allowsSelf = try TaskKeys.flag(yaml, "allow_self") ?? false
    if let source = try yaml.text("prompt") {
      do throws(DSXError) { shots.prompt = try PromptTemplate(source) } catch {
        throw yaml.fault("prompt", error.message, hint: error.hint)
      }
    }
    return shots
  }

  private mutating func readLabels(_ keys: TaskKeys) throws(DSXError) {
    if let yaml = try keys.mapping("labels") {
      try yaml.allow(["attachment", "id", "word", "name", "words"])
      var words: [LabelSource.Word] = []
      for (name, text) in try yaml.mapping("words")?.texts() ?? [] {
        words.append(.init(name: name, word: text))
      }
      if let attachment = try yaml.text("attachment") {
        labels = LabelSource(
          attachment: attachment, id: try yaml.required("id"), word: try yaml.required("word"),
          name: try yaml.required("name"), words: words)
      } else {
        guard words.count > 1 else {
          throw yaml.fault(
            "words", "the labels need an 'attachment', or two 'words' at least",
            hint: "write words: {\"0\": 不同, \"1\": 相同}")
        }
        labels = LabelSource(attachment: nil, words: words)
      }
    }
    guard let yaml = try keys.mapping("choices") else { return }
    try yaml.allow(["columns", "gold"])
    choices = ChoiceSource(
      columns: try TaskKeys(base: yaml, variant: nil).texts("columns") ?? [],
      gold: try yaml.choice("gold", ChoiceSource.Gold.self) ?? .index)
    guard choices?.columns.isEmpty == false else {
      throw yaml.fault("columns", "'choices' lacks the key 'columns'")
    }
  }

  private mutating func readRules(_ keys: TaskKeys) throws(DSXError) {
    rule = try keys.choice("rule", ScoringRule.self)
    bos = try keys.choice("bos", BOSChoice.self) ?? .auto
    onLong = try keys.choice("on_long", LongInput.self) ?? .error
    for word in try keys.texts("filter") ?? [] {
      guard let filter = AnswerFilter(rawValue: word) else {
        var error = DSXError.unknown("filter", word, known: AnswerFilter.allCases.map(\.rawValue))
        error.location = keys.fault("filter", "").location
        throw error
      }
      if filter != .none { filters.append(filter) }
    }
    guard let listed = try keys.place("metrics").value("metrics") else {
      throw keys.fault("metrics", "the file lacks the key 'metrics'")
    }
    for value in listed.array ?? [listed] {
      do throws(DSXError) { metrics.append(try MetricChoice(json: value)) } catch {
        throw keys.fault("metrics", error.message, hint: error.hint)
      }
    }
    do throws(DSXError) { try checkMetrics() } catch {
      var copy = error
      copy.location = keys.fault("metrics", "").location
      throw copy
    }
  }
}
