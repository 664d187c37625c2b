internal import DSXCore

extension Recipe {
  /// Whether every gate names a metric that a cell of its data set and model has. An unknown one is an
  /// error with the nearest name.
  func checkGates(_ cells: [(cell: RecipeCell, facts: CellFacts?)]) throws(DSXError) {
    for gate in gates {
      let meant = cells.filter { gate.covers($0.cell) }
      guard !meant.isEmpty else {
        throw DSXError(
          .usage, "the gate on '\(gate.metric)' covers no cell", file: path, line: gate.line,
          hint: "that model is not evaluated on that data set")
      }
      // Of cells that are broken tonight nothing is known.
      guard meant.allSatisfy({ $0.facts != nil }) else { continue }
      let known = meant.flatMap { $0.facts?.metrics ?? [] }
      if !known.contains(gate.metric) {
        var names: [String] = []
        for name in known where !names.contains(name) { names.append(name) }
        var error = DSXError.unknown("metric of a gate", gate.metric, known: names)
        error.location = .init(file: path, line: gate.line)
        throw error
      }
    }
  }
}

extension GateRule {
  /// Whether the gate is about that cell.
  func covers(_ cell: RecipeCell) -> Bool {
    (dataset == nil || dataset == cell.dataset.name) && (model == nil || model == cell.model.name)
  }
}
