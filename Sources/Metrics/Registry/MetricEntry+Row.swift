extension MetricEntry {
  /// Heads of the table that `dsx metrics list --format markdown` prints and docs/metrics.md holds.
  public static let documentationHeads = [
    "metric", "group", "what it is", "unit, range, better", "digits of",
  ]

  /// The cells of this metric's row in that table, without Markdown.
  public var documentationCells: [String] {
    [
      name, group.rawValue, "\(summary): \(formula)",
      "\(unit), \(Self.bound(range.lowerBound)) to \(Self.bound(range.upperBound)), "
        + (higherIsBetter ? "↑" : "↓"), reference,
    ]
  }

  /// The row as Markdown, the name as code.
  public var documentationRow: String {
    let cells = documentationCells.enumerated().map { place, cell in
      place == 0 ? "`\(cell)`" : Self.escaped(cell)
    }
    return "| " + cells.joined(separator: " | ") + " |"
  }

  private static func escaped(_ text: String) -> String {
    var out = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "|", "*", "_", "[", "]", "<", ">", "\\", "`", "~", "$":
        out += "\\"
        out.unicodeScalars.append(scalar)
      default: out.unicodeScalars.append(scalar)
      }
    }
    return out
  }

  /// `0`, `100`, `-infinity`: an end of a range.
  public static func bound(_ value: Double) -> String {
    if value.isInfinite { return value < 0 ? "-infinity" : "infinity" }
    return value == value.rounded() && abs(value) < 1e15 ? String(Int(value)) : value.description
  }
}
