public import DSXCore

/// What a recipe would do: its cells with an estimate of the time, and for every gate the smallest
/// change that it would find.
public struct RecipePlan: Sendable {
  /// One cell.
  public struct Cell: Sendable {
    /// Its key.
    public var key: String
    /// The model's and the data set's name.
    public var model: String
    /// The data set's name.
    public var dataset: String
    /// The beginning of its identity; nil when the cell is broken.
    public var identity: String?
    /// Examples; nil when not known.
    public var examples: Int?
    /// Whether an earlier run has its numbers.
    public var isCached: Bool
    /// How long it took last time, for as many examples; nil when it never ran.
    public var seconds: Double?
    /// Why it cannot run.
    public var problem: String?
  }

  /// One gate on one cell.
  public struct Gate: Sendable {
    /// The cell.
    public var cell: String
    /// The metric.
    public var metric: String
    /// Whether it is required.
    public var isRequired: Bool
    /// The smallest true change that it finds in 4 of 5 runs; nil when nothing is known yet.
    public var detectable: Double?
    /// The unit.
    public var unit: String
    /// What the number rests on.
    public var basis: String
  }

  /// The cells in order.
  public var cells: [Cell]
  /// The gates in order.
  public var gates: [Gate]
  /// The run that it would be compared with.
  public var baseline: String?
  /// The level that each gate is sure to be tested at.
  public var level: Double

  /// The time of all cells that are to be computed; nil when nothing is known of some.
  public var seconds: Double? {
    var sum = 0.0
    for cell in cells where !cell.isCached && cell.problem == nil {
      guard let seconds = cell.seconds else { return nil }
      sum += seconds
    }
    return sum
  }
}

extension NightRunner {
  /// The plan of a run; nothing is written.
  public func plan() throws(DSXError) -> RecipePlan {
    let prepared = try prepare()
    let history = try RunHistory.reading(historyPath)
    var cells: [RecipePlan.Cell] = []
    for one in prepared {
      var cell = RecipePlan.Cell(
        key: one.cell.key, model: one.cell.model.name, dataset: one.cell.dataset.name,
        identity: one.facts?.identity, examples: one.facts?.examples, isCached: false,
        problem: one.error?.message)
      if let history, let facts = one.facts {
        if let last = try history.lastCell(recipe: recipe.name, key: one.cell.key) {
          // As many examples as now take their share of the time.
          cell.seconds = last.seconds.map { seconds in
            guard let then = last.succeeded, then > 0, let now = facts.examples else {
              return seconds
            }
            return seconds * Double(now) / Double(then)
          }
        }
        if !options.fresh {
          cell.isCached = try history.cell(identity: facts.identity, except: run) != nil
        }
      }
      cells.append(cell)
    }
    var meant: [(rule: GateRule, cell: Cell)] = []
    for rule in recipe.gates {
      for one in prepared where rule.covers(one.cell) {
        if let facts = one.facts, !facts.metrics.contains(rule.metric) { continue }
        meant.append((rule, one))
      }
    }
    let level = recipe.gateSettings.level(gates: meant.count)
    var gates: [RecipePlan.Gate] = []
    for (rule, one) in meant { gates.append(try gate(rule, one, history, level)) }
    return RecipePlan(
      cells: cells, gates: gates, baseline: try baseline(), level: level)
  }

  private func gate(
    _ rule: GateRule, _ one: Cell, _ history: RunHistory?, _ level: Double
  ) throws(DSXError) -> RecipePlan.Gate {
    var gate = RecipePlan.Gate(
      cell: one.cell.key, metric: rule.metric, isRequired: rule.isRequired, detectable: nil,
      unit: "", basis: "no run yet")
    let last = try history?.lastCell(recipe: recipe.name, key: one.cell.key)
    let result = last?.results.first { $0.metric == rule.metric }
    gate.unit = result?.unit ?? ""
    let past = try history?.lastGate(
      recipe: recipe.name, cell: one.cell.key, metric: rule.metric)
    if let past, let examples = past.examples,
      let flips = past.gains.map({ $0 + (past.losses ?? 0) })
    {
      if past.variance == nil {
        let share = min(1, Double(flips + 1) / Double(max(1, examples)))
        let scale: Double = gate.unit == "percent" ? 100 : 1
        gate.detectable = McNemarPower.smallest(count: examples, flips: share, alpha: level)
          .map { $0 * scale }
        gate.basis = "\(flips) of \(examples) examples changed last time"
      } else if let variance = past.variance, let size = past.size {
        // The stored spread is that of what was resampled then.
        let spread = ChangeSpread(
          units: past.resampled ?? past.units ?? examples, variance: variance, size: size)
        gate.detectable = spread.smallestChange(
          alpha: level, countsItself: rule.test == .randomisation)
        gate.basis = "the spread of the last comparison"
      }
      if let found = gate.detectable, rule.minimumEffect > 0 {
        gate.detectable = max(found, rule.minimumEffect)
      }
      return gate
    }
    guard let result, let count = result.count, count > 1 else { return gate }
    if result.unit == "ratio" {
      gate.detectable = McNemarPower.smallest(count: count, flips: 0.1, alpha: level)
      gate.basis = "assuming that 10 % of the answers change by chance"
    } else if let error = result.standardError {
      let variance = 2 * error * error * Double(count)
      gate.detectable = ChangeSpread(units: count, variance: variance, size: 0)
        .smallestChange(alpha: level, countsItself: false)
      gate.basis = "as if both runs had other examples: pairing will see less"
    }
    return gate
  }
}

extension RunHistory {
  /// The newest complete cell of that key in a recipe's runs, without examples.
  func lastCell(recipe: String, key: String) throws(DSXError) -> CellRecord? {
    for run in try runs(recipe: recipe, limit: 30) {
      let cells = try self.run(run.id)?.cells ?? []
      if let cell = cells.first(where: { $0.key == key && $0.status == "complete" }) {
        return cell
      }
    }
    return nil
  }
}
