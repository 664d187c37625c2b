internal import Metrics
internal import Reports

extension PairedEvidence {
  /// `McNemar`, `paired bootstrap`, `randomisation`: for sentences.
  var shortMethod: String {
    isExact ? "McNemar's test" : isRandomised ? "randomisation" : "paired bootstrap"
  }
}

/// Numbers of gates in sentences.
enum GateNumber {
  static func text(_ value: Double, _ unit: String) -> String {
    switch unit {
    case "percent": NumberFormat.fixed(value, 2)
    case "ratio": NumberFormat.fixed(value, 4)
    default: NumberFormat.significant(value, 5)
    }
  }

  static func signed(_ value: Double, _ unit: String) -> String {
    (value > 0 ? "+" : "") + text(value, unit)
  }

  /// `= 0.012` or `< 0.001`.
  static func p(_ value: Double) -> String {
    value < 0.001 ? "< 0.001" : "= " + NumberFormat.fixed(value, 3)
  }
}
