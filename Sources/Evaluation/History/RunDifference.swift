public import DSXCore

/// Two runs side by side: every cell and metric that both have, example by example.
public struct RunDifference: Sendable {
  /// One metric of one cell.
  public struct Line: Sendable {
    /// The cell; empty for single evaluations.
    public var cell: String
    /// The metric.
    public var metric: String
    /// The answer of the paired test, judged with the others as gates are.
    public var result: GateResult
    /// Examples that were right and are wrong; nil for metrics without right and wrong.
    public var lost: [CellComparison.Change]?
    /// Examples that were wrong and are right.
    public var won: [CellComparison.Change]?
    /// Where most is lost.
    public var losses: [CellComparison.Change]
    /// Where most is gained.
    public var gains: [CellComparison.Change]
    /// Slice by slice.
    public var slices: [(slice: String, count: Int, before: Double?, now: Double?)]
  }

  /// One cell.
  public struct Cell: Sendable {
    /// Its key; empty for single evaluations.
    public var key: String
    /// Common examples with the same input.
    public var shared: Int
    /// Examples of the first run only, as JSON text.
    public var onlyFirst: [String]
    /// Examples of the second run only.
    public var onlySecond: [String]
    /// Examples whose input is another.
    public var changed: [String]
    /// Why there is no comparison.
    public var obstacle: String?
  }

  /// What the first run is called.
  public var first: String
  /// What the second run is called.
  public var second: String
  /// The cells that both have.
  public var cells: [Cell]
  /// Cells that only the first has.
  public var onlyFirst: [String]
  /// Cells that only the second has.
  public var onlySecond: [String]
  /// The metrics.
  public var lines: [Line]

  /// Compares what `first` and `second` name: ids, `last`, `last-green`, or folders. `history`: the
  /// history's path. Two single evaluations are compared whatever they are called.
  public init(
    _ first: String, _ second: String, history path: String, settings: GateSettings,
    test: GateTest = .auto, worst: Int = 5
  ) throws(DSXError) {
    let (a, b) = try Self.sources(first, second, path)
    (self.first, self.second) = (a.name, b.name)
    var pairs: [(key: String, first: String, second: String)] = []
    let (keysA, keysB) = (a.keys, b.keys)
    if keysA.isEmpty || keysB.isEmpty || (keysA.count == 1 && keysB.count == 1) {
      guard keysA.count <= 1, keysB.count <= 1 else {
        throw DSXError(
          .usage, "one of them is a single evaluation, the other has several cells",
          hint: "name the cell's folder: " + (keysA + keysB).joined(separator: ", "))
      }
      pairs = [(keysB.first ?? keysA.first ?? "", keysA.first ?? "", keysB.first ?? "")]
      (onlyFirst, onlySecond) = ([], [])
    } else {
      pairs = keysA.filter { keysB.contains($0) }.map { ($0, $0, $0) }
      onlyFirst = keysA.filter { !keysB.contains($0) }
      onlySecond = keysB.filter { !keysA.contains($0) }
    }
    var cells: [Cell] = []
    var found: [(cell: String, comparison: CellComparison, metric: String, question: GateCase)] = []
    for pair in pairs {
      var cell = Cell(key: pair.key, shared: 0, onlyFirst: [], onlySecond: [], changed: [])
      defer { cells.append(cell) }
      guard let x = try a.cell(pair.first), let y = try b.cell(pair.second) else {
        cell.obstacle = "one of them has no results"
        continue
      }
      let comparison: CellComparison
      do throws(DSXError) {
        comparison = try CellComparison(before: x.examples, now: y.examples)
      } catch {
        guard error.code == .nothingToDo || error.code == .unsupported else { throw error }
        cell.obstacle = error.message
        continue
      }
      cell.shared = comparison.ids.count
      (cell.onlyFirst, cell.onlySecond) = (comparison.onlyBefore, comparison.onlyNow)
      cell.changed = comparison.changed
      for shared in comparison.metrics {
        let (evidence, obstacle) = try comparison.evidence(
          shared.key, test: test, settings: settings)
        let metric = shared.pair?.first.metric
        found.append(
          (
            pair.key, comparison, shared.key,
            GateCase(
              rule: GateRule(metric: shared.key), cell: pair.key, model: "", dataset: pair.key,
              unit: metric?.unit ?? "", higherIsBetter: metric?.higherIsBetter ?? true,
              value: evidence?.value, evidence: evidence, obstacle: obstacle)
          ))
      }
    }
    self.cells = cells
    let results = GateJudge.judge(found.map(\.question), settings)
    var lines: [Line] = []
    for (one, result) in zip(found, results) {
      let flips = one.comparison.flips(one.metric)
      let extremes = one.comparison.worst(one.metric, count: worst)
      lines.append(
        Line(
          cell: one.cell, metric: one.metric, result: result, lost: flips?.lost, won: flips?.won,
          losses: extremes.losses, gains: extremes.gains,
          slices: try one.comparison.sliceScores(one.metric)))
    }
    self.lines = lines
  }

  /// Both runs. A word (`last`, `last-green`) stands for a run of the other's recipe; as the baseline for
  /// one before it.
  private static func sources(_ first: String, _ second: String, _ path: String)
    throws(DSXError) -> (BaselineSource, BaselineSource)
  {
    let isWord = { (word: String) in word == "last" || word == "last-green" }
    let a: BaselineSource
    let b: BaselineSource
    if isWord(second), !isWord(first) {
      a = try source(first, path)
      b = try source(second, path, recipe: a.run?.recipe)
    } else {
      b = try source(second, path)
      a = try source(first, path, before: b.run)
    }
    let isSame: Bool
    switch (a, b) {
    case (.history(_, let one), .history(_, let other)): isSame = one.id == other.id
    case (.night(let one, _), .night(let other, _)):
      isSame = FilePath.identity(one) == FilePath.identity(other)
    case (.run(let one), .run(let other)):
      isSame = FilePath.identity(one.path) == FilePath.identity(other.path)
    default: isSame = false
    }
    guard !isSame else {
      throw DSXError(
        .usage, "both name the run '\(a.name)'",
        hint: "dsx runs list shows the others; last-green stands for the newest that passed before "
          + "the second")
    }
    return (a, b)
  }

  private static func source(
    _ word: String, _ path: String, recipe: String? = nil, before other: RunRecord? = nil
  ) throws(DSXError) -> BaselineSource {
    if FilePath.isFolder(word) { return try BaselineSource(folder: word) }
    guard let history = try RunHistory.reading(path) else {
      throw DSXError(
        .unknownName, "there is no run '\(word)': no folder of that name, and no history",
        file: path, hint: "dsx recipe run makes one; dsx runs add takes folders into it")
    }
    let id = try history.resolve(word, recipe: recipe, before: other)
    guard let source = try BaselineSource(id, history: path) else {
      throw DSXError(.internal, "the run '\(word)' could not be opened")
    }
    return source
  }
}
